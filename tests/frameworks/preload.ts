/**
 * `node --require` this file, with `OUTERWARE_WRAPPING` in the environment: see {@link wrappings}. Child processes
 * inherit both. At its end a process adds the number of exchanges it has wrapped to the file `OUTERWARE_COUNT`.
 *
 * @module
 */
import { appendFileSync } from 'node:fs'
import { wrapServers } from './onion.ts'
import { wrapperOf } from './wrappings.ts'

let exchanges = 0
wrapServers(wrapperOf(process.env['OUTERWARE_WRAPPING'] ?? ''), () => (exchanges += 1))

const counts = process.env['OUTERWARE_COUNT']
process.once('exit', () => {
  if (counts !== undefined && exchanges > 0) appendFileSync(counts, `${exchanges}\n`)
})
