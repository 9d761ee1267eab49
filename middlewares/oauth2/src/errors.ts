/**
 * What goes wrong at the provider, or on the way back from it. No message holds a secret, a token or a code.
 *
 * @module
 */

/** Says what went wrong. Stable: code may ask for it. */
export type OAuthErrorCode =
  /** The provider gives no answer: no connection, no such host, no answer in time. */
  | 'ERR_PROVIDER_UNREACHABLE'
  /** It answers, but with a 5xx, a 429, or something that is no OAuth. */
  | 'ERR_PROVIDER_FAILED'
  /** Its metadata cannot be used: another issuer, no PKCE with S256, an endpoint without https. */
  | 'ERR_PROVIDER_METADATA'
  /** It does not take this site's own `clientId`, `clientSecret` or `clientAuth`. */
  | 'ERR_CLIENT_REFUSED'
  /** It does not take the code or the refresh token (any more). */
  | 'ERR_GRANT_REFUSED'
  /** The ID token, or the tokens around it, fail a check. */
  | 'ERR_ID_TOKEN'
  /** UserInfo speaks of another user, or not at all. */
  | 'ERR_USERINFO'
  /** The way back is wrong: parameters repeated or missing, another issuer. */
  | 'ERR_CALLBACK'
  /** The provider has sent the browser back with an error, such as `access_denied`. */
  | 'ERR_LOGIN_REFUSED'
  /** The browser does not know this login: expired, finished already, or begun elsewhere. */
  | 'ERR_LOGIN_UNKNOWN'
  /** An access token that a client has sent fails a check, or lacks a scope. */
  | 'ERR_ACCESS_TOKEN'
  /** The login was not of the kind that the page asks for: its `acr`, or its time. */
  | 'ERR_STEP_UP'
  /** The session does not fit into cookies. */
  | 'ERR_SESSION_SIZE'
  /** The session has been ended elsewhere: on another machine, or by the provider. */
  | 'ERR_SESSION_ENDED'
  /** The provider's call for a logout fails a check. */
  | 'ERR_LOGOUT_TOKEN'
  /** The store of the sessions gives no answer, or a wrong one. */
  | 'ERR_STORE'

/**
 * The error that `on.error` and `on.refused` get, and that `auth.accessToken()` may reject with.
 *
 * Ask for `error.code`, never for `instanceof`.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: OAuthErrorCode
  /** The status that it is worth as an answer: 400, 401, 403, 502 or 503. */
  readonly status: number
  /** The error code of OAuth, such as `invalid_grant`, if the provider gave one. */
  readonly reason: string | undefined
  /** What the provider asks to wait, in seconds. */
  readonly retryAfter: number | undefined

  constructor(
    code: OAuthErrorCode,
    message: string,
    more: { reason?: string; status?: number; retryAfter?: number } = {},
  ) {
    super(message)
    this.code = code
    this.status = more.status ?? statuses[code] ?? 400
    this.reason = more.reason
    this.retryAfter = more.retryAfter
  }
}

const statuses: Partial<Record<OAuthErrorCode, number>> = {
  ERR_PROVIDER_UNREACHABLE: 502,
  ERR_PROVIDER_FAILED: 502,
  ERR_PROVIDER_METADATA: 502,
  ERR_CLIENT_REFUSED: 502,
  ERR_ACCESS_TOKEN: 401,
  ERR_STEP_UP: 403,
  ERR_STORE: 503,
}
