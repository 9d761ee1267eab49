/**
 * Conditional requests (RFC 9110, section 13).
 *
 * @module
 */
import { matchesStrongly, matchesWeakly, parseHttpDate } from '@outerware/core/headers'

/** What a client may compare its copy with. */
export interface Validators {
  readonly tag: string | undefined
  /** In ms since 1970, whole seconds. */
  readonly modifiedMs: number | undefined
}

/**
 * Evaluates the preconditions of a GET or HEAD, in the order of section 13.2.2:
 *
 * 1. `If-Match`: 412 unless a tag matches strongly;
 * 2. else `If-Unmodified-Since`: 412 if changed since; ignored without a date of ours, or if it is no date;
 * 3. `If-None-Match`: 304 if a tag matches weakly;
 * 4. else `If-Modified-Since`: 304 unless changed since; ignored as in 2.
 *
 * @returns 200 to go on
 */
export function evaluate(headers: Headers, { tag, modifiedMs }: Validators): 200 | 304 | 412 {
  const match = headers.get('if-match')
  if (match !== null) {
    if (!matchesStrongly(match, tag)) return 412
  } else if (isModifiedSince(headers.get('if-unmodified-since'), modifiedMs) === true) return 412
  const noneMatch = headers.get('if-none-match')
  if (noneMatch !== null) return matchesWeakly(noneMatch, tag) ? 304 : 200
  return isModifiedSince(headers.get('if-modified-since'), modifiedMs) === false ? 304 : 200
}

/**
 * Tells whether a Range counts (section 13.1.5): without `If-Range`, or if that names the very bytes: a strong tag or
 * the exact date.
 */
export function rangeCounts(headers: Headers, { tag, modifiedMs }: Validators): boolean {
  const field = headers.get('if-range')?.trim()
  if (field === undefined) return true
  if (field.startsWith('"')) return field === tag
  return modifiedMs !== undefined && parseHttpDate(field) === modifiedMs
}

/** `undefined` if there is nothing to compare. */
function isModifiedSince(field: string | null, modifiedMs: number | undefined): boolean | undefined {
  if (field === null || modifiedMs === undefined) return undefined
  const date = parseHttpDate(field)
  return date === undefined ? undefined : modifiedMs > date
}
