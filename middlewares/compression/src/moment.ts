/**
 * What is held for a moment only.
 *
 * @module
 */
import { setTimeout } from 'node:timers'

/** In milliseconds. */
const MOMENT = 1000

/** Has things let go of what they hold, a moment after; by one timer for all, and none while there are none. */
export class Moment<T> {
  readonly #letGo: (thing: T) => void
  #things: T[] = []

  constructor(letGo: (thing: T) => void) {
    this.#letGo = letGo
  }

  add(thing: T): void {
    if (this.#things.push(thing) === 1) setTimeout(() => this.#end(), MOMENT).unref()
  }

  #end(): void {
    for (const thing of this.#things.splice(0)) this.#letGo(thing)
  }
}
