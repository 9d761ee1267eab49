/**
 * The contract: what an app is, and what a wrapper is. Read this file first.
 *
 *     request  ─▶ wrapper ─▶ wrapper ─▶ app
 *     response ◀─ wrapper ◀─ wrapper ◀─ app
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * A Fetch handler: takes a request and its context, gives a response, at once or later.
 *
 * `Needs` are the keys that wrappers outside must have put on the context. An app that needs
 * `{ auth: Auth }` does not compile without a wrapper that adds it. A plain `(request) => Response` is an app.
 */
export type App<Needs extends object = {}> = (
  request: Request,
  context: Context & Needs,
) => Response | Promise<Response>

/**
 * Takes an app and returns an app.
 *
 * `Adds` is what the wrapper puts on the context for the apps inside; `Needs` is what a wrapper
 * further out must have put there already.
 *
 * @example
 * const timing: Wrapper = (app) => (request, context) => {
 *   const start = performance.now()
 *   return after(app(request, context), (response) =>
 *     editHeaders(response, (headers) => headers.set('server-timing', `app;dur=${performance.now() - start}`)))
 * }
 */
export interface Wrapper<Adds extends object = {}, Needs extends object = {}> {
  <C extends object = {}>(app: App<C & Adds & Needs> & Clash<Adds, C>): App<Without<C, Adds> & Needs>
  readonly [adds]?: Adds
  readonly [needs]?: Needs
}

/** One object per request, made by the host, passed inward by identity. A wrapper assigns its own key. */
export interface Context {
  readonly platform: 'node' | 'bun' | 'deno' | 'workers' | 'test'
  /** Address of the peer; `undefined` where the platform does not tell. `trustedProxy()` may replace it. */
  ip: string | undefined
  /** Bindings on Workers, `process.env` elsewhere. */
  readonly env: unknown
  /** Lets a task outlive the response. A graceful stop waits for it; a rejection is reported, never thrown. */
  waitUntil(task: Promise<unknown>): void
  /**
   * Calls the hook once, when the response has left or can no longer leave. Hooks run last added first;
   * one that throws is reported and stops nobody.
   */
  onFinish(hook: (finished: Finished) => void): void
  /** The real pair, on Node only. */
  readonly node?: { readonly req: IncomingMessage; readonly res: ServerResponse }
  /** Present when the client asks for another protocol, such as a WebSocket. */
  readonly upgrade?: UpgradeOffer
}

/** How a response ended. */
export interface Finished {
  /** The status that went out; `null` when no head was sent. */
  readonly status: number | null
  readonly outcome: 'sent' | 'aborted' | 'error'
  /** What went wrong, with outcome `error`; else `null`. */
  readonly error: unknown
  /** What `sent` is worth: `os` handed to the kernel; `pulled` the platform has read the body; `returned` handed over. */
  readonly evidence: 'os' | 'pulled' | 'returned'
  /** Bytes of the body that were handed over, where the platform tells. */
  readonly bytes?: number
}

/** What the client asks for with `Upgrade` (RFC 9110, section 7.8). */
export interface UpgradeOffer {
  /** Lower-cased protocol, such as `websocket`. */
  readonly protocol: string
  readonly node?: { readonly socket: Duplex; readonly head: Buffer }
}

/** The two halves of a wrapper, for those that need no try or finally around the app. */
export interface Hooks<Adds extends object = {}, Needs extends object = {}> {
  /** A Response answers in the app's place; `undefined` goes on to the app. */
  request?(
    request: Request,
    context: Context & Partial<Adds> & Needs,
  ): Response | undefined | Promise<Response | undefined>
  /** Sees every response of the layers inside, and what the request half answered. */
  response?(response: Response, request: Request, context: Context & Adds & Needs): Response | Promise<Response>
}

/** What a wrapper adds to the context. */
export type AddsOf<W> = W extends { readonly [adds]?: infer A extends object } ? A : {}
/** What a wrapper needs on the context. */
export type NeedsOf<W> = W extends { readonly [needs]?: infer N extends object } ? N : {}

declare const adds: unique symbol
declare const needs: unique symbol

/** `C` as the outside sees it: without what this wrapper adds. */
type Without<C, A> = [keyof A] extends [never] ? C : Omit<C, keyof A>

/** A parameter is contravariant, so a clash of types would pass as `never`; this conjunct refuses it. */
type Clash<A, C> =
  A extends Pick<C, keyof A & keyof C> ? unknown : { 'this wrapper adds a value of another type than the app wants': A }
