/** One run of a project's own tests. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Project } from './projects.ts'
import { readVerdicts, type Verdicts } from './verdicts.ts'
import type { WrappingName } from './wrappings.ts'

export interface Run {
  readonly verdicts: Verdicts
  /** Requests and upgrades that went through the onion. */
  readonly exchanges: number
  /** The run did not end, and was cut. */
  readonly late: boolean
}

/** A suite that says nothing for so long hangs, and is cut. Unit: milliseconds. */
const PATIENCE = 120_000

const neighbour = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** @param wrapping `undefined` runs it bare: nothing of ours is loaded but a reporter */
export async function runSuite(project: Project, home: string, wrapping?: WrappingName): Promise<Run> {
  const notes = mkdtempSync(join(tmpdir(), 'outerware-frameworks-'))
  const [said, counts] = [join(notes, 'verdicts'), join(notes, 'counts')]
  try {
    const late = await ended(home, commandOf(project, home, said), {
      ...process.env,
      OUTERWARE_VERDICTS: said,
      ...(wrapping && {
        // Not by --import: with it Node takes every program for a module at first.
        NODE_OPTIONS: `--require="${neighbour('preload.js')}"`,
        OUTERWARE_WRAPPING: wrapping,
        OUTERWARE_COUNT: counts,
      }),
    })
    return { verdicts: readVerdicts(textOf(said)), exchanges: sumOf(textOf(counts)), late }
  } finally {
    rmSync(notes, { recursive: true })
  }
}

/** The tests' own output may be anything, so verdicts are written to a file. */
function commandOf({ tests }: Project, home: string, said: string): string[] {
  if ('mocha' in tests) {
    const reporter = ['--reporter', neighbour('mocha-reporter.cjs')]
    return [join(home, 'node_modules/.bin/mocha'), ...reporter, '--timeout', '10000', ...tests.mocha]
  }
  const { node, asking = /(?:)/, flags = [] } = tests
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((file) => node.test(file) && asking.test(readFileSync(join(home, file), 'utf8')))
    .sort()
  const reporter = ['--test-reporter', neighbour('node-reporter.js'), '--test-reporter-destination', said]
  // A test that fails may leave its server open.
  return [process.execPath, ...flags, '--test', '--test-timeout=120000', ...reporter, '--test-concurrency=2', ...files]
}

/** @returns whether the suite had to be cut */
async function ended(cwd: string, [file, ...args]: string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  // A group of its own: a suite's children go with it.
  const child = spawn(file!, args, { cwd, env, stdio: 'ignore', detached: true })
  const cut = (): void => void process.kill(-child.pid!, 'SIGKILL')
  process.once('exit', cut)
  const said = String(env['OUTERWARE_VERDICTS'])
  let [size, still, late] = [0, 0, false]
  const timer = setInterval(() => {
    const now = textOf(said).length
    still = now === size ? still + 1 : 0
    size = now
    if (still * 1000 < PATIENCE) return
    late = true
    cut()
  }, 1000)
  await once(child, 'close')
  process.off('exit', cut)
  clearInterval(timer)
  return late
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function sumOf(counts: string): number {
  return counts.split('\n').reduce((sum, line) => sum + Number(line), 0)
}
