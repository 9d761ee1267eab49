/**
 * A store in the memory of one process, bounded: for one machine, for development, for tests.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import { Queue } from './queue.ts'
import type { SessionStore } from './store.ts'

/** Options of {@link memoryStore}. */
export interface MemoryStoreOptions {
  /**
   * How many values are kept. When there is no more room the value that was written first has to go, and with it its
   * session.
   *
   * Unit: values; a whole number >= 1.
   *
   * @default 10_000
   */
  readonly entries?: number
  /**
   * How much all names and values may come to.
   *
   * Unit: characters; a whole number >= 1. A session takes some 2000, most of them its tokens.
   *
   * @default 67_108_864 (64 Mi)
   */
  readonly size?: number
}

/**
 * Makes a store in memory. It answers at once, so a signed-in request is not awaited.
 *
 * A restart signs everybody out, and several processes know nothing of each other: `redisStore()` is for those.
 *
 * @throws {@link OptionError} `memoryStore.entries`, `memoryStore.size`
 * @example
 * oidc({ …, session: { store: memoryStore() } })
 */
export function memoryStore(options: MemoryStoreOptions = {}): SessionStore {
  const { entries = 10_000, size = 64 * 1024 * 1024 } = options
  for (const [name, value] of Object.entries({ entries, size })) {
    if (!Number.isInteger(value) || value < 1)
      throw new OptionError(`memoryStore.${name}`, 'a whole number >= 1', value)
  }
  return new MemoryStore(entries, size)
}

/** Tells whether a store is one of these. */
export function isInMemory(store: SessionStore): boolean {
  return store instanceof MemoryStore
}

interface Slot {
  readonly value: string
  /** Milliseconds since 1970. */
  readonly until: number
}

class MemoryStore implements SessionStore {
  readonly #slots = new Map<string, Slot>()
  readonly #sets = new Map<string, Map<string, number>>()
  readonly #queue = new Queue()
  readonly #entries: number
  readonly #size: number
  #used = 0
  #sweepAt = 0

  constructor(entries: number, size: number) {
    this.#entries = entries
    this.#size = size
  }

  get(key: string): string | undefined {
    const slot = this.#slots.get(key)
    if (slot === undefined) return undefined
    if (slot.until > Date.now()) return slot.value
    this.delete(key)
    return undefined
  }

  set(key: string, value: string, { ttl }: { readonly ttl: number }): void {
    this.delete(key)
    this.#sweep()
    this.#slots.set(key, { value, until: Date.now() + ttl * 1000 })
    this.#used += costOf(key, value)
    for (const first of this.#slots.keys()) {
      if (this.#slots.size <= this.#entries && this.#used <= this.#size) return
      this.delete(first)
    }
  }

  delete(key: string): void {
    const slot = this.#slots.get(key)
    if (slot === undefined) return
    this.#slots.delete(key)
    this.#used -= costOf(key, slot.value)
  }

  /** Nobody dies here without the others, so a lock needs no end. */
  lock(key: string): Promise<() => void> {
    return this.#queue.take(key)
  }

  index(set: string, key: string, ttl: number): void {
    const members = this.#sets.get(set) ?? new Map<string, number>()
    this.#sets.delete(set)
    this.#sets.set(set, members.set(key, Date.now() + ttl * 1000))
    if (this.#sets.size > this.#entries) this.#sets.delete(this.#sets.keys().next().value!)
    forgetPast(members)
  }

  members(set: string): string[] {
    const members = this.#sets.get(set)
    if (members === undefined) return []
    forgetPast(members)
    return [...members.keys()]
  }

  /** What nobody asks for again goes within a minute of its end. */
  #sweep(): void {
    const now = Date.now()
    if (now < this.#sweepAt) return
    this.#sweepAt = now + SWEEP_MS
    for (const [key, { until }] of this.#slots) if (until <= now) this.delete(key)
    for (const [set, members] of this.#sets) {
      forgetPast(members)
      if (members.size === 0) this.#sets.delete(set)
    }
  }
}

const SWEEP_MS = 60_000

function costOf(key: string, value: string): number {
  return key.length + value.length
}

function forgetPast(members: Map<string, number>): void {
  const now = Date.now()
  for (const [key, until] of members) if (until <= now) members.delete(key)
}
