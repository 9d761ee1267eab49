/**
 * The options of `oidc()`, and what may be done with them.
 *
 * @module
 */
import type { Context } from '@outerware/core'
import type { JWK } from 'jose'
import type { ClientAuth } from 'oauth4webapi'
import type { Auth } from './gate/auth.ts'
import type { Events } from './gate/events.ts'
import type { OidcProvider } from './presets/preset.ts'
import type { SessionStore } from './store/store.ts'

/** Options of {@link oidc}. `issuer` or `provider`, `clientId`, `baseURL` and `secret` are needed, the rest has defaults. */
export interface OidcOptions<Public extends readonly PublicPath[] = readonly PublicPath[]> {
  /**
   * The provider, as its metadata call it: `https://accounts.example`. Its discovery document is read when first
   * needed. This or `provider`.
   */
  readonly issuer?: string | URL
  /** The provider, by a preset that knows its ways: `google()`, `entra({ tenant })` … */
  readonly provider?: OidcProvider
  /** This site's name at the provider. */
  readonly clientId: string
  /** This site's secret at the provider; without one it is a public client, and PKCE alone protects the code. */
  readonly clientSecret?: string
  /**
   * How this site shows its secret: a method by name, or a `ClientAuth` of `oauth4webapi`, such as `PrivateKeyJwt(key)`.
   *
   * @default 'auto': `private_key_jwt` with a `clientKey`; else `client_secret_basic`, but `client_secret_post` where the provider offers it and the secret has
   *   characters that basic has to encode (RFC 6749, 2.3.1) and many providers do not decode; the other spelling is tried once if the first is refused. `none` without a secret
   */
  readonly clientAuth?: ClientAuthMethod | ClientAuth
  /**
   * The private key that this site shows itself by, as a JWK with its `kid`, in place of a secret: each call is
   * signed (`private_key_jwt`, RFC 7523). The provider has to know the public half.
   */
  readonly clientKey?: JWK
  /**
   * Whether the authorization request goes to the provider directly, so that the browser carries nothing but its name
   * (RFC 9126).
   *
   * @default 'auto': if the provider requires it
   */
  readonly pushedAuthorizationRequests?: 'auto' | boolean
  /**
   * Whether tokens are bound to a key of the login, so that a stolen one is of no use (DPoP, RFC 9449). The key is
   * sealed with the session. Calls with such a token need a proof: `auth.fetch()` makes it.
   *
   * @default false
   */
  readonly dpop?: boolean
  /**
   * Whom access tokens are for: absolute URIs of APIs (resource indicators, RFC 8707).
   *
   * @default []
   */
  readonly resource?: string | readonly string[]
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
  /**
   * What is asked of the provider, separated by spaces; `openid` must be in it. Add `offline_access` where the
   * provider wants that for a refresh token.
   *
   * @default 'openid profile email'
   */
  readonly scope?: string
  /** The gate's own paths, under the path of `baseURL`. */
  readonly routes?: RouteOptions
  /**
   * The query parameter of the login and logout routes that says where to go afterwards.
   *
   * @default 'returnTo'
   */
  readonly returnToParam?: string
  /** More parameters for the authorization request, such as `{ prompt: 'consent' }`. Those of the protocol are the gate's own. */
  readonly authorizationParams?: Readonly<Record<string, string>>
  /**
   * What may be seen without signing in: an exact path (`/public`), all below one (`/public/*`), one of these for a
   * method only, or a function. Paths are decoded, in form NFC, as `pathOf()` reads them; a path with no one reading
   * is not public. Where there are public paths, `context.auth` may be `undefined`.
   *
   * @default []
   */
  readonly publicPaths?: Public
  /**
   * What becomes of a request that nobody has signed in for: `redirect` to the provider, or `401`. A function may
   * say which, or answer itself.
   *
   * @default 'auto': redirect for navigations (Sec-Fetch-Mode, else Accept with html; GET and HEAD only), 401 for all else
   */
  readonly unauthenticated?: 'auto' | Turn | ((request: Request, context: Context) => Turn | 'auto' | Response)
  /**
   * Who may pass.
   *
   * @default everybody whom the provider knows
   */
  readonly allow?: AllowOptions
  /**
   * Answers a user who is signed in and may not pass.
   *
   * @default a page, or a problem document, with status 403
   */
  readonly forbidden?: (request: Request, context: Context & { readonly auth: Auth }) => Response | Promise<Response>
  /**
   * Header fields for the app inside, each with the claim that it carries: `{ 'x-forwarded-user': 'sub' }`. Values
   * outside printable ASCII, and `%`, are percent-encoded as UTF-8; the members of a list are joined by commas.
   * What a client sends in these fields, or in the usual ones (`x-forwarded-user`, `x-auth-request-email`,
   * `remote-user` ...), is removed from every request, in spellings with `_` too. `false` leaves the fields of the
   * client to the app: never do that if the app believes them.
   *
   * @default {}: remove the usual fields, add none
   */
  readonly identityHeaders?: Readonly<Record<string, string>> | false
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
   * Paths that ask for a login of a certain kind, or a recent one; the first rule that matches says it. A browser is
   * sent to sign in again, a client with a token gets 401 with `insufficient_user_authentication` (RFC 9470).
   *
   * @default []
   */
  readonly stepUp?: readonly StepUpRule[]
  /**
   * Other origins, spelt as browsers spell them, whose pages may open WebSockets with the session of a user. To those of
   * all others nobody is signed in.
   *
   * @default []
   */
  readonly trustedOrigins?: readonly string[]
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
  /**
   * How far the provider's clock may be off.
   *
   * Unit: seconds; a whole number >= 0.
   *
   * @default 30
   */
  readonly clockTolerance?: number
  /**
   * `true` permits a provider over http, on loopback only: for tests and development.
   *
   * @default false
   */
  readonly allowInsecureRequests?: boolean
  /**
   * How long one call to the provider may take.
   *
   * Unit: seconds; a number > 0.
   *
   * @default 5
   */
  readonly timeout?: number
  /** Hears of what happens. What a hook throws is written to the console, and changes nothing. */
  readonly on?: Events
}

