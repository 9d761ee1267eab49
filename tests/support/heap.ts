import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let gc: (() => void) | undefined

/** Asked for when it is needed: this file is loaded by runtimes without V8, too. */
function exposedGc(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}

/** Bytes of the heap that are in use once all that can go is gone. */
function heapUsed(): number {
  gc ??= exposedGc()
  gc()
  gc()
  return process.memoryUsage().heapUsed
}

/** What is asked again and again, if the first of the measures is not good enough. */
const ROUNDS = 5

/**
 * By how many bytes a task makes the heap grow. A leak grows in each round of it; what the compiler and the test runner
 * do beside it does not: so a round that leaves less than `enough` says all, else the least of five does.
 */
export async function growth(enough: number, task: (round: number) => unknown): Promise<number> {
  let least = Infinity
  for (let round = 0; round < ROUNDS && least >= enough; round++) {
    const before = heapUsed()
    await task(round)
    least = Math.min(least, heapUsed() - before)
  }
  return least
}
