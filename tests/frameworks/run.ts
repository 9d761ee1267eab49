/**
 * `npm run test:frameworks [-- name …] [--from folder] [--to folder] [--wrapping one …]`
 *
 * Frameworks' and middlewares' own test suites, first bare, then with every server behind wrappers, compared test by
 * test. What passes bare must pass wrapped; what changes its mind is named, and the command fails.
 *
 * @module
 */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { checkout, Unavailable, type Places } from './checkout.ts'
import { compareBareAndWrapped, type Comparison } from './compare.ts'
import { projects, type Project } from './projects.ts'
import { tableOf } from './table.ts'
import { isWrapping, wrapperOf, wrappingNames } from './wrappings.ts'

const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string' },
    to: { type: 'string', default: join(cache, 'outerware-frameworks') },
    wrapping: { type: 'string', multiple: true, default: [...wrappingNames] },
  },
})
for (const name of values.wrapping) wrapperOf(name)
const wrappings = values.wrapping.filter(isWrapping)
const places: Places = { from: values.from && resolve(values.from), to: resolve(values.to) }

// The suite that runs goes with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const comparisons: Comparison[] = []
for (const project of wanted()) {
  const home = fetched(project)
  if (home === undefined) continue
  const comparison = await compareBareAndWrapped(project, home, wrappings, console.log)
  comparisons.push(comparison)
  const failed = comparison.bare.verdicts.size === 0 || comparison.wrapped.some(({ changed }) => changed.length > 0)
  if (failed) process.exitCode = 1
}
console.log(`\nNode ${process.version}\n\n${tableOf(comparisons)}`)

function wanted(): readonly Project[] {
  const unknown = positionals.filter((name) => projects.every((project) => project.name !== name))
  if (unknown.length > 0) throw new Error(`No project ${unknown.join(', ')}; see projects.ts`)
  return projects.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
}

function fetched(project: Project): string | undefined {
  try {
    return checkout(project, places)
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error
    console.log(`${project.name} could not be had: ${error.message}`)
    return undefined
  }
}
