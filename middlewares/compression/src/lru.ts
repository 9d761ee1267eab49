/**
 * What is kept up to a number of bytes; what was not used for the longest goes first.
 *
 *     oldest ⇄ … ⇄ … ⇄ newest
 *
 * The entries are chained in the order of their use: to move one takes six assignments. A Map in that order would take a
 * deletion and an insertion for every use, which is more than all else that a use costs.
 *
 * @module
 */

/** An entry, and those beside it in the chain. */
export interface Link<E> {
  readonly key: string
  /** What it takes, in bytes. */
  memory: number
  isKept: boolean
  older: E | undefined
  newer: E | undefined
}

/** Entries by their keys. */
export class Lru<E extends Link<E>> {
  readonly #most: number
  readonly #entries = new Map<string, E>()
  #oldest: E | undefined
  #newest: E | undefined
  readonly #release: (entry: E) => void
  #memory = 0

  /**
   * @param most what all take together, in bytes
   * @param release lets go what an entry holds that is kept no longer: others may still hold the entry
   */
  constructor(most: number, release: (entry: E) => void) {
    this.#most = most
    this.#release = release
  }

  get(key: string): E | undefined {
    return this.#entries.get(key)
  }

  /** Says that an entry that is kept was used just now. */
  use(entry: E): void {
    if (entry === this.#newest) return
    this.#unchain(entry)
    this.#chain(entry)
  }

  /** Keeps an entry, unless it takes more than all may take together. */
  add(entry: E): void {
    if (entry.memory > this.#most) return
    const before = this.#entries.get(entry.key)
    if (before !== undefined) this.#drop(before)
    this.#entries.set(entry.key, entry)
    this.#chain(entry)
    entry.isKept = true
    this.#memory += entry.memory
    while (this.#memory > this.#most && this.#oldest !== undefined) this.#drop(this.#oldest)
  }

  /** Says what an entry that is kept takes from now on, which is less than before. */
  shrink(entry: E, memory: number): void {
    this.#memory += memory - entry.memory
    entry.memory = memory
  }

  #drop(entry: E): void {
    entry.isKept = false
    this.#unchain(entry)
    this.#entries.delete(entry.key)
    this.#memory -= entry.memory
    this.#release(entry)
  }

  #chain(entry: E): void {
    entry.older = this.#newest
    entry.newer = undefined
    if (this.#newest === undefined) this.#oldest = entry
    else this.#newest.newer = entry
    this.#newest = entry
  }

  #unchain({ older, newer }: E): void {
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
  }
}
