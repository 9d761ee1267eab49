/**
 * An App as a listener of a Node server: the request goes in, the response comes out.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { isPromise } from '../after.ts'
import type { App, Context } from '../app.ts'
import { checkApp } from '../check-app.ts'
import { dress, plainPage } from '../error-answer.ts'
import { checkNames, OptionError } from '../option-error.ts'
import { isClosed } from './closed.ts'
import { NodeContext, type Host } from './context.ts'
import { holdOf } from './hold/held.ts'
import type { Hold } from './hold/hold.ts'
import { isHttp2, namesTwoHosts } from './http2.ts'
import { forgetHead } from './inside.ts'
import { isUnsent } from './hold/release.ts'
import { NodeRequest } from './request/request.ts'
import { send } from './send/send.ts'

/** Options of {@link toNode}. */
export interface ToNodeOptions {
  /**
   * Hears of an error that no wrapper has answered (put `errors()` outermost to answer them), of one that came
   * after the head was out, of a body that failed on its way, and of a background task that failed; `context` is
   * `undefined` outside of a request.
   *
   * @default `console.error`
   */
  readonly onError?: (error: unknown, context: Context | undefined) => void
  /**
   * `native` hands the platform's own Request to the app, for code that calls `new Request(request)` or
   * `fetch(request)` with it. It costs several times more; `native(request)` does the same for one request.
   *
   * A native Request has a URL, not a target: dot segments are resolved, raw characters escaped, and a Node app
   * inside sees that, too. It cannot say TRACE, TRACK or CONNECT, which are answered with 501.
   *
   * @default 'light'
   */
  readonly request?: 'light' | 'native'
}

/** A listener for the servers of `node:http`, `node:https` and `node:http2` alike. */
export type NodeHandler = (req: IncomingMessage | Http2ServerRequest, res: ServerResponse | Http2ServerResponse) => void

/**
 * Makes a listener for `createServer()` of an App, over HTTP/1 or HTTP/2.
 *
 * An exception that comes out of the onion is answered with a plain 500 that tells nothing of it, and so is a body that
 * fails before its first byte, within a turn; after the head is out, the connection is cut. The process never dies of a
 * request.
 *
 * @throws {@link OptionError} `toNode`, when called with something else than an app
 * @example
 * createServer(toNode(site)).listen(3000)
 */
export function toNode(app: App, options: ToNodeOptions = {}): NodeHandler {
  checkOptions('toNode', app, options)
  return listenerFor(app, options, hostFor(options))
}

/** Names of {@link ToNodeOptions}. */
export const optionNames: readonly string[] = ['onError', 'request']

/** What the requests of one listener share; `serve()` waits for its tasks. */
export function hostFor({ onError = (error: unknown) => console.error(error) }: ToNodeOptions): Host {
  return { onError, tasks: new Set() }
}

export function listenerFor(app: App, options: ToNodeOptions, host: Host): NodeHandler {
  const native = options.request === 'native'
  const listener = (req: IncomingMessage, res: ServerResponse): void => {
    const context = new NodeContext(req, res, host)
    const request = new NodeRequest(req, res)
    const within = holdOf(res)
    if (isHttp2(req) && namesTwoHosts(req)) return answer(context, plainPage(400), within)
    if (native && unspeakable.test(request.method)) return answer(context, plainPage(501), within)
    try {
      const response = app(native ? request.native : request, context)
      if (!isPromise(response)) return answer(context, response, within)
      response.then(
        (later) => answer(context, later, within),
        (error: unknown) => refuse(context, error, within),
      )
    } catch (error) {
      refuse(context, error, within)
    }
  }
  // oxlint-disable-next-line no-unsafe-type-assertion -- over HTTP/2 Node hands out what passes for those of HTTP/1
  return listener as NodeHandler
}

/** What Fetch refuses to make a Request of ("forbidden method"). */
const unspeakable = /^(?:CONNECT|TRACE|TRACK)$/i

/** Sends what came out of the onion. */
export function answer(context: NodeContext, response: Response, within: Hold | undefined): void {
  try {
    send(context.node.res, response, within, (error) => refuse(context, error, within))
  } catch (error) {
    refuse(context, error, within)
  }
}

/** An error came out of the onion: a plain 500 if nothing has left yet, else a cut. */
export function refuse(context: NodeContext, error: unknown, within: Hold | undefined): void {
  const { res } = context.node
  // Where nobody waits for an answer, an AbortError says no more than that.
  if (isClosed(res)) {
    if (!isAbort(error)) context.fail(error)
    return
  }
  context.fail(error)
  const hold = holdOf(res)
  const isSent = hold === undefined || hold === within ? res.headersSent : !isUnsent(hold)
  if (isSent) {
    cut(res, error)
    return
  }
  if (hold === within) forgetHead(res)
  send(res, dress(plainPage(500), context), within, (failure) => cut(res, failure))
}

function cut(res: ServerResponse, error: unknown): void {
  res.destroy(error instanceof Error ? error : new Error(String(error)))
}

function isAbort(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError'
}

/** @param names all options that there are */
export function checkOptions(
  name: string,
  app: unknown,
  options: ToNodeOptions,
  names: readonly string[] = optionNames,
): void {
  checkApp(`${name}(…)`, app)
  checkNames(name, options, names)
  const { onError, request } = options
  if (onError !== undefined && typeof onError !== 'function') {
    throw new OptionError(`${name}.onError`, 'a function', onError)
  }
  if (request !== undefined && request !== 'light' && request !== 'native') {
    throw new OptionError(`${name}.request`, "'light' or 'native'", request)
  }
}
