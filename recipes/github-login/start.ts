/**
 * Starts the site on this machine: with GitHub if `CLIENT_ID` and `CLIENT_SECRET` are there, else with a stand-in.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { serve } from '@outerware/core/node'
import { dockSite } from './app.ts'
import { tryoutHub } from './tryout-hub.ts'

const { PORT = '3000', PROVIDER_PORT = '4000', CLIENT_ID, CLIENT_SECRET, GROUPS = 'skerry' } = process.env
const baseURL = process.env['BASE_URL'] ?? `http://localhost:${PORT}`
const here = { hostname: '127.0.0.1', stopTimeoutMs: 2000 }
const random = (): string => randomBytes(32).toString('base64url')
const common = { baseURL, groups: GROUPS.split(','), secret: process.env['SESSION_SECRET'] ?? random() }

if (CLIENT_ID !== undefined && CLIENT_SECRET !== undefined) {
  await serve(dockSite({ ...common, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET }), here)
} else {
  const client = { id: 'dock', secret: random() }
  await serve(tryoutHub(client), { ...here, port: Number(PROVIDER_PORT) })
  const hub = `http://127.0.0.1:${PROVIDER_PORT}`
  await serve(dockSite({ ...common, hub, clientId: client.id, clientSecret: client.secret }), here)
  console.log('Without CLIENT_ID and CLIENT_SECRET, a stand-in for GitHub asks who you are.')
}
console.log(`The dock is open: ${baseURL}`)
