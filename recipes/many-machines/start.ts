/**
 * Starts it all on this machine: Redis, three machines, nginx, and a provider, unless `ISSUER` names one.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { serve } from '@outerware/core/node'
import { startMachines } from './machines.ts'
import { freePorts, startNginx, startRedis } from './programs.ts'
import { tryoutProvider } from './provider.ts'

const { PORT = '3000', PROVIDER_PORT = '4000', ISSUER, CLIENT_ID = 'watch', CLIENT_SECRET = random() } = process.env
const baseURL = process.env['BASE_URL'] ?? `http://localhost:${PORT}`
const issuer = ISSUER ?? `http://127.0.0.1:${PROVIDER_PORT}`
const here = { hostname: '127.0.0.1', signals: false, stopTimeoutMs: 2000 } as const

const stops: (() => Promise<void>)[] = []
try {
  await start()
} catch (error) {
  await stop()
  throw error
}
console.log(`The watch is kept at ${baseURL}\nSign in by any name, with any password. Then kill a machine, and go on.`)

async function start(): Promise<void> {
  if (ISSUER === undefined) {
    const client = { id: CLIENT_ID, secret: CLIENT_SECRET, baseURL }
    const provider = await serve(await tryoutProvider(issuer, client), { ...here, port: Number(PROVIDER_PORT) })
    stops.push(provider.stop)
  }
  const [redis = 0, ...machines] = await freePorts(4)
  stops.push(await startRedis(redis))
  const common = {
    BASE_URL: baseURL,
    ISSUER: issuer,
    CLIENT_ID,
    CLIENT_SECRET,
    SESSION_SECRET: process.env['SESSION_SECRET'] ?? random(),
    REDIS_URL: `redis://127.0.0.1:${redis}`,
  }
  stops.push(await startMachines(machines, common))
  stops.push(await startNginx(Number(PORT), machines))
}

async function stop(): Promise<void> {
  for (const stopOne of stops.splice(0).toReversed()) await stopOne()
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())

function random(): string {
  return randomBytes(32).toString('base64url')
}
