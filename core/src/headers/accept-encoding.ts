/**
 * Accept-Encoding: which content codings the client takes (RFC 9110, section 12.5.3).
 *
 * @module
 */

/** How much a client wants each coding, by lower-cased name: 1 down to 0.001; 0 is "not acceptable". */
export interface AcceptEncoding {
  /** The quality of a coding; `identity` is one of them. */
  quality(coding: string): number
}

/**
 * Parses an Accept-Encoding field.
 *
 * - no field: identity only, as every server does, although any coding would be allowed;
 * - `*` stands for all that is not named;
 * - identity is acceptable unless `identity;q=0`, or `*;q=0` with identity not named; if it is not named
 *   its quality is the least there is, so that every coding the client does name is wanted more;
 * - `x-gzip` is `gzip` and `x-compress` is `compress` (8.4.1); names and `q` are read in any case; of a name that
 *   comes twice the last counts; a member that is malformed is left out.
 *
 * @example
 * parseAcceptEncoding('gzip;q=0.5, br').quality('br') // 1
 */
export function parseAcceptEncoding(field: string | null | undefined): AcceptEncoding {
  const qualities = new Map<string, number>()
  for (const member of (field ?? '').split(',')) {
    const match = grammar.exec(member)
    if (match === null) continue
    const name = match[1]!.toLowerCase()
    qualities.set(name === 'x-gzip' || name === 'x-compress' ? name.slice(2) : name, Number(match[2] ?? 1))
  }
  const others = qualities.get('*')
  return {
    quality(coding) {
      const named = qualities.get(coding)
      if (named !== undefined) return named
      if (coding === 'identity') return others === 0 ? 0 : LEAST
      return others ?? 0
    },
  }
}

/**
 * Picks the coding that the client wants most among those offered.
 *
 * @param offered in the server's own order, which decides between equals; lower case. `identity` is offered always,
 *   and last unless it is named
 * @returns a coding, or `undefined` if the client takes none of them, not even identity
 * @example
 * preferredEncoding('gzip, br', ['br', 'gzip']) // 'br'
 */
export function preferredEncoding(field: string | null | undefined, offered: readonly string[]): string | undefined {
  const accepted = parseAcceptEncoding(field)
  let best: string | undefined
  let most = 0
  for (const coding of offered.includes('identity') ? offered : [...offered, 'identity']) {
    const quality = accepted.quality(coding)
    if (quality > most) [best, most] = [coding, quality]
  }
  return best
}

/** Below every weight that can be written, which has three digits (12.4.2). */
const LEAST = 0.0001

/** `codings [ weight ]`, with optional white space around. */
const grammar = /^[ \t]*([!#$%&'*+\-.^_`|~0-9a-z]+)[ \t]*(?:;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$/i
