/**
 * Options of refreshing access tokens.
 *
 * @module
 */
import type { SessionStore } from '../store/store.ts'

/** See {@link OidcOptions.refresh}. */
export interface RefreshOptions {
  /**
   * How long before its end an access token is refreshed; half of its life at most. Until it has ended a provider in
   * trouble is not felt.
   *
   * Unit: seconds; a number >= 0.
   *
   * @default 60
   */
  readonly ahead?: number
  /**
   * How long a request that still brings the old cookie gets the new tokens: late tabs, requests side by side.
   *
   * Unit: seconds; a number >= 0.
   *
   * @default 30
   */
  readonly grace?: number
  /**
   * After how long the lock of a machine that has died is free, where the store has locks. One that lives
   * renews it, however slow the provider is.
   *
   * Unit: seconds; a whole number >= 1.
   *
   * @default 10
   */
  readonly lockTTL?: number
  /**
   * For sessions in cookies alone, on several machines: a store that these share, with locks, such as `redisStore()`.
   * One of them refreshes, the others get its result. Nothing but locks and results is in it, sealed and for a short
   * while; a `session.store` does it by itself.
   *
   * @default none: one refresh in each process
   */
  readonly coordinator?: SessionStore
}
