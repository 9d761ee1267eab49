/**
 * The choice among a file's forms (RFC 9110, section 12.5.3).
 *
 * @module
 */
import { parseAcceptEncoding, parseAvailableDictionary, type AcceptEncoding } from '@outerware/core/headers'
import type { Entry } from '../entry.ts'
import type { Delta, Form } from '../form.ts'

/**
 * Chooses a form: what the client wants most, then the smallest. Where nothing is acceptable, the plain form is sent,
 * as if the field were not there (12.4.1).
 *
 * @returns `undefined` if the file is not there any more
 */
export function choose(entry: Entry, headers: Headers): Form | undefined {
  const { forms, deltas } = entry
  if (deltas.length > 0) return best([...deltasFor(deltas, headers), ...forms], headers) ?? entry.identity
  return forms.length <= 1 ? forms[0] : (best(forms, headers) ?? entry.identity)
}

/**
 * Tells whether ranges may be answered, which are always of the plain form: not for a client that refuses it and takes
 * another (`gzip, identity;q=0`), since Range may be ignored (14.2), but what is not acceptable is not to be sent.
 */
export function takesPlain({ forms }: Entry, headers: Headers): boolean {
  if (forms.length <= 1) return true
  return read(headers.get('accept-encoding') ?? '').quality('identity') > 0 || best(forms, headers) === undefined
}

/** The first of those that are wanted most. */
function best(forms: readonly Form[], headers: Headers): Form | undefined {
  const accepted = read(headers.get('accept-encoding') ?? '')
  let found: Form | undefined
  let most = 0
  for (const form of forms) {
    const quality = accepted.quality(form.coding)
    if (quality > most) [found, most] = [form, quality]
  }
  return found
}

/** The delta for the dictionary that the client has (RFC 9842, section 2.2); it is smaller than all other forms. */
function deltasFor(deltas: readonly Delta[], headers: Headers): readonly Delta[] {
  const available = parseAvailableDictionary(headers.get('available-dictionary'))
  return available === undefined ? [] : deltas.filter(({ dictionary }) => dictionary === available)
}

// Browsers send the same few fields all day: they are read once. Bounded: a hundred fields of at most 128 characters.
const known = new Map<string, AcceptEncoding>()

function read(field: string): AcceptEncoding {
  const before = known.get(field)
  if (before !== undefined) return before
  const accepted = parseAcceptEncoding(field)
  if (field.length > 128) return accepted
  if (known.size >= 100) known.clear()
  known.set(field, accepted)
  return accepted
}
