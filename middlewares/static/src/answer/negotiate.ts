/**
 * The choice among a file's forms (RFC 9110, section 12.5.3).
 *
 * @module
 */
import { parseAcceptEncoding, type AcceptEncoding } from '@outerware/core/headers'
import type { Entry, Form } from '../entry.ts'

/**
 * Chooses a form: what the client wants most, then the smallest. Where nothing is acceptable, the plain form is sent,
 * as if the field were not there (12.4.1).
 *
 * @returns `undefined` if the file is not there any more
 */
export function choose(entry: Entry, headers: Headers): Form | undefined {
  const { forms } = entry
  if (forms.length <= 1) return forms[0]
  const accepted = read(headers.get('accept-encoding') ?? '')
  let best: Form | undefined
  let most = 0
  for (const form of forms) {
    const quality = accepted.quality(form.coding)
    if (quality > most) [best, most] = [form, quality]
  }
  return best ?? entry.identity
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
