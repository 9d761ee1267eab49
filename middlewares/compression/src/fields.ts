/**
 * The fields of a response that a coding touches.
 *
 * @module
 */
import { addMissing, editHeaders } from '@outerware/core'
import { addVary, splitList } from '@outerware/core/headers'
import { memoize } from './memo.ts'

/** Says that Accept-Encoding chose: identity, too, is an answer to it (RFC 9110, section 12.5.5). */
export function vary(headers: Headers): void {
  if (headers.has('vary')) addVary(headers, 'accept-encoding')
  else addVaryAlone(headers)
}

// Checked once, here: to check it for each response would take longer than to add it.
const addVaryAlone = addMissing([['vary', 'accept-encoding']])

/** The same where a dictionary may choose, too (RFC 9842, section 6.2). */
export function varyByDictionary(headers: Headers): void {
  addVary(headers, 'accept-encoding')
  addVary(headers, 'available-dictionary')
}

/** Fields that speak of the bytes before the coding; the digests are those of RFC 9530, RFC 3230 and RFC 1864. */
const ofBareBytes = ['accept-ranges', 'content-digest', 'repr-digest', 'digest', 'content-md5', 'content-length']

/**
 * Takes away what is true of the bare bytes only.
 *
 * A strong tag becomes weak: two codings must not share a strong one (RFC 9110, section 8.8.3).
 */
export function dropBare(headers: Headers): void {
  for (const name of ofBareBytes) if (headers.has(name)) headers.delete(name)
  const tag = headers.get('etag')
  if (tag?.startsWith('"')) headers.set('etag', `W/${tag}`)
}

/** Tells whether a digest of the bare bytes will come behind them, where nobody can take it away (RFC 9530, section 1). */
export function announcesDigest(headers: Headers): boolean {
  const trailer = headers.get('trailer')
  return trailer !== null && splitList(trailer.toLowerCase()).some((name) => ofBareBytes.includes(name))
}

/** Says how the body is coded, and drops what is not true of it any more. */
export function describeCoded(response: Response, coding: string): Response {
  return editHeaders(response, (headers) => {
    dropBare(headers)
    sayCoding(coding)(headers)
  })
}

const sayCoding = memoize((coding) => addMissing([['content-encoding', coding]]))

/** The length that the app has declared, in bytes; `undefined` if it has not, or not as a number. */
export function declaredSize(headers: Headers): number | undefined {
  const field = headers.get('content-length')
  return field !== null && /^\d+$/.test(field) ? Number(field) : undefined
}

/**
 * Gives a 304 the tag of the 200 that it stands for: a cache finds its stored response by it (RFC 9111, section 4.3.4).
 *
 * The app does not know that its `"x"` went out as `W/"x"`; the client does, and says so in If-None-Match. One that
 * knows both forms means the one that it would get now.
 */
export function agreeWithStored(headers: Headers, ifNoneMatch: string | null, isCoded: boolean): void {
  const tag = headers.get('etag')
  if (ifNoneMatch === null || !tag?.startsWith('"')) return
  const known = splitList(ifNoneMatch)
  if (known.includes(`W/${tag}`) && (isCoded || !known.includes(tag))) headers.set('etag', `W/${tag}`)
}
