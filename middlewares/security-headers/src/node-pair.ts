/**
 * The request and response that functions in a policy are called with.
 *
 * @module
 */
import type { Context } from '@outerware/core'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Nonce } from './nonce.ts'

/** Node's two objects. */
export interface NodePair {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

/**
 * The real pair on Node, else a small view: `req.method`, `req.url`, `req.headers`, `req.cspNonce` and
 * `res.locals.cspNonce`.
 */
export function nodePair(request: Request, context: Context & Partial<Nonce>): NodePair {
  if (context.node !== undefined) return context.node
  const { pathname, search } = new URL(request.url)
  const cspNonce = context.nonce
  const headers = Object.fromEntries(request.headers)
  const view: object = {
    req: { method: request.method, url: pathname + search, headers, cspNonce },
    res: { locals: { cspNonce } },
  }
  // oxlint-disable-next-line no-unsafe-type-assertion -- what functions in policies read
  return view as NodePair
}
