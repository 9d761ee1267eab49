/**
 * What is different over HTTP/2 (RFC 9113), where Node's compatibility API hands out a request and a response that
 * pass for those of HTTP/1.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'

/** The stream of a response of HTTP/2; `undefined` over HTTP/1. */
export function streamOf(res: ServerResponse): ServerHttp2Stream | undefined {
  return isHttp2(res.req) ? (res as ServerResponse & { stream?: ServerHttp2Stream }).stream : undefined
}

export function isHttp2(req: IncomingMessage): boolean {
  return req.httpVersionMajor === 2
}

/**
 * Tells whether a response has gone out whole, once it is closed. Over HTTP/2 `writableFinished` is true of one that
 * the client has reset, and `finish` comes for every response.
 */
export function isWhole(res: ServerResponse): boolean {
  const stream = streamOf(res)
  if (stream === undefined) return res.writableFinished
  return !stream.aborted && (stream.writableFinished || (stream.writableEnded && stream.rstCode === 0))
}

/** What a response was destroyed with by this side; a reset by the client is no error. */
export function errorOfStream(res: ServerResponse): Error | null {
  const error = isWhole(res) ? null : (streamOf(res)?.errored ?? null)
  return error !== null && 'code' in error && error.code === 'ERR_HTTP2_STREAM_ERROR' ? null : error
}

/** Whether it came over TLS. `:scheme` is the client's word, and asked only when the connection is gone. */
export function isEncrypted(req: IncomingMessage): boolean {
  if (!isHttp2(req)) return 'encrypted' in req.socket
  const { stream } = req as IncomingMessage & { stream?: ServerHttp2Stream }
  return stream?.session?.encrypted ?? req.headers[':scheme'] === 'https'
}

/** Tells whether a request names two hosts, and so is malformed (RFC 9113, section 8.3.1): whom it asks is open. */
export function namesTwoHosts({ headers }: IncomingMessage): boolean {
  const { host, ':authority': authority } = headers
  return host !== undefined && typeof authority === 'string' && host.toLowerCase() !== authority.toLowerCase()
}

/** Tells whether a field, by its lower-cased name, belongs to a connection of HTTP/1 (RFC 9113, section 8.2.2). */
export function isOfConnection(name: string): boolean {
  return ofConnection.has(name)
}

const ofConnection: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
])
