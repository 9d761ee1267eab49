/**
 * Which page has sent a request, as browsers say; no page can make it up.
 *
 * @module
 */
import type { Context } from '@outerware/core'
import type { Settings } from '../settings/settings.ts'

/** What is known of the site. */
type Known = Pick<Settings, 'site' | 'trustedOrigins'>

/**
 * Tells whether a page of this site has sent a request.
 *
 * Under `Referrer-Policy: no-referrer`, which helmet sets, browsers call the origin of a form `null` (Fetch, "append a
 * request Origin header"); what `Sec-Fetch-Site` says no page can forge, and of a sandboxed frame it says `cross-site`.
 */
export function isFromHere({ headers }: Request, { site }: Known): boolean {
  const origin = headers.get('origin')
  return origin === site.origin || (origin === 'null' && headers.get('sec-fetch-site') === 'same-origin')
}

/**
 * Tells whether a page of another origin opens a WebSocket. Its handshake carries cookies, and what comes back can be
 * read, so it would speak for the user (RFC 6455, 10.2). Browsers always name the origin; other clients need not.
 */
export function isForeignSocket(request: Request, { upgrade }: Pick<Context, 'upgrade'>, known: Known): boolean {
  return upgrade !== undefined && isForeign(request, known)
}

/** Tells whether a request names another origin, which is not trusted. */
export function isForeign(request: Request, known: Known): boolean {
  const origin = request.headers.get('origin')
  return origin !== null && !isFromHere(request, known) && !known.trustedOrigins.has(origin)
}
