/**
 * The context of a request on Node. It is made for every request, so it makes nothing by itself.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Context, Finished, UpgradeOffer } from '../app.ts'
import { whenFinished } from './finish.ts'

/** What the requests of one listener share. */
export interface Host {
  /** Hears of errors that no wrapper has answered, and of background tasks that failed. */
  readonly onError: (error: unknown, context: Context | undefined) => void
  /** Tasks of `waitUntil` that run yet. */
  readonly tasks: Set<Promise<unknown>>
}

export class NodeContext implements Context {
  readonly platform = 'node'
  readonly node: { readonly req: IncomingMessage; readonly res: ServerResponse }
  readonly upgrade?: UpgradeOffer
  /** The offer was taken: the exchange ends with its socket. */
  upgraded = false
  /** What the app or a wrapper failed with. */
  error: unknown = null
  /** A Node app has been called for this request. */
  taken = false
  readonly #host: Host
  /** `null` until it is asked for; a wrapper may have set `undefined`. */
  #ip: string | undefined | null = null
  #finish: ((finished: Finished) => void)[] | undefined = undefined

  constructor(req: IncomingMessage, res: ServerResponse, host: Host, upgrade?: UpgradeOffer) {
    this.node = { req, res }
    this.#host = host
    if (upgrade !== undefined) this.upgrade = upgrade
  }

  get env(): NodeJS.ProcessEnv {
    return process.env
  }

  get ip(): string | undefined {
    if (this.#ip === null) this.#ip = this.node.req.socket.remoteAddress
    return this.#ip
  }

  set ip(address: string | undefined) {
    this.#ip = address
  }

  /** The request has failed, with this. */
  fail(error: unknown): void {
    this.error = error
    this.report(error)
  }

  /** Something has failed that does not change how the response ends. */
  report(error: unknown): void {
    this.#host.onError(error, this)
  }

  waitUntil(task: Promise<unknown>): void {
    const { tasks, onError } = this.#host
    const done = task.then(
      () => void tasks.delete(done),
      (error: unknown) => {
        tasks.delete(done)
        onError(error, this)
      },
    )
    tasks.add(done)
  }

  onFinish(hook: (finished: Finished) => void): void {
    if (this.#finish !== undefined) {
      this.#finish.push(hook)
      return
    }
    const hooks = (this.#finish = [hook])
    whenFinished(this, (finished) => {
      for (let i = hooks.length - 1; i >= 0; i--) {
        try {
          hooks[i]!(finished)
        } catch (error) {
          this.#host.onError(error, this)
        }
      }
    })
  }
}

// On req itself: a WeakMap with an entry for each request costs the garbage collector more than the request.
const key: unique symbol = Symbol.for('outerware.context')

interface Remembering {
  [key]?: Context
}

/** Lets {@link contextOf} find the context from inside the Node app. */
export function remember(req: IncomingMessage & Remembering, context: Context): void {
  req[key] = context
}

/**
 * Gives the context of a request inside a Node app, such as an Express handler.
 *
 * @returns `undefined` outside of `fromNode()`
 * @example
 * app.get('/', (req, res) => res.send(contextOf(req)?.auth.email))
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what the wrappers add is the caller's to say
export function contextOf<C extends object = {}>(req: IncomingMessage): (Context & C) | undefined {
  const remembering: IncomingMessage & Remembering = req
  // oxlint-disable-next-line no-unsafe-type-assertion -- the caller knows what its wrappers add
  return remembering[key] as (Context & C) | undefined
}
