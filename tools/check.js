/**
 * All that must hold, one step after the other: `npm run check`. A step that fails stops no other, so that one run
 * tells everything.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

// In CI the other runtimes are fetched; elsewhere those are asked that are there.
const runtimes = process.env.CI === 'true' ? 'test:runtimes -- --install' : 'test:runtimes'
// These tell the tally what became of each test; the other steps are counted as one each.
const counted = ['test', 'test:dist', 'test:newer-node']
// One worker would be this process, which is never begun anew; and each of many has browsers and servers beside it.
const workers = `--maxWorkers=${Math.min(Math.max(availableParallelism(), 2), 4)}`
const tests = [`test -- ${workers}`, `test:dist -- ${workers}`]
const steps = ['lint', 'build', ...tests, runtimes, 'test:newer-node', 'pack:check', 'docs']

const results = steps.map((step) => {
  const start = performance.now()
  const { status } = spawnSync(`npm run ${step}`, { shell: true, stdio: 'inherit' })
  return { step, failed: status !== 0, seconds: (performance.now() - start) / 1000 }
})

console.log()
for (const { step, failed, seconds } of results) {
  console.log(`${failed ? 'failed' : 'passed'}  ${step.padEnd(27)}  ${seconds.toFixed(1).padStart(6)} s`)
}

const failures = results.filter(({ failed }) => failed)
process.exitCode = failures.length === 0 ? 0 : 1

const { TALLY } = process.env
for (const { step } of failures) {
  if (TALLY !== undefined && !counted.includes(step.split(' ', 1)[0]))
    appendFileSync(TALLY, `failed\t${step}\tnpm run ${step}\n`)
}