/** The ways to authenticate a client that are known by name. */
export type ClientAuthMethod = 'auto' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none'

/** What to do with a request that nobody has signed in for. */
export type Turn = 'redirect' | '401'

/** See {@link OidcOptions.publicPaths}. */
export type PublicPath =
  | string
  | { readonly method: string | readonly string[]; readonly path: string }
  | ((request: Request, path: string) => boolean)

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

/** See {@link OidcOptions.stepUp}. */
export interface StepUpRule {
  /**
   * A path, or one and all below it (`/admin/*`), as a router may read them: `/Admin/` is `/admin`, and `//admin` is.
   */
  readonly path: string
  /** For these methods only, such as `POST`; GET stands for HEAD too. */
  readonly method?: string | readonly string[]
  /** What the claim `acr` must be, or what it may be, in order of preference; asked for as `acr_values`. */
  readonly acr?: string | readonly string[]
  /**
   * How long ago the user may have authenticated, by the claim `auth_time`; asked for as `max_age`.
   *
   * Unit: seconds; a whole number >= 0.
   */
  readonly maxAge?: number
}

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

/**
 * Who may pass. All that is given must hold:
 * 1. the address is one of `emails`, or its domain one of `emailDomains`, and the provider does not call it unverified;
 * 2. the claim `groups` has at least one of `groups`;
 * 3. each of `claims` has the value, or one of the values, or is a list with one of them;
 * 4. `check` says `true`.
 *
 * 1 to 3 are asked at login and whenever a session is opened, 4 at every request that is not public.
 */
export interface AllowOptions {
  /** Compared in lower case. */
  readonly emails?: readonly string[]
  /** Exact domains, such as `example.com`, compared in lower case; `.example.com` stands for all below it. */
  readonly emailDomains?: readonly string[]
  readonly groups?: readonly string[]
  readonly claims?: Readonly<Record<string, ClaimValue | readonly ClaimValue[]>>
  /** Asked at every request that is not public. */
  readonly check?: (auth: Auth, request: Request) => boolean | Promise<boolean>
}

/** A value that a claim can be compared with. */
export type ClaimValue = string | number | boolean

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
