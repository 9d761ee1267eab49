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
  let best = { quality: 0, language: first }
  for (const [range = '', quality] of splitList(request.headers.get('accept-language') ?? '').map(read)) {
    const language = range === '*' ? first : languages.get(range.split('-')[0] ?? '')
    if (language !== undefined && quality > best.quality) best = { quality, language }
  }
  return best.language
}

function read(item: string): [range: string, quality: number] {
  const [range = '', ...parameters] = item.toLowerCase().split(/[ \t]*;[ \t]*/)
  const q = parameters.find((parameter) => parameter.startsWith('q='))
  return [range, q === undefined ? 1 : Number(q.slice(2)) || 0]
}
