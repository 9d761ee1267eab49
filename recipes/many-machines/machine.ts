/**
 * One machine: what you would start on each. All that it needs is in its environment.
 *
 * @module
 */
import { serve } from '@outerware/core/node'
import { redisStore } from '@outerware/oauth2/redis'
import { createClient } from 'redis'
import { watchSite } from './app.ts'

const { MACHINE = '1', HOST = '127.0.0.1', REDIS_URL = 'redis://127.0.0.1:6379' } = process.env

const redis = createClient({ url: REDIS_URL })
redis.on('error', (error: Error) => console.error(`machine ${MACHINE}: Redis: ${error.message}`))
await redis.connect()

const site = watchSite({
  machine: MACHINE,
  baseURL: wanted('BASE_URL'),
  issuer: wanted('ISSUER'),
  clientId: wanted('CLIENT_ID'),
  clientSecret: wanted('CLIENT_SECRET'),
  secret: wanted('SESSION_SECRET'),
  store: redisStore(redis, { prefix: 'watch:' }),
})
await serve(site, { hostname: HOST })
console.log(`machine ${MACHINE} is there, pid ${process.pid}`)
// For whoever has started it, and waits.
process.send?.('ready')

function wanted(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} must be set, and be the same on all machines`)
  return value
}
