/**
 * Whether a request asks for more than the thing itself.
 *
 * @module
 */
import { isOwnRequest } from './own/shapes.ts'

/**
 * Tells whether a request sets a condition (RFC 9110, section 13.1) or asks for a range (14.2). Most do neither, so
 * this is worth one quick look, before five slower ones.
 *
 * @example
 * if (!isConditional(request)) return respond(body, { headers })
 */
export function isConditional(request: Request): boolean {
  const told = isOwnRequest(request) ? request.conditional : undefined
  return told ?? names.some((name) => request.headers.has(name))
}

const names = ['if-none-match', 'if-modified-since', 'range', 'if-match', 'if-unmodified-since']
