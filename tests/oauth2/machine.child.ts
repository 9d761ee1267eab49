import { serve } from '@outerware/core/node'
import { oidc } from '@outerware/oauth2'
import { redisStore } from '@outerware/oauth2/redis'
import { createClient } from 'redis'

// One machine of several, in a process of its own: sessions are in cookies, one Redis coordinates what is refreshed.
const [options = '{}', redis = ''] = process.argv.slice(2)
const client = await createClient({ url: redis }).on('error', console.error).connect()

const gate = oidc({ ...JSON.parse(options), refresh: { coordinator: redisStore(client) } })
const app = gate(async (_request, { auth }) => Response.json({ token: await auth.accessToken(), machine: process.pid }))
const { url } = await serve(app, { port: 0, hostname: '127.0.0.1' })
process.stdout.write(`${url}\n`)
