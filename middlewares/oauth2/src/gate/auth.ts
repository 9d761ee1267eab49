/**
 * Who is there, as the app sees it.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'

/** What the provider says about a user: claims of the ID token, and of UserInfo where it was asked. */
export interface Claims {
  /** The user, unique at the issuer and never given to another. */
  readonly sub: string
  readonly [claim: string]: unknown
}

/**
 * A signed-in user: `context.auth` in an app behind `oidc()`, `req.auth` in a Node app.
 *
 * It is frozen, and shared by the requests of one session.
 */
export interface Auth {
  /** How the user has shown who they are: by the session of a login, or by an access token that came with the request. */
  readonly kind: 'session' | 'bearer'
  /** The claim `sub`: the user's id at the provider. Store this one, not the address. */
  readonly sub: string
  /** The claim `email`; `undefined` if the provider gave none. Whether it is verified is `claims.email_verified`. */
  readonly email: string | undefined
  readonly claims: Claims
  /** This login, or this token (its `jti`): another one each time. Fit for logs: it opens nothing. */
  readonly sid: string
  /** Where to send the browser to sign out: by a link, or by a form with POST. */
  readonly logoutURL: string
  /**
   * Gives the access token, refreshed when near its end; of a client with a token, that token.
   *
   * @returns `undefined` if there is none that is still good, and none can be had
   * @throws `OAuthError` with a `status` of 503 if it has expired and the provider cannot be reached
   */
  accessToken(): Promise<string | undefined>
  /**
   * Calls an API with the access token, and with the proof that a token bound to a key needs (`dpop: true`). Redirects
   * are not followed: the token is for this address.
   *
   * @returns the answer, whatever its status
   * @throws TypeError for an address that is not https; `OAuthError` if there is no token; what `fetch()` throws
   * @example
   * const response = await auth.fetch('https://api.example/orders')
   */
  fetch(url: string | URL, init?: ApiInit): Promise<Response>
}

/** What a call of an API says beside its address; see {@link Auth.fetch}. */
export interface ApiInit {
  /** @default 'GET' */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** No stream: it is sent again, if the server wants its nonce in the proof. */
  readonly body?: string | URLSearchParams | Uint8Array
  /** @default a time limit of `timeout` seconds */
  readonly signal?: AbortSignal
}

/**
 * Gives the user of a request inside a Node app, such as an Express handler: `req.auth`, typed.
 *
 * @returns `undefined` where nobody is signed in
 * @example
 * app.get('/', (req, res) => res.send(authOf(req)?.email))
 */
export function authOf(req: IncomingMessage & { auth?: Auth }): Auth | undefined {
  return req.auth
}

/** The e-mail address, unless the provider says that it is not verified: then anybody may have claimed it. */
export function addressIn({ email, email_verified: isVerified }: Claims): string | undefined {
  return typeof email === 'string' && isVerified !== false && isVerified !== 'false' ? email : undefined
}

/** A copy that nobody can change, all the way down: the requests of a session share it. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) frozen(inner)
  return Object.freeze(value)
}
