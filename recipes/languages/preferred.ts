/**
 * Language negotiation: `Accept-Language`, RFC 9110, section 12.5.4.
 *
 * @module
 */
import { splitList } from '@outerware/core/headers'

/**
 * Chooses the language that a client wants most, by basic filtering (RFC 4647, 3.3.1): `de-AT` will do with `de`.
 *
 * @param languages by their code, in the order of our own preference: the first is for those who want none of them
 */
export function preferred<T>(request: Request, languages: ReadonlyMap<string, T>): T {
  const [first] = languages.values()
  if (first === undefined) throw new TypeError('There must be a language')
  const wanted = splitList(request.headers.get('accept-language') ?? '').map(read)
  const named = new Set(wanted.map(([code]) => code))
  // The star speaks of those that nothing else names: `en;q=0, *` wants all but English.
  const other = [...languages].find(([code]) => !named.has(code))?.[1]
  let best = { quality: 0, language: first }
  for (const [code, quality] of wanted) {
    const language = code === '*' ? other : languages.get(code)
    if (language !== undefined && quality > best.quality) best = { quality, language }
  }
  return best.language
}

/** The first part of a range, which is all that counts here, and how much it is wanted, from 0 to 1. */
function read(item: string): [code: string, quality: number] {
  const [range = '', ...parameters] = item.toLowerCase().split(/[ \t]*;[ \t]*/)
  const q = parameters.find((parameter) => parameter.startsWith('q='))
  return [range.split('-')[0] ?? '', q === undefined ? 1 : Number(q.slice(2)) || 0]
}
