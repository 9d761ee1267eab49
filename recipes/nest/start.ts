/**
 * Starts the site on this machine. A stop lets requests finish, and then Nest.
 *
 * @module
 */
import { serve } from '@outerware/core/node'
import { harbourSite } from './app.ts'

const { site, close } = await harbourSite()
const running = await serve(site, { hostname: '127.0.0.1', signals: false, stopTimeoutMs: 2000 })
console.log(`The harbour is open: ${running.url}/berths`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void running.stop().then(close))
}
