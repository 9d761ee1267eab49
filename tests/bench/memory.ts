/**
 * npm run bench:memory [-- 10000]
 *
 * What connections cost that idle behind four wrappers, beside the same behind none: at most 5 % more.
 */
import { join } from 'node:path'
import { connectionsAllowed, idleCost } from './idle.ts'

const LIMIT = 1.05
const pairs = [
  ['bare', 'fetch through 4'],
  ['bare', 'node through 4'],
  ['bare', 'node through 10 async'],
  ['express', 'express through 4'],
] as const

const connections = connectionsAllowed(Number(process.argv[2] ?? 10_000))
const measure = (name: string): ReturnType<typeof idleCost> =>
  idleCost(name, connections, [join(import.meta.dirname, 'idle-server.js')])

console.log(`Node ${process.version}, ${connections} connections, each asked once\n`)
console.log(`${''.padEnd(24)} heap, bytes   ratio   resident, bytes   ratio`)
for (const [baseline, name] of pairs) {
  const [base, own] = [await measure(baseline), await measure(name)]
  const ratio = own.heap / base.heap
  const columns = [own.heap.toFixed(0).padStart(11), ratio.toFixed(3).padStart(7)]
  const resident = [own.rss.toFixed(0).padStart(17), (own.rss / base.rss).toFixed(2).padStart(7)]
  console.log(`${name.padEnd(24)} ${[...columns, ...resident].join(' ')}   ${ratio <= LIMIT ? 'held' : 'MISSED'}`)
  if (ratio > LIMIT) process.exitCode = 1
}
