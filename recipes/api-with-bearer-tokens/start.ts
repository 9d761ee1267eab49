/**
 * Starts the API on this machine, with an issuer of its own, unless `ISSUER` names one.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { serve } from '@outerware/core/node'
import { lampAPI } from './app.ts'
import { tryoutIssuer } from './tryout-issuer.ts'

const { PORT = '3000', PROVIDER_PORT = '4000', ISSUER, CLIENT_ID = 'site', CLIENT_SECRET = random() } = process.env
const baseURL = process.env['BASE_URL'] ?? `http://localhost:${PORT}`
const issuer = ISSUER ?? `http://127.0.0.1:${PROVIDER_PORT}`
const here = { hostname: '127.0.0.1', stopTimeoutMs: 2000 }

if (ISSUER === undefined) {
  const client = { id: CLIENT_ID, secret: CLIENT_SECRET, baseURL }
  await serve(await tryoutIssuer(issuer, client), { ...here, port: Number(PROVIDER_PORT) })
}
const secret = process.env['SESSION_SECRET'] ?? random()
await serve(lampAPI({ baseURL, issuer, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, secret }), here)
console.log(`The lamp is at ${baseURL}/lamp, its tokens come from ${issuer}/token`)

function random(): string {
  return randomBytes(32).toString('base64url')
}
