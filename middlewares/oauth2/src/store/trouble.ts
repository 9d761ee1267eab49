/**
 * The store's trouble, told once in a while: each request meets it anew.
 *
 * @module
 */
import type { OAuthError } from '../errors.ts'
import { tell, type Events } from '../gate/events.ts'

/** Tells of trouble, at most every five seconds. */
export class Trouble {
  readonly #hook: Events['error']
  #againAt = 0

  constructor(hook: Events['error']) {
    this.#hook = hook
  }

  tell(error: OAuthError): void {
    if (Date.now() < this.#againAt) return
    this.#againAt = Date.now() + AGAIN_MS
    tell(this.#hook, error)
  }
}

const AGAIN_MS = 5000
