/**
 * Is a part of a name a hash, or what people write there: a word, a number, a date, a measure, the name of a thing?
 *
 *     DfX2k9aB  base64url: Rollup, Vite      5LWHWKVS  base32: esbuild, Angular      55e7cbb9ba48  hex: all others
 *
 * @module
 */

/** What tools write hashes in; the narrowest that a token may be of. */
export type Alphabet = 'hex' | 'base32' | 'base64url'

export function alphabetOf(token: string): Alphabet {
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(token)) return 'hex'
  return /^[A-Z2-7]{8}$/.test(token) ? 'base32' : 'base64url'
}

/** Tells whether a token can only be a hash: see `looksHashed`. */
export function isHash(token: string): boolean {
  return isHex(token) || isBase32(token) || isMixed(token)
}

/**
 * Tells whether a token may be one, where others that are made in the same way stand beside it: one hash of base64url in
 * four has no digit, one of base32 in five, one of hex in fourteen is letters, then digits.
 *
 * @param orWord also eight capitals that can be said: chance makes such of base32, people seldom
 */
export function mayBeHash(token: string, orWord: boolean): boolean {
  if (isNumber(token) || isDate(token) || hasYear(token)) return false
  const alphabet = alphabetOf(token)
  if (alphabet === 'hex') return !isOfHexWords(token)
  return (alphabet === 'base32' && orWord) || !runsOf(token).every(isSpoken)
}

/**
 * Tells whether a token is no word and no date, where a manifest says that it was added to a name: not `component`,
 * `my-Component`, `20240102`. Linear, as all here, for it reads what clients send.
 */
export function isNoWord(token: string): boolean {
  return !isDate(token) && !isOfWords(token)
}

/** Both digits and letters. In two runs, `abc12345`, a single letter is part of a number: `00012345b`. */
function isHex(token: string): boolean {
  if (alphabetOf(token) !== 'hex' || isNumber(token) || isOfHexWords(token) || isUuid(token)) return false
  if (!/\d/.test(token) || /^(?:[a-f]\d+|\d+[a-f])$/i.test(token)) return false
  return token.length >= LONG || !(isDate(token) || hasYear(token))
}

/** Chance writes years and dates into what is so long, and nobody else does. */
const LONG = 16

function isBase32(token: string): boolean {
  if (alphabetOf(token) !== 'base32' || !/\d/.test(token) || !/[A-Z]/.test(token)) return false
  return !/^[A-Z]+\d+$/.test(token) && !isNamed(token)
}

/**
 * Changes of kind are counted: 8 characters of chance have four or five, `iphone14` has one, `1920x1080` two. What has no
 * small letters is a number of a product, `B07XJ8C8F5`, of an order or a machine.
 */
function isMixed(token: string): boolean {
  if (alphabetOf(token) === 'hex' || !/\d/.test(token) || !/[a-z]/.test(token)) return false
  if (hasYear(token) || isMadeOfWords(token) || isMeasure(token)) return false
  const changes = kindsOf(token).length - 1
  return changes >= (/[A-Z]/.test(token) ? 3 : 4) && changes >= Math.floor(token.length / 2) - 1
}

/** `12345678`, `555-1234`. */
function isNumber(token: string): boolean {
  return /^[\d_-]+$/.test(token)
}

/** `20240102`, `2024-01-02`, and what begins so. */
function isDate(token: string): boolean {
  return /^(?:19|20)\d\d[-_]?(?:0[1-9]|1[0-2])[-_]?(?:0[1-9]|[12]\d|3[01])(?!\d{12})/.test(token)
}

/** `2024Q1v2`, `02Jan2024`. */
function hasYear(token: string): boolean {
  return /(?:^|\D)(?:19|20)\d\d(?:\D|$)/.test(token)
}

/** One of chance (version 4) or of time (7), without its hyphens: it stands for a thing, not for its bytes. */
function isUuid(token: string): boolean {
  return /^[0-9a-f]{12}[47][0-9a-f]{3}[89ab][0-9a-f]{15}$/i.test(token)
}

/** `deadbeef`, `facade12`: all of its letters are English. */
function isOfHexWords(token: string): boolean {
  return token.split(/\d+/).every((letters) => hexWords.test(letters))
}

const hexWords =
  /^(?:abed|accede|aced?|add(?:ed)?|babe|bade?|bead(?:ed)?|bed|beef?|cab|cafe|ceded?|dab|dad|dead|deaf|decade|deed|(?:de|ef)?faced?|ebb|fab|facade|faded?|fad|fed|feed?)*$/i

/** `Part1of2`, `iPad9Pro`, `GalaxyS24`, `Part-1-B`: numbers, letters that stand alone, and words of two letters or more. */
function isMadeOfWords(token: string): boolean {
  return token.split(/[-_]+/).every((part) => {
    const words = runsOf(part.replace(/^[a-z](?=[A-Z][a-z])|(?<=[a-z]{3})[A-Z](?=\d)/, ''))
    return words.every((word) => word === part || word.length > 1 || /\d/.test(word))
  })
}

/** `4k60hdr10`, `win10x64v2`, `s01e02v3`. */
function isMeasure(token: string): boolean {
  return kindsOf(token).every((run) => /^\d/.test(run) || measures.has(run.toLowerCase()))
}

const measures = new Set(
  'e ep s x v r rc p px q k mp hd uhd hdr fps hz khz mhz ghz bit kb mb gb kbps mbps cm mm dpi ml win mac arm amd'.split(
    ' ',
  ),
)

/** `MP4VIDEO`, `360VIEWS`. */
function isNamed(token: string): boolean {
  const runs = runsOf(token)
  return runs.some((run) => run.length > 3) && runs.every((run) => isSpoken(run) || measures.has(run.toLowerCase()))
}

/** `CdxKthtZ` has a capital that begins no word, and a word with no vowel. */
function isOfWords(token: string): boolean {
  if (/\d/.test(token)) return false
  const words = token.match(/[A-Z]?[a-z]+|[A-Z]/g) ?? []
  return words.every((word) => (word.length < 3 ? !/^[A-Z]$/.test(word) : /[aeiouy]/i.test(word)))
}

/** A number, or what can be said: three letters or more, vowels and consonants in turn. */
function isSpoken(run: string): boolean {
  return /^\d/.test(run) || (run.length > 2 && /[aeiouy]/i.test(run) && !unspoken.test(run))
}

const unspoken = /[^aeiouy]{4}|[aeiouy]{3}|q(?!u)|[jvwxz][^aeiouylr]|[^aeiouylmnrs]{3}/i

/** Words, capitals in a row, and numbers. */
function runsOf(token: string): readonly string[] {
  return token.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? []
}

/** Runs of one kind: capitals, small letters, digits, separators. */
function kindsOf(token: string): readonly string[] {
  return token.match(/[a-z]+|[A-Z]+|\d+|[-_]+/g) ?? []
}
