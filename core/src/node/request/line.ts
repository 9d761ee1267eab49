/**
 * The request line of the real `req`, written through to wherever it is kept: over HTTP/2 it is made of pseudo-header
 * fields (RFC 9113, section 8.3.1), which stand in `headers` and `rawHeaders` too.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import { isHttp2 } from '../http2.ts'

export function setMethod(req: IncomingMessage, method: string): void {
  req.method = method
  if (isHttp2(req)) setPseudo(req, ':method', method)
}

export function setTarget(req: IncomingMessage, target: string): void {
  req.url = target
  if (isHttp2(req)) setPseudo(req, ':path', target)
}

/** Over HTTP/2 it stands for Host. */
export function setAuthority(req: IncomingMessage, host: string): void {
  if (req.headers[':authority'] !== undefined) setPseudo(req, ':authority', host)
}

function setPseudo({ headers, rawHeaders }: IncomingMessage, name: string, value: string): void {
  headers[name] = value
  const at = rawHeaders.indexOf(name)
  if (at !== -1) rawHeaders[at + 1] = value
}
