/**
 * Answers that are no file: redirects, and what a client should not have asked.
 *
 * @module
 */
import { respond } from '@outerware/core'
import { corsFields, type Field } from '../fields.ts'
import type { Settings } from '../settings.ts'
import { lastName, queryOf } from '../url.ts'

/**
 * Sends from `/dir` to `/dir/`, or from `/dir/index.html` to `/dir/`.
 *
 * The Location is relative (RFC 9110, section 10.2.2), so that it holds behind any mount, proxy or scheme, and names
 * no host that a client has made up.
 */
export function redirect(
  kind: 'to-directory' | 'to-index',
  path: string,
  request: Request,
  settings: Settings,
): Response {
  const location = kind === 'to-index' ? './' : `${lastName(path)}/`
  const fields: Field[] = [
    ['location', location + queryOf(request.url)],
    ['content-length', '0'],
    ...corsFields(settings),
  ]
  if (settings.plain !== undefined) fields.push(['cache-control', settings.plain])
  return respond(null, { status: settings.redirectStatus, headers: fields })
}

/**
 * A 404 that no cache keeps: what is missing now, as in the middle of a roll-out, may be there in a moment.
 */
export function notFound(request: Request, settings: Settings): Response {
  return plainText(404, 'Not Found', request, settings)
}

/** A 405 with what is allowed (RFC 9110, section 15.5.6). */
export function notAllowed(request: Request, settings: Settings): Response {
  return plainText(405, 'Method Not Allowed', request, settings, [['allow', 'GET, HEAD']])
}

/** A 503 for a file that is there, but cannot be opened at this moment; the moment is short (RFC 9110, 10.2.3). */
export function unavailable(request: Request, settings: Settings): Response {
  return plainText(503, 'Service Unavailable', request, settings, [['retry-after', '1']])
}

function plainText(
  status: number,
  name: string,
  request: Request,
  settings: Settings,
  more: readonly Field[] = [],
): Response {
  const text = `${status} ${name}\n`
  const headers: Field[] = [
    ['content-type', 'text/plain; charset=utf-8'],
    ['content-length', String(text.length)],
    ['cache-control', 'no-store'],
    ...corsFields(settings),
    ...more,
  ]
  return respond(request.method === 'HEAD' ? null : text, { status, headers })
}
