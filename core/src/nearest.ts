/**
 * The name that was meant, most likely.
 *
 * @module
 */

/**
 * Finds the name that another one is a slip of: two letters in five may differ, and upper case counts for nothing.
 *
 * @returns `undefined` if none is near
 * @example
 * nearest('maxage', ['dir', 'maxAge']) // 'maxAge'
 */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({
      name,
      share: distance(given.toLowerCase(), name.toLowerCase()) / Math.max(given.length, name.length),
    }))
    .sort((a, b) => a.share - b.share)
  const [first] = ranked
  return first !== undefined && first.share <= 0.4 ? first.name : undefined
}

/** How many letters must be put in, taken out or changed (Levenshtein). */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const line = [row]
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1
      line.push(Math.min(above[column]! + 1, line[column - 1]! + 1, above[column - 1]! + change))
    }
    above = line
  }
  return above.at(-1)!
}
