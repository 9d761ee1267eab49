/**
 * Does a name hold a hash of the content? A wrong yes keeps an old file in caches for a year, a wrong no costs a
 * revalidation, so what may be a word, a number, a date or a version is no hash.
 *
 *     app-DfX2k9aB.js      Rollup, Vite: 8 of base64url      app-5LWHWKVS.js   esbuild, Angular: 8 of base32
 *     main.55e7cbb9ba48.js webpack, Django: 8 to 64 of hex   main.3f2a91bc.chunk.js   webpack's parts
 *
 * @module
 */

/**
 * Tells whether a file's name can only be a hashed one: a token of at least 8 characters before the extension, after
 * `.`, `-` or `_`, that is
 *
 * 1. hexadecimal, with digits and letters that take turns more than once, up to 64 characters;
 * 2. capitals and 2 to 7, eight of them, as base32 has it, with both, and not just a number behind a word;
 * 3. of base64url, with a digit, and changing between capitals, small letters and digits as only chance does.
 */
export function looksHashed(name: string): boolean {
  return tokensOf(stemOf(name)).some(looksLikeHash)
}

/**
 * Tells whether a name may hold a hash, where a wrong yes does no harm: the token may be anything but a word or a date.
 */
export function mayBeHashed(name: string): boolean {
  return tokensOf(stemOf(name)).some(isNoWord)
}

/**
 * Tells whether a bundler's output has a hash in its name that its source has not.
 *
 * @param name of the output
 * @param source its name without a hash and extension, if it is known
 */
export function addsHash(name: string, source: string | undefined): boolean {
  if (looksHashed(name)) return true
  const stem = stemOf(name)
  if (source === undefined || !stem.startsWith(source)) return false
  const added = /^[-._]([\w-]{8,})$/.exec(stem.slice(source.length))?.[1]
  return added !== undefined && isNoWord(added)
}

/**
 * Gives where in a name its hash stands, if it can have one.
 *
 * @returns its start, and the end behind it
 */
export function hashSpan(name: string): readonly [start: number, end: number] | undefined {
  const stem = stemOf(name)
  const tokens = tokensOf(stem)
  const token = tokens.find((one) => looksLikeHash(one)) ?? tokens.find((one) => isNoWord(one))
  return token === undefined ? undefined : [stem.length - token.length, stem.length]
}

/** The name without its extension, and without what bundlers put between the hash and it. */
function stemOf(name: string): string {
  return name
    .replace(/\.map$/, '')
    .replace(/\.[^.]*$/, '')
    .replace(/\.(?:chunk|min|bundle|module)$/, '')
}

function looksLikeHash(token: string): boolean {
  return isHex(token) || isBase32(token) || isMixed(token)
}

/** What may be a hash: all after the last separator; and the last eight, since base64url has `-` and `_` itself. */
function tokensOf(stem: string): string[] {
  if (uuid.test(stem)) return []
  const last = /[-._]([0-9A-Za-z]{8,64})$/.exec(stem)?.[1]
  const eight = /[-._]([\w-]{8})$/.exec(stem)?.[1]
  return [last, eight].filter((token) => token !== undefined)
}

/** Names that stand for a thing, not for its bytes. */
const uuid = /(?:^|[^0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function isHex(token: string): boolean {
  return /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(token) && /\d/.test(token) && /[a-f]/i.test(token) && runsOf(token).length > 2
}

function isBase32(token: string): boolean {
  return /^[A-Z2-7]{8}$/.test(token) && /\d/.test(token) && /[A-Z]/.test(token) && !/^[A-Z]+\d+$/.test(token)
}

/** Changes of kind are counted: 8 characters of chance have four or five, `iphone14` has one, `1920x1080` two. */
function isMixed(token: string): boolean {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(token)).length
  if (kinds < 2 || !/\d/.test(token) || hasYear(token) || isMadeOfWords(token)) return false
  const changes = runsOf(token).length - 1
  return changes >= (kinds === 3 ? 3 : 4) && changes >= Math.floor(token.length / 2) - 1
}

/** `Part1of2`, `iPad9Pro`, `Part-1-B`: numbers, letters that stand alone, and words of two letters or more. */
function isMadeOfWords(token: string): boolean {
  return token.split(/[-_]+/).every((part) => {
    const words = part.replace(/^[a-z](?=[A-Z][a-z])/, '').match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? []
    return words.every((word) => word === part || word.length > 1 || /\d/.test(word))
  })
}

/** `2024Q1v2`. */
function hasYear(token: string): boolean {
  return /(?:^|\D)(?:19|20)\d\d(?:\D|$)/.test(token)
}

/** Runs of one kind: capitals, small letters, digits, separators. */
function runsOf(token: string): readonly string[] {
  return token.match(/[a-z]+|[A-Z]+|\d+|[-_]+/g) ?? []
}

/** Not `component`, `my-Component`, `20240102`. Linear, for it reads what clients send. */
function isNoWord(token: string): boolean {
  const isDate = /^(?:19|20)\d\d[-_]?(?:0[1-9]|1[0-2])[-_]?(?:0[1-9]|[12]\d|3[01])(?!\d{12})/.test(token)
  return !isDate && !isOfWords(token)
}

/** One hash of base64url in four has no digit: `CdxKthtZ` has a capital that begins no word, and one with no vowel. */
function isOfWords(token: string): boolean {
  if (/\d/.test(token)) return false
  const words = token.match(/[A-Z]?[a-z]+|[A-Z]/g) ?? []
  return words.every((word) => (word.length < 3 ? !/^[A-Z]$/.test(word) : /[aeiouy]/i.test(word)))
}
