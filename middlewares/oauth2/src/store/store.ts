/**
 * Where sessions are kept, if not in cookies: a small interface, over whatever a site has.
 *
 * @module
 */

/** At hand, or promised. A store that is at hand costs a request no turn of the event loop. */
export type Eventually<T> = T | Promise<T>

/**
 * Keeps texts by name, each for a while: `memoryStore()` in one process, `redisStore()` for several.
 *
 * Whoever reads the store gets no session out of it: names are hashes of what the cookies hold, values are sealed.
 */
export interface SessionStore {
  /** Gives a value; `null` or `undefined` if there is none, or its time is over. */
  get(key: string): Eventually<string | null | undefined>
  /**
   * Keeps a value, in the place of the one that was there.
   *
   * @param options `ttl`: how long to keep it, in seconds; a whole number >= 1
   */
  set(key: string, value: string, options: { readonly ttl: number }): Eventually<unknown>
  /** Forgets a value; it is no error if there is none. */
  delete(key: string): Eventually<unknown>
  /**
   * Waits until nobody else holds the lock of that name, on any machine, and takes it. Without it a refresh is done
   * once in each process, not once in all of them.
   *
   * @param ttl after so many seconds the lock of a machine that has died is free; one that lives renews it
   * @returns gives the lock back
   */
  lock?(key: string, ttl: number): Promise<() => Eventually<unknown>>
  /**
   * Puts a key into a set, for so many seconds. With `members` the provider can end sessions by user and by login;
   * without them a denylist does it, which is asked at each request.
   */
  index?(set: string, key: string, ttl: number): Eventually<unknown>
  /** Gives the keys of a set; keys whose time is over may be among them. */
  members?(set: string): Eventually<readonly string[]>
}

/** Gives a lock back. */
export type Release = () => Eventually<unknown>

/** A store that has locks. */
export type LockingStore = SessionStore & Required<Pick<SessionStore, 'lock'>>

/** Goes on with a value: in the same turn if it is at hand, later if it is promised. */
export function whenThere<T, R>(value: Eventually<T>, next: (value: T) => Eventually<R>): Eventually<R> {
  return isPromised(value) ? Promise.resolve(value).then(next) : next(value)
}

/** Tells whether a value is yet to come. Promises of another realm, or of a library, are promises too. */
export function isPromised<T>(value: Eventually<T>): value is Promise<T> {
  if (value instanceof Promise) return true
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
