/**
 * Remembers what was worked out for a field value: a site sees the same dozen of them again and again.
 *
 * @module
 */

/** Longer values are worked out each time, so that a client cannot fill the memory with them. */
const LONGEST = 256

/**
 * Makes a function of one text remember its results, up to a bound; when that is reached, it forgets them all.
 *
 * @param most results that are kept
 */
export function memoize<R>(compute: (text: string) => R, most = 128): (text: string) => R {
  const known = new Map<string, R>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const result = compute(text)
    if (text.length > LONGEST) return result
    if (known.size >= most) known.clear()
    known.set(text, result)
    return result
  }
}
