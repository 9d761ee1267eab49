/**
 * Options of sessions: where they are kept, how long they last, and what they may take.
 *
 * @module
 */
import type { SessionStore } from '../store/store.ts'

/** The session: in sealed cookies, or in a store. */
export interface SessionOptions {
  /**
   * Where sessions are kept: `memoryStore()`, `redisStore()` of `@outerware/oauth2/redis`, or one of your own. The
   * cookie then holds a random id; the store knows its hash, and a sealed value. It is asked at each request, so a
   * session that is ended is over at once, everywhere.
   *
   * @default none: the session itself is in sealed cookies
   */
  readonly store?: SessionStore
  readonly cookie?: CookieOptions
  /**
   * Ends a session that is not used for so long. It is prolonged in steps of a twentieth.
   *
   * Unit: seconds; a whole number >= 60.
   *
   * @default 86_400 (one day)
   */
  readonly rollingDuration?: number
  /**
   * Ends a session so long after login, however busy it is. A claim `session_expiry` of the provider may end it sooner.
   *
   * Unit: seconds; a whole number >= `rollingDuration`.
   *
   * @default 604_800 (seven days)
   */
  readonly absoluteDuration?: number
  /**
   * What the whole `Cookie` header may come to, the app's own cookies included. A session that is too large loses
   * first its ID token, then all claims but those that are named or commonly needed; if that is not enough, login
   * fails with a page that says so. With a `store` there is no such limit.
   *
   * Unit: bytes; a whole number >= 2048. nginx takes 8192 for one line, Node 16384 for the whole head.
   *
   * @default 8192
   */
  readonly maxHeaderBytes?: number
  /**
   * How much of what was opened is kept in memory, so that a signed-in request is not deciphered again.
   *
   * @default { entries: 5000, bytes: 33_554_432 (32 MiB) }
   */
  readonly cache?: CacheOptions
  /**
   * The claims to keep, by name, beside `sub` and those that `allow` and `identityHeaders` name.
   *
   * @default all that the provider gives, without those of the protocol (`aud`, `exp`, `nonce` ...)
   */
  readonly claims?: readonly string[]
}

/** See {@link SessionOptions.cache}. */
export interface CacheOptions {
  /**
   * How many sessions. 0 keeps none.
   *
   * Unit: sessions; a whole number >= 0.
   *
   * @default 5000
   */
  readonly entries?: number
  /**
   * What they may come to: each counts three times the length of its seal, and 600.
   *
   * Unit: bytes; a whole number >= 0.
   *
   * @default 33_554_432 (32 MiB)
   */
  readonly bytes?: number
}

/** The cookies of a gate. Two gates on one host need two names. */
export interface CookieOptions {
  /**
   * The name; on https `__Host-` comes before it. Cookies whose name begins with it and a dot are the gate's too.
   *
   * @default 'oidc'
   */
  readonly name?: string
  /**
   * `none` is for a site that is shown in frames of other sites, and needs https.
   *
   * @default 'lax'
   */
  readonly sameSite?: 'lax' | 'none'
}
