/**
 * Options of refreshing access tokens.
 *
 * @module
 */

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
   * After how long the lock of a machine that has died is free, where a `session.store` has locks. One that lives
   * renews it, however slow the provider is.
   *
   * Unit: seconds; a whole number >= 1.
   *
   * @default 10
   */
  readonly lockTTL?: number
}
