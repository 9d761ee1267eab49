/**
 * What a page shows, held against what there is.
 *
 * It is the same letter by letter, but that `…` stands for whatever is on the rest of that line, or in its place
 * within a line, and on a line of its own for any number of lines. Two things are not compared, since they are other
 * ones elsewhere and yet are worth showing: the text of a weak entity tag, which is made of dates, and the length of
 * what is coded, which depends on the version of the codec.
 */

/** Tells whether a line is as it is shown. */
export function isShown(shown: string, real: string): boolean {
  const parts = masked(shown).split('…').map(literally)
  return new RegExp(`^${parts.join('.*')}$`).test(masked(real))
}

/** Tells whether lines are as they are shown, one below the other. */
export function areShown(shown: readonly string[], real: readonly string[]): boolean {
  const [line, ...rest] = shown
  if (line === undefined) return real.length === 0
  if (line.trim() === '…') return real.some((_, i) => areShown(rest, real.slice(i))) || areShown(rest, [])
  return real[0] !== undefined && isShown(line, real[0]) && areShown(rest, real.slice(1))
}

/** Fields that are shown of a head and are not there so: it may have more, in any order. */
export function missingOf(shown: readonly string[], head: readonly string[]): string[] {
  const isCoded = shown.some((line) => /^content-encoding:/i.test(line))
  const without = (line: string): string => (isCoded ? line.replace(/^(content-length: )\d+$/i, '$1<length>') : line)
  return shown.filter((line) => !head.some((real) => isShown(without(line), without(real))))
}

function masked(line: string): string {
  return line.replace(/^(etag: W\/)"[^"]+"$/i, '$1<tag>')
}

function literally(text: string): string {
  return text.replaceAll(/[()[\]{}.+*?^$|\\]/g, String.raw`\$&`)
}
