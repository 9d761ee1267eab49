/**
 * What a client's Accept-Encoding means for the codings at hand (RFC 9110, section 12.5.3).
 *
 * @module
 */
import { parseAcceptEncoding, preferredEncoding } from '@outerware/core/headers'
import type { Codec } from './codec.ts'
import { memoize } from './memo.ts'

/** What a client gets. */
export interface Choice {
  /** `undefined`: the body as it is. */
  readonly codec: Codec | undefined
  /** The client takes a coding but not the bare body (`gzip, identity;q=0`): then even a small body is coded. */
  readonly refusesIdentity: boolean
}

/**
 * Makes the function from an Accept-Encoding field to the coding.
 *
 * Who takes nothing that can be sent, not even identity, gets identity: 12.4.1 allows it in place of a 406, and a
 * body that was not asked for in that form says more than none.
 *
 * @param codecs in the order that decides between equals
 * @param unasked for a request without the field; `undefined` is identity
 */
export function negotiator(codecs: readonly Codec[], unasked: Codec | undefined): (field: string | null) => Choice {
  const names = codecs.map(({ coding }) => coding)
  const withoutField: Choice = { codec: unasked, refusesIdentity: false }
  const choose = memoize((field): Choice => {
    const preferred = preferredEncoding(field, names)
    const codec = codecs.find(({ coding }) => coding === preferred)
    return {
      codec,
      refusesIdentity: codec !== undefined && parseAcceptEncoding(field).quality('identity') === 0,
    }
  })
  return (field) => (field === null ? withoutField : choose(field))
}
