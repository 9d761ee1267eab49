/**
 * The head of a streamed answer waits for the first byte of the body, a turn at most: what fails in that time is
 * answered as any other error. Then it goes, as EventSource and streaming clients expect.
 *
 * @module
 */
import { isClosed } from '../closed.ts'
import type { Exit } from './exit.ts'

export class Opening {
  readonly #exit: Exit
  #state: 'waiting' | 'open' | 'failed' = 'waiting'

  constructor(exit: Exit) {
    this.#exit = exit
    setImmediate(() => {
      if (this.#state === 'waiting' && !isClosed(exit.res) && this.open()) exit.wire.flushHeaders.call(exit.res)
    })
  }

  /** Says the head, if nobody has yet; tells whether the body may follow. */
  open(): boolean {
    if (this.#state !== 'waiting') return this.#state === 'open'
    this.#state = 'open'
    try {
      this.#exit.sayHead()
    } catch (error) {
      this.fail(error)
    }
    return this.#state === 'open'
  }

  /** What is said to nobody cannot fail. */
  fail(error: unknown): void {
    if (this.#state === 'failed' || isClosed(this.#exit.res)) return
    this.#state = 'failed'
    this.#exit.fail(error)
  }
}
