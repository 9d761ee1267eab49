/**
 * Requests on their way in: a changed one, the platform's own one, and a look at the body that leaves it there.
 *
 * @module
 */
import { isOwnRequest, type Derivation } from './own/shapes.ts'

/**
 * Makes a request that differs in url, method, headers or body, and takes over the rest.
 *
 * Over `fromNode` the app's real `req` changes with it: `req.url`, `req.method`, `req.headers` and `req.rawHeaders`.
 *
 * @param init what differs; a relative `url` is read against the request's own. A `body` takes the place of one that
 *   {@link peekBody} has read whole, in the real `req` too; the fields that tell of it (`Content-Length`) are the
 *   caller's to change
 * @throws TypeError for a `url` that is none; for a `body` where the old one has not been read whole; and, off Node,
 *   for GET or HEAD with a body
 */
export function derive(request: Request, init: Derivation): Request {
  if (isOwnRequest(request)) return request.derive(init)
  const url = init.url === undefined ? request.url : new URL(init.url, request.url).href
  const moved = url === request.url ? request : new Request(url, request)
  if (init.headers === undefined && init.method === undefined && init.body === undefined) return moved
  const derived = new Request(moved, {
    ...(init.method === undefined ? {} : { method: init.method }),
    ...(init.headers === undefined ? {} : { headers: init.headers }),
    ...(init.body === undefined ? {} : { body: init.body }),
  })
  if (init.body !== undefined) moved.body?.cancel().catch(() => {})
  return derived
}

/**
 * Changes the headers of a request on its way in: in place on a host's light request, else on a derived one.
 *
 * Over `fromNode` the app's real `req.headers` and `req.rawHeaders` change with them.
 *
 * @returns the same request, or a derived one: give on what is returned
 * @example
 * return app(editRequestHeaders(request, (headers) => headers.delete('x-user')), context)
 */
export function editRequestHeaders(request: Request, edit: (headers: Headers) => void): Request {
  if (isOwnRequest(request)) {
    edit(request.headers)
    return request
  }
  const headers = new Headers(request.headers)
  edit(headers)
  return derive(request, { headers })
}

/**
 * Gives the platform's own Request, which `fetch()` and `new Request()` take. Reading it takes the body.
 *
 * On Node requests are light objects that pass for a Request but are none inside.
 */
export function native(request: Request): Request {
  return isOwnRequest(request) ? request.native : request
}

/**
 * Reads the body, up to a limit, and leaves it whole for the app.
 *
 * @param limit in bytes; a longer body is not kept in memory beyond it
 * @returns the bytes, or `undefined` if the body is longer than the limit
 * @throws TypeError, as a rejection, if the body has been read already
 */
export function peekBody(request: Request, limit: number = 1_048_576): Promise<Uint8Array | undefined> {
  return isOwnRequest(request) ? request.peekBody(limit) : peekClone(request, limit)
}

async function peekClone(request: Request, limit: number): Promise<Uint8Array | undefined> {
  const reader = request.clone().body?.getReader()
  if (reader === undefined) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return concat(chunks, size)
    size += value.byteLength
    if (size > limit) break
    chunks.push(value)
  }
  // Not awaited: to cancel one half of a body in two waits for the other half.
  reader.cancel().catch(() => {})
  return undefined
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}
