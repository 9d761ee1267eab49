/**
 * A bounded memory of names, each up to a time: logins that have been used, sessions that have ended.
 *
 * @module
 */

/** Remembers names. When it is full the one that was added first is forgotten. */
export class Memory {
  readonly #until = new Map<string, number>()
  readonly #most: number

  constructor(most = 10_000) {
    this.#most = most
  }

  /** @param until milliseconds since 1970 */
  add(name: string, until: number): void {
    this.#until.delete(name)
    this.#until.set(name, until)
    const now = Date.now()
    for (const [oldest, end] of this.#until) {
      if (end > now && this.#until.size <= this.#most) return
      this.#until.delete(oldest)
    }
  }

  has(name: string): boolean {
    const until = this.#until.get(name)
    return until !== undefined && until > Date.now()
  }
}
