/**
 * A while in which something is not tried again.
 *
 * @module
 */

/** Begins over, and is over as well when the clock is set back: of a time to come nobody knows how far away it is. */
export class Pause {
  #from = 0
  #until = 0

  begin(ms: number): void {
    this.#from = Date.now()
    this.#until = this.#from + ms
  }

  get isOver(): boolean {
    const now = Date.now()
    return now >= this.#until || now < this.#from
  }
}
