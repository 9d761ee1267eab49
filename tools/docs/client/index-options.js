/**
 * How words are told apart: the same when the index is made and when it is asked.
 *
 * @module
 */

/** @type {import('minisearch').Options} */
export const indexOptions = {
  fields: ['title', 'page', 'text'],
  storeFields: ['title', 'page', 'text'],
  processTerm: wordsIn,
}

/** `staticFiles` is found as it is, and by `files`. */
function wordsIn(term) {
  const parts = term.split(/(?<=[a-z\d])(?=[A-Z])/)
  return (parts.length > 1 ? [term, ...parts] : parts).map((part) => part.toLowerCase())
}
