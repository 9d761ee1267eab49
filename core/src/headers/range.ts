/**
 * Byte ranges (RFC 9110, section 14).
 *
 * @module
 */

/** From `start` to `end`, both included, in bytes; `0 <= start <= end < size`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Reads a Range field against a representation of that size.
 *
 * - `undefined`: no range in bytes, or malformed (`bytes=9-5` is): the field is to be ignored, 200;
 * - an empty array: well formed, but none of the ranges can be satisfied: 416;
 * - else the ranges that can be satisfied, cut to the size, in the order they were asked for. They may be many and
 *   overlap: how many are too many is the caller's to say (14.2).
 *
 * The end of an empty representation (`bytes=-5` of nothing) can be satisfied, but no Content-Range can tell it:
 * ignored as well.
 *
 * @param size of the whole representation, in bytes
 * @example
 * parseRange('bytes=-5', 100) // [{ start: 95, end: 99 }]
 */
export function parseRange(field: string, size: number): ByteRange[] | undefined {
  const set = /^[ \t]*bytes=(.*)$/i.exec(field)?.[1]
  if (set === undefined) return undefined
  const ranges: ByteRange[] = []
  let specs = 0
  for (const member of set.split(',')) {
    const text = member.trim()
    if (text === '') continue
    const spec = /^(\d*)-(\d*)$/.exec(text)
    if (spec === null) return undefined
    specs += 1
    const range = resolve(spec[1]!, spec[2]!, size)
    if (range === 'ignore') return undefined
    if (range !== undefined) ranges.push(range)
  }
  return specs === 0 ? undefined : ranges
}

/** `Content-Range` of a part (14.4). */
export function contentRange(range: ByteRange, size: number): string {
  return `bytes ${range.start}-${range.end}/${size}`
}

/** `Content-Range` of a 416 (15.5.17). */
export function unsatisfiedRange(size: number): string {
  return `bytes */${size}`
}

/** One range; `undefined` if it cannot be satisfied. */
function resolve(first: string, last: string, size: number): ByteRange | 'ignore' | undefined {
  if (first === '') {
    if (last === '') return 'ignore'
    const length = Math.min(Number(last), size)
    if (length > 0) return { start: size - length, end: size - 1 }
    return Number(last) === 0 ? undefined : 'ignore'
  }
  // Compared as written: two huge numbers may be the same double.
  if (last !== '' && isLess(last, first)) return 'ignore'
  const start = Number(first)
  if (start >= size) return undefined
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}

function isLess(a: string, b: string): boolean {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
  return x.length === y.length ? x < y : x.length < y.length
}
