/**
 * The part of a text that shows why it was found.
 *
 * @module
 */
const length = 160

/**
 * Cuts out what is around the first of some words, and tells the words from what is between them.
 *
 * @param {string} text
 * @param {readonly string[]} terms in lower case
 * @returns {{ text: string, isMatch: boolean }[]}
 */
export function excerpt(text, terms) {
  const words = new RegExp(
    `(${terms.map((term) => term.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)).join('|')})`,
    'i',
  )
  const first = Math.max(0, text.search(words))
  const start = first < length / 2 ? 0 : text.indexOf(' ', first - length / 2) + 1
  const end = start + length < text.length ? text.lastIndexOf(' ', start + length) : text.length
  const cut = `${start > 0 ? '… ' : ''}${text.slice(start, end)}${end < text.length ? ' …' : ''}`
  // What a group has caught is kept by split(): every other part is a match.
  return cut.split(words).map((text, at) => ({ text, isMatch: at % 2 === 1 }))
}
