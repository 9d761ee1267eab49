/**
 * The context of a request on hosts that speak Fetch themselves.
 *
 * @module
 */
import type { Context, Finished, UpgradeOffer } from '../app.ts'

/** What a host tells of a request. */
export interface WebHost {
  readonly platform: Context['platform']
  readonly env: unknown
  readonly ip: string | undefined
  /** Keeps the isolate alive for a task; left out where the process lives on by itself. */
  readonly waitUntil?: (task: Promise<unknown>) => void
  readonly onError: (error: unknown, context: Context | undefined) => void
}

export class WebContext implements Context {
  readonly platform: Context['platform']
  readonly env: unknown
  ip: string | undefined
  readonly upgrade?: UpgradeOffer
  /** What the app or a wrapper failed with. */
  error: unknown = null
  /** Hooks of `onFinish`, in the order in which they were added. */
  hooks: ((finished: Finished) => void)[] | undefined = undefined
  readonly #host: WebHost

  constructor(host: WebHost, protocol: string | null) {
    this.platform = host.platform
    this.env = host.env
    this.ip = host.ip
    this.#host = host
    if (protocol !== null) this.upgrade = { protocol: protocol.toLowerCase() }
  }

  waitUntil(task: Promise<unknown>): void {
    const caught = task.catch((error: unknown) => this.#host.onError(error, this))
    this.#host.waitUntil?.(caught)
  }

  onFinish(hook: (finished: Finished) => void): void {
    ;(this.hooks ??= []).push(hook)
  }

  fail(error: unknown): void {
    this.error = error
    this.#host.onError(error, this)
  }

  /** Runs the hooks once, last added first. */
  finish(finished: Finished): void {
    const { hooks } = this
    this.hooks = undefined
    for (const hook of hooks?.toReversed() ?? []) {
      try {
        hook(finished)
      } catch (error) {
        this.#host.onError(error, this)
      }
    }
  }
}
