/**
 * A Node app as an App: it runs with its real `req` and `res`, and yet the wrappers outside see a Response whose
 * status, headers and body they can read, change, filter, replace or drop before a byte is sent.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { App } from '../app.ts'
import { NodeContext, remember } from './context.ts'
import { HeldResponse } from './held-response.ts'
import type { Hold } from './hold.ts'
import { install } from './install.ts'
import { OptionError } from '../option-error.ts'
import { applyRequest } from './request.ts'

/** What a Node server calls: an Express app, Koa's `callback()`, Fastify's `routing`, or a plain function. */
export type NodeListener = (req: IncomingMessage, res: ServerResponse) => unknown

/**
 * Makes an App of a Node listener. It needs `toNode()` outside.
 *
 * The Response is there as soon as the app has said its head, in the same turn if the app answers in the same turn.
 * Given out as it is, the app's own calls go to the socket with no copy and no web stream between.
 *
 * @param listener takes the real `req` and `res`; what it throws or rejects with goes up the onion
 * @throws {@link OptionError} `fromNode`, when called with something else than a function
 * @example
 * const site = compose(securityHeaders(), compression())(fromNode(express()))
 */
export function fromNode(listener: NodeListener): App {
  if (typeof listener !== 'function') {
    throw new OptionError('fromNode(…)', 'a listener, (req, res) => void, such as an Express app', listener)
  }
  return (request, context) => {
    const { node } = context
    if (node === undefined) {
      throw new TypeError(`fromNode() needs a Node server outside: use toNode(), this is ${context.platform}`)
    }
    takeOnce(context)
    const { req, res } = node
    applyRequest(request, req)
    remember(req, context)
    const hold = install(res)
    const returned = listener(req, res)
    let fail = (error: unknown): void => cutOff(hold, context, error)
    if (isThenable(returned)) void returned.then(undefined, (error: unknown) => fail(error))
    if (hold.head) return new HeldResponse(hold)
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        hold.onHead = undefined
        res.off('close', gone)
        fail = (error) => cutOff(hold, context, error)
      }
      const gone = (): void => fail(new DOMException('The client has left', 'AbortError'))
      hold.onHead = () => {
        settle()
        resolve(new HeldResponse(hold))
      }
      fail = (error) => {
        settle()
        reject(error)
      }
      if (res.closed) gone()
      else res.once('close', gone)
    })
  }
}

function takeOnce(context: object): void {
  if (!(context instanceof NodeContext)) return
  if (context.taken)
    throw new Error('A Node app can answer a request once only, and fromNode() was called twice for it')
  context.taken = true
}

/** The app failed after its head: what is out cannot be taken back, so the client must see a cut. */
function cutOff(hold: Hold, context: object, error: unknown): void {
  if (hold.res.writableFinished || hold.res.destroyed) return
  if (context instanceof NodeContext) context.fail(error)
  hold.res.destroy(error instanceof Error ? error : new Error(String(error)))
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
