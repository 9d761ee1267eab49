/**
 * npm run bench [-- part of a title …] [--seconds 2] [--rounds 3]
 *
 * Every figure is a ratio to the baseline of the same run: medians over rounds in which each server is taken in turn.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { wrongWith } from './alike.ts'
import { hasWrk, measure, start, stop, type Sample, type Target } from './measure.ts'
import { suites, type Suite } from './suites.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '2' }, rounds: { type: 'string', default: '3' } },
})
const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const wanted = suites.filter(({ title }) =>
  positionals.every((part) => title.toLowerCase().includes(part.toLowerCase())),
)

const [cpu] = cpus()
console.log(
  `Node ${process.version}, ${cpus().length} x ${cpu?.model.trim()}, load by ${hasWrk ? 'wrk' : 'autocannon'}`,
)
console.log(`${rounds} rounds of ${seconds} s in turn; medians; 1.00 is the baseline, more is better\n`)
for (const suite of wanted) await run(suite)

async function run(suite: Suite): Promise<void> {
  const running: Target[] = []
  try {
    for (const name of [suite.baseline, ...suite.servers.map((server) => server.name)]) {
      const started = await start(name)
      if (typeof started === 'string') console.log(`${name} is left out: it needs ${started}`)
      else running.push(started)
    }
    const targets = await alike(suite, running)
    for (const target of targets) measure(target, suite, 1)
    const samples = new Map<string, Sample[]>(targets.map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const target of targets) samples.get(target.name)!.push(measure(target, suite, seconds))
    }
    report(suite, samples)
  } finally {
    await Promise.all(running.map(stop))
  }
}

/** Those that do the work; the first is the baseline. */
async function alike(suite: Suite, running: readonly Target[]): Promise<readonly Target[]> {
  const [base] = running
  if (suite.coding === undefined || base === undefined) return running
  const targets = [base]
  for (const target of running.slice(1)) {
    const wrong = await wrongWith(target, base, suite, suite.coding)
    if (wrong === undefined) targets.push(target)
    else console.log(`${target.name} is left out: ${wrong}`)
  }
  return targets
}

function report(suite: Suite, samples: Map<string, Sample[]>): void {
  const base = samples.get(suite.baseline)!
  const width = Math.max(...[...samples.keys()].map((name) => name.length))
  console.log(suite.title)
  console.log(`  ${''.padEnd(width)}      req/s   ratio   µs CPU   ratio   floor`)
  for (const [name, own] of samples) {
    const throughput = median(own.map((sample) => sample.throughput))
    const cpuTime = median(own.map((sample) => sample.cpu))
    // Round by round, so that a drift of the machine's speed falls out.
    const ratio = median(own.map((sample, i) => sample.throughput / base[i]!.throughput))
    const cpuRatio = median(own.map((sample, i) => base[i]!.cpu / sample.cpu))
    const floor = suite.servers.find((server) => server.name === name)?.floor
    const verdict = floor === undefined ? '' : `${floor.toFixed(2)} ${cpuRatio >= floor ? 'held' : 'MISSED'}`
    const columns = [
      throughput.toFixed(0).padStart(9),
      ratio.toFixed(2).padStart(7),
      cpuTime.toFixed(1).padStart(8),
      cpuRatio.toFixed(2).padStart(7),
    ]
    console.log(`  ${name.padEnd(width)}  ${columns.join(' ')}   ${verdict}`)
  }
  console.log()
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
