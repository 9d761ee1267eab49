/**
 * From a request target (RFC 9112, section 3.2) to a URL, and back.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import { parseHost } from '../../headers/host.ts'
import { isEncrypted } from '../http2.ts'

/**
 * The URL of a request, its path and query as the client wrote them.
 *
 * A Host that is none, such as `a.test/public?`, is replaced by `invalid.invalid` (RFC 6761, 6.4): so `new URL(request.url)`
 * never throws for what a client sent, and its path is that of the target. Who decides by host reads the field itself.
 *
 * The scheme is that of the connection, also where the target names another: `GET https://…` in the clear is no secured
 * request, whatever it says (RFC 9110, section 7.4).
 */
export function urlOf(req: IncomingMessage): string {
  const target = req.url ?? '/'
  const scheme = isEncrypted(req) ? 'https://' : 'http://'
  if (absolute.test(target) && URL.canParse(target)) return new URL(target.replace(absolute, scheme)).href
  const path = target.charCodeAt(0) === 47 ? target : `/${target}`
  return scheme + authorityOf(req) + path
}

/** The path and query of a URL, as they are written in it. */
export function targetOf(url: string): string {
  const path = url.indexOf('/', url.indexOf('://') + 3)
  return path === -1 ? '/' : url.slice(path)
}

/** The host and port of a URL, as they are written in it. */
export function hostOf(url: string): string {
  const start = url.indexOf('://') + 3
  const end = url.indexOf('/', start)
  return end === -1 ? url.slice(start) : url.slice(start, end)
}

const absolute = /^https?:\/\//i
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
// What most requests say; a last label with a digit in front, and punycode, may make no URL.
const plain = new RegExp(
  `^(?:(?!.*xn--)(?:[a-z0-9_-]+\\.)*[a-z][a-z0-9_-]*|(?:${octet}\\.){3}${octet})(?::\\d{1,4})?$`,
  'i',
)

function authorityOf(req: IncomingMessage): string {
  // HTTP/2 has `:authority` in the place of Host; where both are there, they are the same.
  const host = req.headers.host ?? req.headers[':authority']
  if (typeof host !== 'string' || host === '') return 'localhost'
  if (plain.test(host) || parseHost(host) !== undefined) return host
  return 'invalid.invalid'
}
