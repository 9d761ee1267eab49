/** A suite bare, and the same suite wrapped: what has changed its mind. */
import type { Project } from './projects.ts'
import { runSuite, type Run } from './suite.ts'
import { changes, passed, type Change } from './verdicts.ts'
import type { WrappingName } from './wrappings.ts'

export interface Comparison {
  readonly project: Project
  readonly bare: Run
  readonly wrapped: readonly Wrapped[]
}

export interface Wrapped {
  readonly wrapping: WrappingName
  readonly run: Run
  /** In two runs out of two, with no excuse. */
  readonly changed: readonly Change[]
  /** In two runs out of two, for a reason that {@link Project} tells. */
  readonly excused: readonly Change[]
  /** In the first run only: such a test is late, or lucky, with no wrapper about. */
  readonly unsteady: readonly Change[]
}

export async function compareBareAndWrapped(
  project: Project,
  home: string,
  wrappings: readonly WrappingName[],
  say: (line: string) => void,
): Promise<Comparison> {
  const bare = await runSuite(project, home)
  say(`${project.name} ${project.tag}: bare ${summary(bare)}`)
  const wrapped: Wrapped[] = []
  for (const wrapping of wrappings) wrapped.push(await compareOne(project, home, bare, wrapping, say))
  return { project, bare, wrapped }
}

async function compareOne(
  project: Project,
  home: string,
  bare: Run,
  wrapping: WrappingName,
  say: (line: string) => void,
): Promise<Wrapped> {
  const run = await runSuite(project, home, wrapping)
  const found = changes(bare.verdicts, run.verdicts)
  const again = found.length === 0 ? [] : await changesAgain(project, home, wrapping)
  const isSteady = ({ name, wrapped }: Change): boolean =>
    again.some((other) => other.name === name && other.wrapped === wrapped)
  const excuse = ({ name }: Change): string | undefined =>
    project.excused?.find((excuse) => excuse.wrappings.includes(wrapping) && excuse.test.test(name))?.reason
  const steady = found.filter(isSteady)
  const unsteady = found.filter((change) => !isSteady(change))
  const changed = steady.filter((change) => excuse(change) === undefined)
  const excused = steady.filter((change) => excuse(change) !== undefined)
  say(`  ${wrapping}: ${summary(run)}, ${run.exchanges} exchanges wrapped`)
  for (const change of changed) say(`    ${lineOf(change)}`)
  for (const change of unsteady) say(`    (once only) ${lineOf(change)}`)
  for (const change of excused) say(`    (excused: ${excuse(change)}) ${lineOf(change)}`)
  return { wrapping, run, changed, excused, unsteady }
}

async function changesAgain(project: Project, home: string, wrapping: WrappingName): Promise<Change[]> {
  const bare = await runSuite(project, home)
  const wrapped = await runSuite(project, home, wrapping)
  return changes(bare.verdicts, wrapped.verdicts)
}

function summary({ verdicts, late }: Run): string {
  return `${passed(verdicts)} of ${verdicts.size} pass${late ? ' (cut: it did not end)' : ''}`
}

function lineOf({ name, bare, wrapped }: Change): string {
  return `${bare ?? 'not run'} → ${wrapped ?? 'not run'}: ${name}`
}
