/**
 * Starts the site on this machine, with sources that take their time.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '@outerware/core/node'
import { boardSite } from './app.ts'
import type { Sources } from './board.ts'

const sources: Sources = {
  tides: () => sleep(1500, ['High 04:50, 5.3 m', 'Low 10:59, 0.7 m']),
  ferries: () => sleep(500, ['North pier 12:00', 'North pier 15:25, <weather permitting>']),
  weather: () => sleep(2500).then(() => Promise.reject(new Error('The station does not answer'))),
}
const { url } = await serve(boardSite(sources), { hostname: '127.0.0.1', stopTimeoutMs: 3000 })
console.log(`The board is up: ${url}`)
