/**
 * What may be kept, and what a body is known by before it is read.
 *
 * @module
 */
import { hasDirective } from '@outerware/core/headers'

/** Tells whether the app lets anything be kept of a response (RFC 9111, section 5.2.2.5). */
export function mayBeKept({ headers }: Response): boolean {
  return !hasDirective(headers.get('cache-control'), 'no-store')
}

/**
 * Tells whether a shared cache might keep a response as well (RFC 9111, section 3): then it is not for one person only.
 */
export function isShared(request: Request, { status, headers }: Response): boolean {
  if (status !== 200 || request.method !== 'GET') return false
  if (headers.has('set-cookie') || request.headers.has('authorization')) return false
  return !hasDirective(headers.get('cache-control'), 'private')
}

/**
 * The URL and the strong entity tag, which together stand for the same bytes always (RFC 9110, section 8.8.1).
 *
 * An app that gives two people one tag for two bodies would have one of them see the other's. So it counts only where
 * the response is shared.
 *
 * @returns `undefined` where there is none, or where it must not count
 */
export function tagOf(request: Request, response: Response): string | undefined {
  const tag = response.headers.get('etag')
  if (tag === null || !tag.startsWith('"') || !isShared(request, response)) return undefined
  const { url } = request
  return url.length > LONGEST ? undefined : `${tag} ${url}`
}

/** Longer URLs are not worth their memory. */
const LONGEST = 2048
