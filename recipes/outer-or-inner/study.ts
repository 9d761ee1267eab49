/**
 * Starts fourteen servers, asks them, measures what a request costs, and stops them again.
 *
 * @module
 */
import type { App } from '@outerware/core'
import { serve, toNode } from '@outerware/core/node'
import { apps } from './apps.ts'
import { requestNumbers } from './concern.ts'
import { measure, type Effort } from './cost.ts'
import { probe, questions, type Finding } from './probe.ts'
import { inside, outside, without } from './stacks.ts'

/** What has been found out. */
export interface Study {
  readonly at: Date
  /** The columns: outside, and inside each framework, by hooks and by its own means. */
  readonly places: readonly { readonly kind: 'outside' | 'hooks' | 'own'; readonly framework: string }[]
  /** The rows: for each question what came back in each of the places. */
  readonly coverage: readonly { readonly question: string; readonly findings: readonly Finding[] }[]
  /** What each place could write down of one request for a page. */
  readonly lines: { readonly outside: string; readonly inside: string }
  /** Unit: microseconds of processor time for one request. */
  readonly costs: readonly { readonly framework: string; readonly place: Place; readonly microseconds: number }[]
}

export type Place = 'without' | 'outside' | 'inside'

/** Two or three seconds of work: with a shorter warm-up it is the compiler that is measured. */
export const usual: Effort = { warmUp: 3000, rounds: 11, requests: 400 }

/** Finds out everything anew. */
export async function study(effort: Effort = usual): Promise<Study> {
  const frameworks = Object.keys(apps)
  const all = Object.values(apps)
  const outer = await Promise.all(all.map((make) => answers((log) => outside(make, requestNumbers(log)))))
  const inner = await Promise.all(all.map((make) => answers((log) => inside(make, requestNumbers(log)))))
  // Hooks are what site() has of its own.
  const own = await Promise.all(all.slice(1).map((make) => answers(() => inside(make, 'own'))))
  const columns = [
    { kind: 'outside' as const, framework: 'any of them', findings: together(outer.map(({ findings }) => findings)) },
    ...inner.map(({ findings }, i) => ({ kind: 'hooks' as const, framework: frameworks[i]!, findings })),
    ...own.map(({ findings }, i) => ({ kind: 'own' as const, framework: frameworks[i + 1]!, findings })),
  ]
  return {
    at: new Date(),
    places: columns.map(({ kind, framework }) => ({ kind, framework })),
    coverage: questions.map(({ name }, i) => ({ question: name, findings: columns.map((one) => one.findings[i]!) })),
    lines: { outside: outer[0]?.lines[0] ?? '', inside: inner[0]?.lines[0] ?? '' },
    costs: await costs(effort),
  }
}

interface Answers {
  readonly findings: readonly Finding[]
  readonly lines: readonly string[]
}

/** Starts a server, asks it everything, and stops it again. */
async function answers(make: (log: (line: string) => void) => Promise<App>): Promise<Answers> {
  const lines: string[] = []
  const app = await make((line) => void lines.push(line))
  const quiet = { onError: () => {}, signals: false, stopTimeoutMs: 1000 } as const
  const server = await serve(app, { ...quiet, port: 0, hostname: '127.0.0.1' })
  const findings: Finding[] = []
  for (const question of questions) findings.push(await probe(server.port, question))
  await server.stop()
  return { findings, lines }
}

/** Outside it is the same for all: covered where it is so around each of them. */
function together(all: readonly (readonly Finding[])[]): Finding[] {
  return questions.map((_question, i) => {
    const findings = all.map((one) => one[i]!)
    const [status, other] = new Set(findings.map((finding) => finding.status))
    return { status: other === undefined ? status : undefined, covered: findings.every(({ covered }) => covered) }
  })
}

/** One page, of the app that costs least and of the one that most people have. */
async function costs(effort: Effort): Promise<Study['costs']> {
  const silent = (): void => {}
  const listeners: Record<string, ReturnType<typeof toNode>> = {}
  for (const framework of ['site()', 'Express'] as const) {
    const make = apps[framework]
    listeners[`${framework} without`] = toNode(await without(make))
    listeners[`${framework} outside`] = toNode(await outside(make, requestNumbers(silent)))
    listeners[`${framework} inside`] = toNode(await inside(make, requestNumbers(silent)))
  }
  const measured = await measure(listeners, '/lights/skerry', effort)
  return [...measured].map(([name, microseconds]) => {
    const [framework = '', place] = name.split(' ')
    return { framework, place: place === 'without' || place === 'outside' ? place : 'inside', microseconds }
  })
}
