/**
 * The bounded cache of opened session cookies, so that a signed-in request costs microseconds.
 *
 * Only what was opened with all its checks gets in, so forged cookies never do. A hit means the very same cookie,
 * compared as a whole; what may change with time is checked again by who asks.
 *
 * @module
 */

/** What is kept: whatever was opened, with the cookie that it came from. */
export interface Entry {
  readonly sealed: string
  /** The login that it belongs to. */
  readonly sid: string
  /** Milliseconds since 1970. */
  readonly endsAt: number
}

/** The bounds of a cache. */
export interface Bounds {
  readonly entries: number
  readonly bytes: number
  /** How many cookies of one login are kept: it has several only while tokens are refreshed. */
  readonly perLogin: number
}

/** Entries by the last characters of their cookie: the tag of the seal, 128 bits that nobody can guess. */
export class Cache<T extends Entry> {
  readonly #bounds: Bounds
  readonly #slots = new Map<string, Slot<T>>()
  readonly #logins = new Map<string, Set<string>>()
  #bytes = 0
  #nextSweep = 0

  constructor(bounds: Omit<Bounds, 'perLogin'>) {
    this.#bounds = { ...bounds, perLogin: PER_LOGIN }
  }

  /** Finds what this very cookie was opened to. */
  get(sealed: string): T | undefined {
    const slot = this.#slots.get(keyOf(sealed))
    // Comparing stops at the first difference, but whoever got here knows the tag, and so the whole.
    if (slot === undefined || slot.entry.sealed !== sealed) return undefined
    slot.recent = true
    return slot.entry
  }

  /** All that is kept. */
  *values(): Iterable<T> {
    for (const { entry } of this.#slots.values()) yield entry
  }

  /** Keeps an entry. Its cookie must be a string of its own: a slice would keep the whole header in memory. */
  put(entry: T): void {
    if (this.#bounds.entries === 0 || costOf(entry) > this.#bounds.bytes) return
    const now = Date.now()
    if (now >= this.#nextSweep) this.#sweep(now)
    const key = keyOf(entry.sealed)
    this.#drop(key)
    const login = this.#logins.get(entry.sid)
    if (login !== undefined && login.size >= this.#bounds.perLogin) this.#drop(first(login)!)
    this.#makeRoom(costOf(entry))
    this.#slots.set(key, { entry, recent: false })
    this.#bytes += costOf(entry)
    this.#logins.set(entry.sid, (this.#logins.get(entry.sid) ?? new Set()).add(key))
  }

  /** Forgets one cookie. */
  delete(sealed: string): void {
    this.#drop(keyOf(sealed))
  }

  /** Forgets all cookies of a login. */
  deleteLogin(sid: string): void {
    for (const key of this.#logins.get(sid) ?? []) this.#drop(key)
  }

  /** Second chance: what was asked for goes to the end of the queue, once; the first that was not has to leave. */
  #makeRoom(cost: number): void {
    const { entries, bytes } = this.#bounds
    while (this.#slots.size > 0 && (this.#slots.size >= entries || this.#bytes + cost > bytes)) {
      const key = first(this.#slots.keys())!
      const slot = this.#slots.get(key)!
      if (!slot.recent) this.#drop(key)
      else {
        slot.recent = false
        this.#slots.delete(key)
        this.#slots.set(key, slot)
      }
    }
  }

  #drop(key: string): void {
    const slot = this.#slots.get(key)
    if (slot === undefined) return
    this.#slots.delete(key)
    this.#bytes -= costOf(slot.entry)
    const login = this.#logins.get(slot.entry.sid)
    login?.delete(key)
    if (login?.size === 0) this.#logins.delete(slot.entry.sid)
  }

  /** Tokens do not stay in memory much longer than their session. */
  #sweep(now: number): void {
    this.#nextSweep = now + SWEEP_MS
    for (const [key, { entry }] of this.#slots) if (entry.endsAt <= now) this.#drop(key)
  }
}

interface Slot<T> {
  readonly entry: T
  recent: boolean
}

const PER_LOGIN = 4
const TAG = 22
const SWEEP_MS = 60_000

function keyOf(sealed: string): string {
  return sealed.slice(-TAG)
}

/** Measured: an opened session takes about three times its cookie, and some for the objects around it. */
function costOf({ sealed }: Entry): number {
  return sealed.length * 3 + 600
}

function first<T>(values: Iterable<T>): T | undefined {
  for (const value of values) return value
  return undefined
}
