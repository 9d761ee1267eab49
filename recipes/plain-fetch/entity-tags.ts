/**
 * A wrapper of our own: a tag for each answer that has none, and 304 for those who have it (RFC 9110, section 13.1.2).
 *
 *     request  ─(If-None-Match)──────▶ app
 *     response ◀── ETag, or 304 ────── app      streams, and what has a tag, pass as they are
 *
 * @module
 */
import { after, editHeaders, editStatus, wholeBody, type Wrapper } from '@outerware/core'
import { matchesWeakly, splitList } from '@outerware/core/headers'

/** Wraps an app so that what has not changed is not sent again. */
export const entityTags: Wrapper = (app) => (request, context) =>
  after(app(request, context), (response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return response
    if (response.status !== 200 || response.headers.has('etag')) return response
    // What is not at hand as a whole would have to be read and kept: it goes on as a stream.
    const body = wholeBody(response)
    return body ? tagged(request, response, body) : response
  })

async function tagged(request: Request, response: Response, body: string | Uint8Array): Promise<Response> {
  const tag = await tagOf(body)
  const isKnown = splitList(request.headers.get('if-none-match') ?? '').some(
    (known) => known === '*' || matchesWeakly(known, tag),
  )
  const said = editHeaders(response, (headers) => {
    headers.set('etag', tag)
    // Of a 304 they would speak of a body that is not there (section 15.4.5).
    if (isKnown) for (const name of ['content-type', 'content-length']) headers.delete(name)
  })
  return isKnown ? editStatus(said, 304) : said
}

/** Weak: a wrapper further out may compress the bytes (section 8.8.1). */
async function tagOf(body: string | Uint8Array): Promise<string> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return `W/"${btoa(String.fromCharCode(...digest.subarray(0, 12)))}"`
}
