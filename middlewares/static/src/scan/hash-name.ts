/**
 * Does a name hold a hash of the content? A wrong yes keeps an old file in caches for a year, a wrong no costs a
 * revalidation, so what may be a word, a number, a date or a version is no hash.
 *
 *     app-DfX2k9aB.js         app-5LWHWKVS.js         main.55e7cbb9ba48.css         main.3f2a91bc.chunk.js
 *
 * @module
 */
import { alphabetOf, isHash, isNoWord, mayBeHash } from './hash-token.ts'

/**
 * Tells whether a file's name can only be a hashed one: a token of at least 8 characters before the extension, after
 * `.`, `-` or `_`, that is
 *
 * 1. hexadecimal, with digits and letters, up to 64 characters: no word (`facade12`), no number with a letter to it, no
 *    UUID;
 * 2. capitals and 2 to 7, eight of them, as base32 has it, with both, and not just a number behind a word;
 * 3. of base64url, with a digit, and changing between capitals, small letters and digits as only chance does.
 *
 * In names of scripts and styles the hash may be all there is: 16 or more of hex, as Next.js has it.
 */
export function looksHashed(name: string): boolean {
  const stem = stemOf(name)
  return (
    tokensOf(stem).some(({ text }) => isHash(text)) || (/\.(?:[cm]?js|css)(?:\.map)?$/.test(name) && isLongHex(stem))
  )
}

/** How a hashed name is made: `-base64url8`. Names that one tool makes have one shape. */
export type HashShape = string

/** Gives the shape of a name that a hash is in. */
export function shapeOf(name: string): HashShape | undefined {
  const token = likeliest(stemOf(name))
  return token && shapeOfToken(token)
}

/** Gives the shapes of which a name may be that is not there, but may have been made as others are: no number, no date. */
export function possibleShapes(name: string): readonly HashShape[] {
  return tokensOf(stemOf(name))
    .filter(({ text }) => mayBeHash(text, true))
    .map(shapeOfToken)
}

/** Tells whether a name may hold a hash, where all others beside it are made as it is: no word, no number, no date. */
export function mayBeHashed(name: string): boolean {
  return tokensOf(stemOf(name)).some(({ text }) => mayBeHash(text, false))
}

/**
 * Tells whether names are all made in one way, as a bundler leaves a directory, and one at least can only be a hashed one.
 * It proves nothing of those that have a word or a number in place of a hash: see {@link mayBeHashed}.
 */
export function areMadeAlike(names: Iterable<string>): boolean {
  let common: readonly string[] | undefined
  let isHashed = false
  for (const name of names) {
    const own = tokensOf(stemOf(name)).map(({ separator, text }) => `${separator}${text.length}`)
    common = common?.filter((one) => own.includes(one)) ?? own
    if (common.length === 0) return false
    isHashed ||= looksHashed(name)
  }
  return isHashed
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
  const token = likeliest(stem)
  return token === undefined ? undefined : [stem.length - token.text.length, stem.length]
}

/** What stands behind the last separator, or behind the one before eight characters. */
interface Token {
  readonly separator: string
  readonly text: string
}

function likeliest(stem: string): Token | undefined {
  const tokens = tokensOf(stem)
  return tokens.find(({ text }) => isHash(text)) ?? tokens.find(({ text }) => isNoWord(text))
}

function shapeOfToken({ separator, text }: Token): HashShape {
  return `${separator}${alphabetOf(text)}${text.length}`
}

/** The name without its extension, and without what tools put between the hash and it. */
function stemOf(name: string): string {
  return name
    .replace(/\.(?:map|LICENSE\.txt)$/, '')
    .replace(/\.[^.]*$/, '')
    .replace(/\.(?:chunk|min|(?:iframe\.)?bundle|module|lean)$/, '')
    .replace(/(?<=[-.][0-9a-f]{16})_bg$/, '')
}

/** What may be a hash: all after the last separator; and the last eight, since base64url has `-` and `_` itself. */
function tokensOf(stem: string): Token[] {
  if (uuid.test(stem)) return []
  return [/([-._])([0-9A-Za-z]{8,64})$/.exec(stem), /([-._])([\w-]{8})$/.exec(stem)].flatMap((found) =>
    found === null ? [] : [{ separator: found[1]!, text: found[2]! }],
  )
}

/** Names that stand for a thing, not for its bytes. */
const uuid = /(?:^|[^0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function isLongHex(stem: string): boolean {
  return /^[0-9a-f]{16,64}$/.test(stem) && isHash(stem)
}
