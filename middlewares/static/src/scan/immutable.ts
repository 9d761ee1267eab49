/**
 * Which URLs mean the same bytes for ever.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import type { Settings } from '../settings.ts'
import { buildDirectoryOf } from './build-directory.ts'
import { addsHash, looksHashed, mayBeHashed } from './hash-name.ts'
import type { Manifests } from './manifests.ts'

/** What a decision is made of. */
export interface Candidate {
  readonly name: string
  /** Path from the root, with `/` between names. */
  readonly relative: string
  /** Path of the URL, encoded. */
  readonly url: string
  /** Path on the disk. */
  readonly path: string
  readonly type: string
  /** Whether all names in its directory are made in one way, as those of a bundler are. */
  readonly areAlike: boolean
}

/** Decides once for each file, as `immutable` of the options says. */
export function isImmutable(
  file: Candidate,
  manifests: Manifests,
  { immutable }: Pick<Settings, 'immutable'>,
): boolean {
  if (typeof immutable === 'function') return decided(immutable(file.url, file.path))
  if (immutable instanceof RegExp) return searches(immutable, file.url)
  // A page is what people come back to; if it were kept for a year, so would all that it links to.
  if (immutable === false || /^(?:text\/html|application\/xhtml\+xml)/.test(file.type)) return false
  return immutable === true || isOfBuild(file, manifests)
}

/** Tells whether a tool has built a file under a name that other bytes would not have got, whatever the options say. */
export function isOfBuild(file: Candidate, manifests: Manifests): boolean {
  const { name, url, areAlike } = file
  if (isProven(file, manifests) || looksHashed(name) || buildDirectoryOf(url) !== undefined) return true
  return areAlike && mayBeHashed(name)
}

function isProven({ name, relative, url }: Candidate, manifests: Manifests): boolean {
  const output = manifests.outputOf(url) ?? manifests.outputOf(relative)
  if (output !== undefined && (output.immutable === true || addsHash(name, output.source))) return true
  return manifests.knownOf(relative)?.immutable === true
}

/** A promise would count as true, and keep all files in caches for a year. */
function decided(answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer
  throw new OptionError('staticFiles.immutable(…)', 'true or false', answer)
}

/** A sticky or global RegExp remembers where it was: it is made to forget. */
function searches(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0
  return pattern.test(text)
}
