import { readPath } from '@outerware/core'

/**
 * A request as a host makes it of a raw target: its `url` is what the client wrote, and nobody has tidied up its path.
 *
 * It has no body, and knows of the native request as much as a wrapper that looks at a head needs.
 */
export function lightRequest(target: string, { method = 'GET', headers }: RequestInit = {}): Request {
  const request = {
    method,
    url: `http://site.test${target}`,
    headers: new Headers(headers),
    signal: new AbortController().signal,
    body: null,
    bodyUsed: false,
    path: readPath(target),
    peekBody: () => Promise.resolve(new Uint8Array()),
    derive: () => lightRequest(target, { method, headers: request.headers }),
    get native(): Request {
      return new Request(request.url, { method, headers: request.headers })
    },
  }
  Object.setPrototypeOf(request, Request.prototype)
  // Its prototype makes it one, for all that the types cannot see.
  return request as unknown as Request
}
