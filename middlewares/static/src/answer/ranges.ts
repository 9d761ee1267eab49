/**
 * The ranges that an answer has (RFC 9110, sections 14.2 and 15.3.7).
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { contentRange, parseRange, type ByteRange } from '@outerware/core/headers'

/** More are not even merged: sorting them would cost more than they are worth. */
const MOST_ASKED = 256

/**
 * Reads what a Range field asks of a form.
 *
 * Ranges that overlap or touch become one, which stands where its first part was asked for.
 *
 * @returns disjoint ranges; none for a 416; `undefined` if the whole form is to be sent, which is also the answer to
 *   more ranges than `max`, and to any range of an empty form
 */
export function rangesOf(field: string, size: number, max: number): ByteRange[] | undefined {
  if (size === 0) return undefined
  const asked = parseRange(field, size)
  if (asked === undefined || asked.length <= 1) return asked
  if (asked.length > Math.max(MOST_ASKED, max)) return undefined
  const merged = merge(asked)
  return merged.length > max ? undefined : merged
}

function merge(asked: readonly ByteRange[]): ByteRange[] {
  const sorted = asked.map(({ start, end }, at) => ({ start, end, at })).sort((a, b) => a.start - b.start)
  const merged: (typeof sorted)[number][] = []
  for (const range of sorted) {
    const last = merged.at(-1)
    if (last === undefined || range.start > last.end + 1) merged.push(range)
    else {
      last.end = Math.max(last.end, range.end)
      last.at = Math.min(last.at, range.at)
    }
  }
  return merged.sort((a, b) => a.at - b.at).map(({ start, end }) => ({ start, end }))
}

/** A body in pieces: bytes to be sent as they are, and ranges of the form. */
export interface Multipart {
  readonly type: string
  readonly length: number
  readonly pieces: readonly (Uint8Array | ByteRange)[]
}

/**
 * Makes a `multipart/byteranges` body (section 14.6).
 *
 * @param type of each part; none if the whole would be sent without
 * @param size of the whole form, in bytes
 */
export function multipart(ranges: readonly ByteRange[], type: string | undefined, size: number): Multipart {
  // Random, so that no file can hold it by intention.
  const boundary = randomBytes(18).toString('base64url')
  const pieces: (Uint8Array | ByteRange)[] = []
  const typed = type === undefined ? '' : `content-type: ${type}\r\n`
  let length = 0
  const add = (text: string): void => {
    const bytes = Buffer.from(text, 'latin1')
    length += bytes.byteLength
    pieces.push(bytes)
  }
  for (const [i, range] of ranges.entries()) {
    const open = `${i === 0 ? '' : '\r\n'}--${boundary}\r\n`
    add(`${open}${typed}content-range: ${contentRange(range, size)}\r\n\r\n`)
    pieces.push(range)
    length += range.end - range.start + 1
  }
  add(`\r\n--${boundary}--\r\n`)
  return { type: `multipart/byteranges; boundary=${boundary}`, length, pieces }
}
