/**
 * Files that could not be compressed.
 *
 * @module
 */

import { printable } from '../printable.ts'

/** One of them. */
export interface Failure {
  /** Path from the directory. */
  readonly path: string
  /** What the system said. */
  readonly error: unknown
}

/** Thrown when all other files are done. Ask for `error.code === 'ERR_COMPRESS'`. */
export class CompressError extends Error {
  override readonly name = 'CompressError'
  readonly code = 'ERR_COMPRESS'
  readonly failures: readonly Failure[]

  constructor(failures: readonly Failure[]) {
    const lines = failures
      .slice(0, 20)
      .map(({ path, error }) => `\n  ${printable(`${path}: ${Object(error).message ?? error}`)}`)
    const rest = failures.length - lines.length
    super(`${failures.length} could not be compressed:${lines.join('')}${rest > 0 ? `\n  and ${rest} more` : ''}`)
    this.failures = failures
  }
}
