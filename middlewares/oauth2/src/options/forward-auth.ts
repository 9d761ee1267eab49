/**
 * Options of forward auth: which proxy asks, and where.
 *
 * @module
 */

/** See {@link OidcOptions.forwardAuth}. */
export interface ForwardAuthOptions {
  /**
   * Who asks. `traefik` (and Caddy) passes every answer on, so browsers are redirected to the provider. `nginx` knows
   * 2xx, 401 and 403 alone: a page gets 401 with a `Location` to sign in at, for `error_page` to redirect to.
   */
  readonly proxy: 'nginx' | 'traefik'
  /**
   * Where it asks, under the path of `baseURL`.
   *
   * @default '/auth/check'
   */
  readonly path?: string
}
