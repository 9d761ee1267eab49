/**
 * A Node app as an App: it runs with its real `req` and `res`, and yet the wrappers outside see a Response whose
 * status, headers and body they can read, change, filter, replace or drop before a byte is sent.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App, Context } from '../app.ts'
import { checkListener } from '../check-app.ts'
import { isClosed, whenClosed } from './closed.ts'
import { NodeContext, remember } from './context.ts'
import { HeldResponse } from './hold/held-response.ts'
import type { Hold } from './hold/hold.ts'
import { install } from './hold/install.ts'
import { checkNames, OptionError } from '../option-error.ts'
import { upgrade, type Accept } from '../upgrade.ts'
import { applyRequest } from './request/apply.ts'

/** What a Node server calls: an Express app, Koa's `callback()`, Fastify's `routing`, or a plain function. */
export type NodeListener = { call(req: IncomingMessage, res: ServerResponse): unknown }['call']

/** Options of {@link fromNode}. */
export interface FromNodeOptions {
  /** Takes over a socket, such as `(req, socket, head) => wss.handleUpgrade(req, socket, head, connected)`. */
  readonly upgrade?: Accept
}

/**
 * Makes an App of a Node listener. It needs `toNode()` outside.
 *
 * The Response is there as soon as the app has said its head, in the same turn if the app answers in the same turn.
 * Given out as it is, the app's own calls go to the socket with no copy and no web stream between.
 *
 * @param listener takes the real `req` and `res`; what it throws or rejects with goes up the onion
 * @param options `upgrade` accepts WebSockets; without it an offer to switch is not taken, and the listener answers
 * @throws {@link OptionError} `fromNode`, when called with something else than a function
 * @example
 * const site = compose(securityHeaders(), compression())(fromNode(express()))
 */
export function fromNode(listener: NodeListener, options: FromNodeOptions = {}): App {
  checkListener('fromNode(…)', listener)
  checkNames('fromNode', options, ['upgrade'])
  const { upgrade: accept } = options
  if (accept !== undefined && typeof accept !== 'function') {
    throw new OptionError('fromNode.upgrade', 'a listener, (req, socket, head) => void', accept)
  }
  return (request, context) => {
    if (accept === undefined || context.upgrade === undefined) {
      takeOnce(context)
      const hold = holdFor(request, context)
      // Two arguments: with a third, Express takes itself for middleware and hands its 404 on.
      const returned = listener(hold.res.req, hold.res)
      return headOf(hold, context, returned)
    }
    const { req } = nodeOf(context)
    applyRequest(request, req)
    remember(req, context)
    return upgrade(accept)
  }
}

/** Holds what will be said on the request's real `res`. */
export function holdFor(request: Request, context: Context): Hold {
  const { req, res } = nodeOf(context)
  applyRequest(request, req)
  remember(req, context)
  return install(res)
}

/**
 * The Response of a held answer, as soon as its head is known: at once, if it is.
 *
 * @param returned what the listener returned; a rejection fails the answer
 */
export function headOf(hold: Hold, context: Context, returned: unknown): Response | Promise<Response> {
  const fail = (error: unknown): void => failHeld(hold, context, error)
  const judge = (given: unknown): void => {
    if (given === undefined || hold.head) return
    if (given instanceof Response) fail(new TypeError(isApp))
    else if (typeof given === 'function') fail(new TypeError(isFactory))
  }
  if (isThenable(returned)) void returned.then(judge, fail)
  else judge(returned)
  if (hold.head) return new HeldResponse(hold)
  if (hold.failed !== undefined) throw hold.failed[0]
  return new Promise((resolve, reject) => {
    const { res } = hold
    const settle = (): void => {
      hold.onHead = hold.onFail = undefined
    }
    const gone = (): void => hold.onFail?.(new DOMException('The client has left', 'AbortError'))
    hold.onHead = () => {
      settle()
      resolve(new HeldResponse(hold))
    }
    hold.onFail = (error) => {
      settle()
      reject(error)
    }
    if (isClosed(res)) gone()
    else whenClosed(res, gone)
  })
}

/**
 * The app has failed: before its head the error goes up the onion; while the head is held it comes out when the answer
 * is to be sent; after that the client must see a cut. An answer that was whole by then stands, and so does another one
 * in its place.
 */
export function failHeld(hold: Hold, context: Context, error: unknown): void {
  if (hold.onFail !== undefined) return hold.onFail(error)
  const report = (): void => void (context instanceof NodeContext && context.report(error))
  if (hold.ended || hold.res.writableEnded) return report()
  if (!hold.passing) {
    hold.failed ??= [error]
    if (hold.sink?.abort(asError(error)) === false) report()
    return
  }
  if (hold.res.destroyed) return
  if (context instanceof NodeContext) context.fail(error)
  hold.res.destroy(asError(error))
}

const isApp =
  'fromNode() takes (req, res) => void, and this listener gave a Response: it is an app already, leave fromNode() out'
const isFactory =
  'fromNode() takes (req, res) => void, and this listener gave a function: what makes an app is called once, before, fromNode(express())'
const isOfOtherCopy =
  'fromNode() and what stands outside of it come from two copies of @outerware/core, which npm ls @outerware/core names: install one for both'

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

function nodeOf(context: Context): NonNullable<Context['node']> {
  if (context.node !== undefined) return context.node
  const outside = 'use toNode() or serve(), as in createServer(toNode(site))'
  throw new TypeError(`fromNode() needs a Node server outside: ${outside}; this host is ${context.platform}`)
}

function takeOnce(context: Context): void {
  if (!(context instanceof NodeContext)) {
    if (context.node === undefined) return
    throw new TypeError(isOfOtherCopy)
  }
  if (context.taken)
    throw new Error('A Node app can answer a request once only, and fromNode() was called twice for it')
  context.taken = true
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
