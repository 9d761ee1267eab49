/**
 * Locks of one process: whoever comes waits for who came before.
 *
 * @module
 */

/** Locks by name. */
export class Queue {
  readonly #last = new Map<string, Promise<void>>()

  /** Waits for the lock of a name, and gives what gives it back. */
  async take(name: string): Promise<() => void> {
    const before = this.#last.get(name)
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    this.#last.set(name, held)
    await before
    return () => {
      if (this.#last.get(name) === held) this.#last.delete(name)
      release()
    }
  }
}
