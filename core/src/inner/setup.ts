/**
 * What must be ready before the first request.
 *
 * @module
 */

/** Runs a set-up once, whoever comes first; those who come meanwhile wait for the same promise. */
export interface Setup {
  /** `undefined` once it is done; else a promise that rejects with {@link NotReady} where it failed. */
  ready(): Promise<void> | undefined
}

/** The set-up has failed, and will be tried again. */
export class NotReady extends Error {
  override readonly name = 'NotReady'
  readonly code = 'ERR_NOT_READY'
  readonly status = 503
  /** Seconds until the next try. */
  readonly retryAfter: number
  #isNews: boolean

  constructor(cause: unknown, retryAfter: number, isNews: boolean) {
    super('The site is not ready: its setup failed', { cause })
    this.retryAfter = retryAfter
    this.#isNews = isNews
  }

  /** `true` the first time: somebody has to report it. */
  claim(): boolean {
    const first = this.#isNews
    this.#isNews = false
    return first
  }
}

/**
 * After a failure the next try begins with the first request after 1 s, then 2, 4, … up to 30 s.
 */
export function setupOnce(setup: () => unknown): Setup {
  let done = false
  let running: Promise<void> | undefined
  let failures = 0
  let failed: { readonly cause: unknown; readonly until: number } | undefined

  const run = async (): Promise<void> => {
    try {
      await setup()
      done = true
    } catch (cause) {
      const pause = Math.min(2 ** failures++, 30)
      failed = { cause, until: now() + pause * 1000 }
      throw new NotReady(cause, pause, true)
    }
  }
  return {
    ready() {
      if (done) return undefined
      if (running !== undefined) return running
      const left = failed === undefined ? 0 : failed.until - now()
      if (left > 0) return Promise.reject(new NotReady(failed?.cause, Math.ceil(left / 1000), false))
      // Not in run() itself, which is over before this line if the setup throws at once.
      return (running = run().finally(() => (running = undefined)))
    },
  }
}

/** A clock that nobody sets back. Unit: milliseconds. */
function now(): number {
  return performance.now()
}
