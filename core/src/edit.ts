/**
 * Changing a response on its way out: in place where that is possible, by a copy where it is not.
 *
 * @module
 */
import type { Fields } from './context.ts'
import { checkField } from './own/headers.ts'
import { toFieldList } from './own/field-list.ts'
import { mayHaveBody } from './own/response.ts'
import { isOwnResponse, type Body, type BodyFilter, type WholeBody } from './own/shapes.ts'
import { discard, takeBody } from './own/streams.ts'
import { checkStatus, LightResponse, lighten } from './respond.ts'

/**
 * Changes the headers of a response, in place if they can be changed, else on a copy that takes over the body.
 *
 * Immutable are the responses of `fetch()` and `Response.redirect()`. For those `edit` is called twice, so let it do
 * nothing but edit. Two kinds go out as they are where they are immutable, since a copy would be another thing:
 * `Response.error()`, and the 101 of Deno, which holds its socket.
 *
 * @returns the same response, or its copy: give on what is returned
 * @example
 * editHeaders(response, (headers) => headers.set('x-hello', '1'))
 */
export function editHeaders(response: Response, edit: (headers: Headers) => void): Response {
  if (isOwnResponse(response)) {
    edit(response.headers)
    return response
  }
  try {
    edit(response.headers)
    return response
  } catch (error) {
    // What the edit itself has thrown is the caller's.
    if (!isImmutable(response.headers)) throw error
  }
  if (response.status === 101 || response.type === 'error') return response
  const copy = lighten(response)
  edit(copy.headers)
  return copy
}

/** By the one edit that changes nothing where it is allowed. */
function isImmutable(headers: Headers): boolean {
  try {
    headers.delete('x-outerware-absent')
    return false
  } catch {
    return true
  }
}

/**
 * Makes an edit that adds each of the fields where a response has none of that name: what the app set wins.
 *
 * The fields are checked once, here. On a light response the edit costs a tenth of as many `has` and `append`.
 *
 * @param fields each name once
 * @throws TypeError for a field that HTTP does not allow
 * @example
 * const dress = addMissing([['x-frame-options', 'DENY'], ['referrer-policy', 'no-referrer']])
 * editHeaders(response, dress)
 */
export function addMissing(fields: Fields): (headers: Headers) => void {
  const list = fields.flatMap(([name, value]) => [name, checkField(name, value)])
  return (headers) => {
    if ('fill' in headers && typeof headers.fill === 'function') headers.fill(list)
    else for (let i = 0; i < list.length; i += 2) if (!headers.has(list[i]!)) headers.append(list[i]!, list[i + 1]!)
  }
}

/**
 * Changes the status, and with it the reason phrase. With 204, 205 and 304, which have none, the body is given up.
 *
 * @param statusText the reason phrase of HTTP/1.1; the standard one, if left out
 * @throws RangeError for a status outside 200 to 599; TypeError for a reason phrase that HTTP does not allow
 */
export function editStatus(response: Response, status: number, statusText = ''): Response {
  checkStatus(status, statusText)
  const own = isOwnResponse(response) ? response : lighten(response)
  own.editStatus(status, statusText)
  return mayHaveBody(status) ? own : replaceBody(own, null)
}

/**
 * Tells the body, if it is at hand as a whole and nothing of it needs to be awaited; `undefined` for a stream.
 *
 * `null` is the body of a response that has none. The bytes are the app's own: do not change them.
 */
export function wholeBody(response: Response): WholeBody | undefined {
  if (isOwnResponse(response)) return response.wholeBody
  return response.body === null ? null : undefined
}

/**
 * Puts another body in the place of the old one, which is given up. The host sets `Content-Length` anew;
 * other fields that speak of the body (`ETag`, `Content-Digest`) are the caller's to change.
 */
export function replaceBody(response: Response, body: Body): Response {
  takeBody(body)
  if (isOwnResponse(response)) {
    response.replaceBody(body)
    return withoutLength(response)
  }
  if (response.body !== body) discard(response.body)
  return withoutLength(new LightResponse(body, response.status, toFieldList(response.headers), response.statusText))
}

/**
 * Sends the body through a filter, chunk by chunk as it comes; backpressure and errors go through.
 *
 * On Node a `Transform` costs no web stream, neither over a Fetch app nor over a Node one. `Content-Length` goes.
 * Two filters stand behind each other, the first given next to the app.
 *
 * @param make makes the filter, when the body begins; never called for a response without a body
 * @example
 * filterBody(response, () => createGzip())
 */
export function filterBody(response: Response, make: () => BodyFilter): Response {
  if (!isOwnResponse(response) && response.body === null) return withoutLength(response)
  const own = isOwnResponse(response) ? response : lighten(response)
  own.filterBody(make)
  return withoutLength(own)
}

function withoutLength(response: Response): Response {
  if (!response.headers.has('content-length')) return response
  return editHeaders(response, (headers) => headers.delete('content-length'))
}
