/**
 * The options of `oidc()`: the gate itself here, and each of its parts in a file of its own.
 *
 * @module
 */
import type { Events } from '../gate/events.ts'
import type { SessionStore } from '../store/store.ts'
import type { AccessOptions, PublicPath } from './access.ts'
import type { BearerOptions } from './bearer.ts'
import type { ForwardAuthOptions } from './forward-auth.ts'
import type { ProviderOptions } from './provider.ts'
import type { RefreshOptions } from './refresh.ts'
import type { RouteOptions } from './routes.ts'
import type { SessionOptions } from './session.ts'

/** Options of {@link oidc}. `issuer` or `provider`, `clientId`, `baseURL` and `secret` are needed, the rest has defaults. */
export interface OidcOptions<Public extends readonly PublicPath[] = readonly PublicPath[]>
  extends ProviderOptions, AccessOptions<Public> {
  /**
   * Where browsers find this site, such as `https://site.example` or `https://example.com/app`. The redirect URI is
   * made of it and never of the request's `Host` (R5). The gate sees paths as browsers do, with the path of this URL.
   */
  readonly baseURL: string | URL
  /**
   * Seals the cookies: 32 characters or more, random (`openssl rand -base64 32`). Of a list the first one seals
   * and all of them open, so that a secret can be changed without signing anybody out.
   */
  readonly secret: string | readonly string[]
  /** The gate's own paths, under the path of `baseURL`. */
  readonly routes?: RouteOptions
  /**
   * The query parameter of the login and logout routes that says where to go afterwards.
   *
   * @default 'returnTo'
   */
  readonly returnToParam?: string
  /** How long a session lasts, what it holds, and the cookies that it is in. */
  readonly session?: SessionOptions
  /**
   * Refreshing of access tokens, where the provider gives a refresh token. `false` leaves them to expire.
   *
   * @default {}
   */
  readonly refresh?: RefreshOptions | false
  /**
   * Whether signing out here also signs out at the provider (OpenID Connect RP-Initiated Logout 1.0). The address of
   * the logout route must be registered there as a post-logout redirect URI.
   *
   * @default true, if the provider offers it
   */
  readonly idpLogout?: boolean
  /**
   * Takes access tokens in `Authorization` beside sessions, for API clients. A request with that field is judged by it
   * alone, and is never redirected. What is not a JWT access token (RFC 9068) is refused, ID tokens included.
   *
   * @default none are taken; the field is left to the app
   */
  readonly bearer?: BearerOptions
  /**
   * Answers a reverse proxy that asks, for each request, whether it may pass: `auth_request` of nginx, `ForwardAuth` of
   * Traefik, `forward_auth` of Caddy. What it asks about it says in `X-Forwarded-Method`, `-Uri`, `-Host` and
   * `-Proto`, which are read nowhere else.
   *
   * @default nobody is answered
   */
  readonly forwardAuth?: ForwardAuthOptions
  /**
   * Whether the provider may end sessions by a call of its own (OpenID Connect Back-Channel Logout 1.0). The address of
   * the route must be registered there as `backchannel_logout_uri`.
   *
   * With a `session.store` the sessions are deleted. With cookies alone `true` remembers in this process what has
   * ended, the last 10,000 logouts; `{ store }` does so for all machines that share it, each of which hears of it
   * within five seconds.
   *
   * @default true with a `session.store`, else false
   */
  readonly backchannelLogout?: boolean | { readonly store: SessionStore }
  /** Hears of what happens. What a hook throws is written to the console, and changes nothing. */
  readonly on?: Events
}
