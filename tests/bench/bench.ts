/**
 * npm run bench [-- part of a title …] [--seconds 1] [--rounds 9] [--in-process]
 *
 * `--in-process` leaves out the kernel and the client: see in-process.ts.
 *
 * Every figure is a ratio to the baseline of the same run: medians over rounds in which each server is taken in turn.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { wrongWith } from './alike.ts'
import { benchEvents, EVENTS_TITLE } from './compression-events.ts'
import { loopOf, turn, type Loop } from './in-process.ts'
import { hasWrk, measure, start, stop, type Asked, type Sample, type Target } from './measure.ts'
import { report } from './report.ts'
import { askedAt, askedOf } from './sign-in.ts'
import { benchScan, SCAN_TITLE } from './scan.ts'
import type { Suite } from './suite.ts'
import { suites } from './suites.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    'in-process': { type: 'boolean', default: false },
  },
})
const inProcess = values['in-process']
const seconds = Number(values.seconds)
const rounds = Number(values.rounds ?? (inProcess ? 20 : 9))
const isWanted = (title: string): boolean =>
  positionals.every((part) => title.toLowerCase().includes(part.toLowerCase()))
const wanted = suites.filter(({ title }) => isWanted(title))

const [cpu] = cpus()
const load = inProcess ? 'in process' : `load by ${hasWrk ? 'wrk' : 'autocannon'}`
console.log(`Node ${process.version}, ${cpus().length} x ${cpu?.model.trim()}, ${load}`)
const round = inProcess ? '' : ` of ${seconds} s`
console.log(`${rounds} rounds${round} in turn; medians; 1.00 is the baseline, more is better\n`)
for (const suite of wanted) await (inProcess ? runInProcess(suite) : run(suite))
if (isWanted(SCAN_TITLE)) benchScan(rounds)
if (isWanted(EVENTS_TITLE)) await benchEvents()
if (inProcess) process.exit()

async function run(suite: Suite): Promise<void> {
  const running: Target[] = []
  try {
    for (const name of [suite.baseline, ...suite.servers.map((server) => server.name)]) {
      const started = await start(name)
      if (typeof started === 'string') console.log(`${name} is left out: it needs ${started}`)
      else running.push(started)
    }
    const targets = await alike(suite, running)
    const asked = new Map<Target, Asked>()
    for (const target of targets) asked.set(target, await askedAt(suite, target.port))
    for (const target of targets) measure(target, asked.get(target)!, 1)
    const samples = new Map<string, Sample[]>(targets.map(({ name }) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const target of targets) samples.get(target.name)!.push(measure(target, asked.get(target)!, seconds))
    }
    report(suite, samples, true)
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

async function runInProcess(suite: Suite): Promise<void> {
  const made = await Promise.all([suite.baseline, ...suite.servers.map((server) => server.name)].map(loopOf))
  const loops = made.filter((loop): loop is Loop => loop !== undefined)
  const asked = new Map<Loop, Asked>()
  for (const loop of loops) asked.set(loop, await askedOf(suite, loop.server))
  // Until the code is as quick as it will be.
  for (let round = 0; round < 5; round++) for (const loop of loops) await turn(loop, asked.get(loop)!)
  const samples = new Map<string, Sample[]>(loops.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const loop of loops) samples.get(loop.name)!.push(await turn(loop, asked.get(loop)!))
  }
  report(suite, samples, false)
}
