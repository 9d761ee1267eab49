/**
 * Finding out about a provider: asked once, and then never on the request path.
 *
 * @module
 */
import type { AuthorizationServer } from 'oauth4webapi'
import { OAuthError } from '../errors.ts'
import { Pause } from './pause.ts'
import { translate } from './translate.ts'

/** What describes itself by metadata. */
export interface Described {
  readonly server: AuthorizationServer
}

/** Finds a provider out, and keeps what it has found. */
export class Discovery<T extends Described> {
  readonly #look: () => Promise<T>
  readonly #report: (error: OAuthError) => void
  #known: T | undefined
  #freshUntil = 0
  #asking: Promise<T> | undefined
  #failures = 0
  #lastError: OAuthError | undefined
  readonly #pause = new Pause()

  /**
   * @param look asks the provider
   * @param report hears of each attempt that has failed
   */
  constructor(look: () => Promise<T>, report: (error: OAuthError) => void) {
    this.#look = look
    this.#report = report
  }

  /**
   * Gives the provider: at once, once it is known. After an hour it is asked again, behind the back of the requests.
   *
   * @throws OAuthError at once while a failed attempt is recent: from half a second, doubled up to half a minute
   */
  get(): T | Promise<T> {
    if (this.#known !== undefined) {
      if (Date.now() >= this.#freshUntil && this.#pause.isOver) this.#ask().catch(() => {})
      return this.#known
    }
    if (this.#asking === undefined && this.#lastError !== undefined && !this.#pause.isOver) throw this.#lastError
    return this.#ask()
  }

  /** The same, with the error as a value: it has been reported already. */
  async find(): Promise<T | OAuthError> {
    try {
      return await this.get()
    } catch (error) {
      return translate(error, 'discovery')
    }
  }

  #ask(): Promise<T> {
    return (this.#asking ??= this.#discover().finally(() => {
      this.#asking = undefined
    }))
  }

  async #discover(): Promise<T> {
    try {
      const provider = await this.#look()
      this.#failures = 0
      this.#freshUntil = Date.now() + FRESH_MS
      // The same object as long as it says the same: the keys of the provider are cached by it.
      if (!isSame(this.#known, provider)) this.#known = provider
      return this.#known!
    } catch (cause) {
      const error = translate(cause, 'discovery')
      const delay = Math.min(FIRST_DELAY_MS * 2 ** this.#failures++, LAST_DELAY_MS)
      this.#pause.begin(delay)
      this.#lastError = new OAuthError(error.code, error.message, { retryAfter: Math.ceil(delay / 1000) })
      this.#report(error)
      throw this.#lastError
    }
  }
}

const FRESH_MS = 3_600_000
const [FIRST_DELAY_MS, LAST_DELAY_MS] = [500, 30_000]

function isSame(known: Described | undefined, found: Described): boolean {
  return known !== undefined && JSON.stringify(known.server) === JSON.stringify(found.server)
}
