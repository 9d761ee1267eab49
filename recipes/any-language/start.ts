/**
 * Starts gunicorn, the gate in front of it, and a provider, unless `ISSUER` names one.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { serve } from '@outerware/core/node'
import { harbourSite } from './app.ts'
import { startGunicorn } from './gunicorn.ts'
import { tryoutProvider } from './provider.ts'

const { PORT = '3000', PROVIDER_PORT = '4000', ISSUER, CLIENT_ID = 'harbour', CLIENT_SECRET = random() } = process.env
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
console.log(`The harbour is at ${baseURL}\nSign in by any name, with any password.`)

async function start(): Promise<void> {
  if (ISSUER === undefined) {
    const client = { id: CLIENT_ID, secret: CLIENT_SECRET, baseURL }
    const provider = await serve(await tryoutProvider(issuer, client), { ...here, port: Number(PROVIDER_PORT) })
    stops.push(provider.stop)
  }
  const gunicorn = await startGunicorn()
  stops.push(gunicorn.stop)
  const secret = process.env['SESSION_SECRET'] ?? random()
  const { socket } = gunicorn
  const options = { socket, baseURL, issuer, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, secret }
  const site = await serve(harbourSite(options), { ...here, port: Number(PORT) })
  stops.push(site.stop)
}

async function stop(): Promise<void> {
  for (const stopOne of stops.splice(0).toReversed()) await stopOne()
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())

function random(): string {
  return randomBytes(32).toString('base64url')
}
