/**
 * A bound on how many streams are coded at one time.
 *
 * @module
 */
import type { Context } from '@outerware/core'

/** Lets so many in, each until its response has left or can no longer leave. */
export class Gate {
  readonly #most: number
  #inside = 0

  constructor(most: number) {
    this.#most = most
  }

  /** The question for one request: whether a stream may be coded. */
  for(context: Context): () => boolean {
    return this.#most === Infinity ? always : () => this.#enter(context)
  }

  #enter(context: Context): boolean {
    if (this.#inside >= this.#most) return false
    this.#inside++
    // Not by the codec's end: a wrapper outside may drop the body, and no codec is ever made.
    context.onFinish(() => void this.#inside--)
    return true
  }
}

const always = (): boolean => true
