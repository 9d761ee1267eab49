/**
 * Options of the gate's own paths.
 *
 * @module
 */

/** See {@link OidcOptions.routes}. Each is a path, under the path of `baseURL`. */
export interface RouteOptions {
  /**
   * Begins a login; with `?prompt=login` the provider asks who is there, although it may know somebody.
   *
   * @default '/auth/login'
   */
  readonly login?: string
  /**
   * The redirect URI, to be registered at the provider.
   *
   * @default '/auth/callback'
   */
  readonly callback?: string
  /**
   * Signs out; with `idpLogout` the browser comes back here, so it is the post-logout redirect URI to be registered.
   *
   * @default '/auth/logout'
   */
  readonly logout?: string
  /**
   * Takes the provider's logout tokens, where `backchannelLogout` is on.
   *
   * @default '/auth/backchannel-logout'
   */
  readonly backchannelLogout?: string
}
