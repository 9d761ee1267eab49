/**
 * Options of API clients: which access tokens are taken.
 *
 * @module
 */

/** See {@link OidcOptions.bearer}. */
export interface BearerOptions {
  /**
   * Whom tokens must be made for: this API's own identifier at the issuer. One that is an address of this site is
   * its resource identifier too (RFC 9728), else that is `baseURL`.
   */
  readonly audience: string | readonly string[]
  /**
   * The scopes that every token must have.
   *
   * @default []
   */
  readonly scopes?: readonly string[]
  /**
   * Who may have made it, as the claim `iss` and their metadata say.
   *
   * @default [issuer]
   */
  readonly issuers?: readonly string[]
}
