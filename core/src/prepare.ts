/**
 * Header fields that many responses begin with, checked once.
 *
 * @module
 */
import { checkField } from './own/headers.ts'

/** Fields in the order and case they were given in; see {@link prepareHeaders}. */
export class PreparedHeaders implements Iterable<readonly [string, string]> {
  /** Name, value, name, value. */
  readonly list: readonly string[]
  /** The same in the form of the host, which makes it when it first sends them. */
  hosted: unknown = undefined

  constructor(list: readonly string[]) {
    this.list = list
  }

  *[Symbol.iterator](): Generator<readonly [string, string]> {
    for (let i = 0; i < this.list.length; i += 2) yield [this.list[i]!, this.list[i + 1]!]
  }
}

/**
 * Checks header fields once, so that `respond()` need not check them for each response.
 *
 * Every response gets a list of its own: what a wrapper further out changes is not seen by the next one.
 *
 * @throws TypeError for a field that HTTP does not allow
 * @example
 * const headers = prepareHeaders([['content-type', 'text/css'], ['cache-control', 'max-age=60']])
 * const app = () => respond(css, { headers })
 */
export function prepareHeaders(fields: Iterable<readonly [string, string]>): PreparedHeaders {
  const list: string[] = []
  for (const [name, value] of fields) list.push(name, checkField(name, value))
  return new PreparedHeaders(list)
}
