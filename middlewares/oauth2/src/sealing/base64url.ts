/**
 * base64url in the one spelling that we write (RFC 4648, sections 3.5 and 5): decoders skip foreign characters and stray
 * last bits, so one seal would have many spellings, each with a place in the cache.
 *
 * @module
 */

/** Tells whether a text is spelt as we write it. */
export function isCanonical(text: string): boolean {
  return endsWell(text) && alphabet.test(text)
}

/**
 * Decodes on Node, and tells by the result how the text was spelt, which takes two fifths of the time: a character that is
 * skipped makes it shorter.
 *
 * @returns `undefined` if the text is not spelt as we write it
 */
export function decodeCanonical(text: string): Buffer | undefined {
  // The two that stand for others in Node's decoder.
  if (!endsWell(text) || text.includes('+') || text.includes('/')) return undefined
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === (text.length * 3) >> 2 ? bytes : undefined
}

const alphabet = /^[A-Za-z0-9_-]*$/

// What the last character may be, by the length modulo 4: bits that belong to no byte are zero.
const lasts = ['', undefined, 'AQgw', 'AEIMQUYcgkosw048'] as const

function endsWell(text: string): boolean {
  const last = lasts[text.length % 4]
  return last !== undefined && (last === '' || last.includes(text.charAt(text.length - 1)))
}
