/**
 * Starts the site on this machine, with a provider of its own, unless `ISSUER` names one.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { serve } from '@outerware/core/node'
import { notesSite } from './app.ts'
import { tryoutProvider } from './provider.ts'

const { PORT = '3000', PROVIDER_PORT = '4000', ISSUER, CLIENT_ID = 'notes', CLIENT_SECRET = random() } = process.env
const baseURL = process.env['BASE_URL'] ?? `http://localhost:${PORT}`
const issuer = ISSUER ?? `http://127.0.0.1:${PROVIDER_PORT}`
const here = { hostname: '127.0.0.1', stopTimeoutMs: 2000 }

if (ISSUER === undefined) {
  const client = { id: CLIENT_ID, secret: CLIENT_SECRET, baseURL }
  await serve(await tryoutProvider(issuer, client), { ...here, port: Number(PROVIDER_PORT) })
}
const dist = join(import.meta.dirname, 'dist')
const secret = process.env['SESSION_SECRET'] ?? random()
await serve(notesSite({ dist, baseURL, issuer, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, secret }), here)
console.log(`Notes are taken: ${baseURL}\nSign in by any name, with any password.`)

function random(): string {
  return randomBytes(32).toString('base64url')
}
