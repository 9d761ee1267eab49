/**
 * Connect middleware, `(req, res, next)`, as a wrapper, and an App as Connect middleware.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isPromise } from '../after.ts'
import type { App, Wrapper } from '../app.ts'
import { OptionError } from '../option-error.ts'
import { contextOf, NodeContext } from './context.ts'
import { failHeld, headOf, holdFor } from './from-node.ts'
import { holdOf } from './hold/held.ts'
import { NodeRequest } from './request/request.ts'
import { send } from './send/send.ts'
import { checkOptions, hostFor, refuse, type ToNodeOptions } from './to-node.ts'

/** `next()` goes on, `next(error)` fails. */
export type Next = (error?: unknown) => void
/** A method, so that middleware with its framework's own types for `req` and `res` fits. */
export type ConnectMiddleware = { call(req: IncomingMessage, res: ServerResponse, next: Next): unknown }['call']

/**
 * Makes a wrapper of Connect or Express middleware: `next()` calls the app inside, `next(error)` goes up the onion.
 *
 * What the middleware sets or hooks on `res` counts for the app inside, be it a Node app or a Fetch one.
 *
 * @throws {@link OptionError} `fromConnect`, when called with something else than a function
 * @example
 * compose(fromConnect(morgan('tiny')), fromConnect(session({ secret })))(fromNode(app))
 */
export function fromConnect(middleware: ConnectMiddleware): Wrapper {
  if (typeof middleware !== 'function') {
    throw new OptionError('fromConnect(…)', 'middleware, (req, res, next) => void', middleware)
  }
  return (app: App<any>): App<any> =>
    (request, context) => {
      if (context.upgrade !== undefined) return app(request, context)
      const hold = holdFor(request, context)
      const { res } = hold
      const fail = (error: unknown): void => failHeld(hold, context, error)
      const returned = middleware(res.req, res, (error) => {
        if (error !== undefined && error !== null) return fail(error)
        settle(
          () => app(request, context),
          (response) => send(res, response, hold, fail),
          fail,
        )
      })
      return headOf(hold, context, returned)
    }
}

const nexts = new WeakMap<IncomingMessage, Next>()

/**
 * Makes Connect middleware of an App, to stand inside an Express app. An error of the app goes to `next(error)`; once
 * what comes {@link next} has answered, it can go there no more, and is answered as `toNode()` does.
 *
 * Give {@link next} to a wrapper to use it as middleware: what comes after it in Express is its app.
 *
 * @example
 * express().use(toConnect(securityHeaders()(next)))
 */
export function toConnect(app: App, options: ToNodeOptions = {}): ConnectMiddleware {
  checkOptions('toConnect', app, options)
  const host = hostFor(options)
  return (req, res, goOn) => {
    // Inside an onion the context of the request is there already.
    const outer = contextOf(req)
    const context = outer ?? new NodeContext(req, res, host)
    const within = holdOf(res)
    nexts.set(req, goOn)
    const fail = (error: unknown): void => {
      if (context instanceof NodeContext && holdOf(res) !== within) refuse(context, error, within)
      else goOn(error)
    }
    // What comes next in Express has no answer to a body that breaks off: only a cut tells.
    const failOnTheWay = (error: unknown): void => {
      if (context instanceof NodeContext && res.headersSent) refuse(context, error, within)
      else fail(error)
    }
    settle(
      () => app(new NodeRequest(req, res), context),
      (response) => send(res, response, within, failOnTheWay),
      fail,
    )
  }
}

/** The app that stands for whatever comes next in Express; see {@link toConnect}. */
export const next: App = (request, context) => {
  const hold = holdFor(request, context)
  const goOn = nexts.get(hold.res.req)
  if (goOn === undefined) throw new TypeError('next stands for what comes after toConnect() in Express: use it inside')
  goOn()
  return headOf(hold, context, undefined)
}

function settle(
  run: () => Response | Promise<Response>,
  done: (response: Response) => void,
  fail: (error: unknown) => void,
): void {
  try {
    const response = run()
    if (isPromise(response)) response.then(done).catch(fail)
    else done(response)
  } catch (error) {
    fail(error)
  }
}
