/**
 * Starts nginx, the gate, a provider, and an upstream that says who it takes you for.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@outerware/core/node'
import { forwardGate } from './app.ts'
import { tryoutProvider } from './provider.ts'
import { startNginx } from './proxy.ts'

const { PORT = '3000', PROVIDER_PORT = '4000' } = process.env
const here = { hostname: '127.0.0.1', signals: false, stopTimeoutMs: 2000 } as const
const baseURL = `http://localhost:${PORT}`
const issuer = `http://127.0.0.1:${PROVIDER_PORT}`
const client = { id: 'gate', secret: random(), baseURL }

const upstream = createServer(
  (req, res) => void res.end(`Behind the gate you are ${String(req.headers['x-forwarded-user'])}.\n`),
)
await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
const { port: UPSTREAM } = upstream.address() as AddressInfo // oxlint-disable-line no-unsafe-type-assertion -- it listens

const provider = await serve(await tryoutProvider(issuer, client), { ...here, port: Number(PROVIDER_PORT) })
const options = { baseURL, issuer, clientId: client.id, clientSecret: client.secret, secret: random() }
const gate = await serve(forwardGate(options), { ...here, port: 0 })
const stopNginx = await startNginx({ PORT: Number(PORT), GATE: gate.port, UPSTREAM })
console.log(`nginx is at ${baseURL}\nSign in by any name, with any password.`)

async function stop(): Promise<void> {
  await stopNginx()
  upstream.close()
  await Promise.all([gate.stop(), provider.stop()])
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())

function random(): string {
  return randomBytes(32).toString('base64url')
}
