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
 * The URL and the strong entity tag, which together stand for the same bytes always (RFC 9110, section 8.8.1).
 *
 * An app that gives two people one tag for two bodies would have one of them see the other's. So it counts only where
 * a shared cache might keep the response, too (RFC 9111, section 3).
 *
 * @returns `undefined` where there is none, or where it must not count
 */
export function tagOf(request: Request, { status, headers }: Response): string | undefined {
  if (status !== 200 || request.method !== 'GET') return undefined
  const tag = headers.get('etag')
  if (tag === null || !tag.startsWith('"') || headers.has('set-cookie')) return undefined
  if (request.headers.has('authorization') || hasDirective(headers.get('cache-control'), 'private')) return undefined
  const { url } = request
  return url.length > LONGEST ? undefined : `${tag} ${url}`
}

/** Longer URLs are not worth their memory. */
const LONGEST = 2048
