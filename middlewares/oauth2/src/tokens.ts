/**
 * Calls to the provider: a code or a refresh token in, checked tokens out.
 *
 * @module
 */
import * as oauth from 'oauth4webapi'
import type { Claims } from './auth.ts'
import { OAuthError } from './errors.ts'
import type { Provider } from './provider.ts'
import type { Tokens } from './session.ts'
import { translate, type Step } from './translate.ts'

/** What a login, or a refresh, has brought. */
export interface Grant {
  readonly tokens: Tokens
  /** Both are `undefined` after a refresh that brought no ID token. */
  readonly idToken: string | undefined
  readonly claims: Claims | undefined
}

/** What the code is redeemed with. */
export interface Redemption {
  /** The checked parameters of the authorization response. */
  readonly parameters: URLSearchParams
  readonly redirectURI: string
  readonly verifier: string
  readonly nonce: string
  /** The longest time since the user has authenticated, in seconds, if one was asked for. */
  readonly maxAge: number | undefined
}

/**
 * Redeems a code (RFC 6749, 4.1.3), and checks the ID token that comes with it (OpenID Connect Core 1.0, 3.1.3.7), the
 * signature included (R15).
 */
export function redeem(provider: Provider, redemption: Redemption): Promise<Grant & { readonly claims: Claims }> {
  const { server, client, clientAuth, http } = provider
  const { parameters, redirectURI, verifier, nonce, maxAge } = redemption
  return calling('token', async () => {
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      clientAuth,
      parameters,
      redirectURI,
      verifier,
      http,
    )
    const checks = { expectedNonce: nonce, requireIdToken: true, ...(maxAge === undefined ? {} : { maxAge }) }
    const answer = await oauth.processAuthorizationCodeResponse(server, client, response, checks)
    const claims = await checkedClaims(provider, response, answer)
    if (claims === undefined) throw new OAuthError('ERR_ID_TOKEN', 'there is no ID token')
    return { ...grantOf(answer), claims }
  })
}

/**
 * Refreshes an access token (RFC 6749, section 6). An ID token that comes along must speak of the same user
 * (OpenID Connect Core 1.0, 12.2).
 */
export function refresh(provider: Provider, refreshToken: string, sub: string): Promise<Grant> {
  const { server, client, clientAuth, http } = provider
  return calling('token', async () => {
    const response = await oauth.refreshTokenGrantRequest(server, client, clientAuth, refreshToken, http)
    const answer = await oauth.processRefreshTokenResponse(server, client, response)
    const claims = await checkedClaims(provider, response, answer)
    if (claims !== undefined && claims.sub !== sub)
      throw new OAuthError('ERR_ID_TOKEN', 'the refreshed ID token is of another user')
    const { tokens, idToken } = grantOf(answer)
    // A provider that does not rotate gives no new one: the old one goes on.
    return { tokens: { ...tokens, refresh: tokens.refresh ?? refreshToken }, idToken, claims }
  })
}

/** Asks UserInfo, whose `sub` must be that of the ID token (R16). */
export function userInfo({ server, client, http }: Provider, accessToken: string, sub: string): Promise<Claims> {
  return calling('userinfo', async () => {
    const response = await oauth.userInfoRequest(server, client, accessToken, http)
    return oauth.processUserInfoResponse(server, client, sub, response)
  })
}

/** Makes the provider forget a refresh token (RFC 7009), where it can. */
export async function revoke({ server, client, clientAuth, http }: Provider, refreshToken: string): Promise<void> {
  if (server.revocation_endpoint === undefined) return
  const more = { additionalParameters: { token_type_hint: 'refresh_token' }, ...http }
  await calling('revocation', async () => {
    const response = await oauth.revocationRequest(server, client, clientAuth, refreshToken, more)
    await oauth.processRevocationResponse(response)
  })
}

async function calling<T>(step: Step, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw translate(error, step)
  }
}

function grantOf(answer: oauth.TokenEndpointResponse): Omit<Grant, 'claims'> {
  const { access_token: access, expires_in: lifetime, refresh_token, id_token: idToken } = answer
  const expiresAt = lifetime === undefined ? undefined : now() + Math.floor(lifetime)
  return { tokens: { access, expiresAt, lifetime, refresh: refresh_token }, idToken }
}

async function checkedClaims(
  provider: Provider,
  response: Response,
  answer: oauth.TokenEndpointResponse,
): Promise<Claims | undefined> {
  const claims = oauth.getValidatedIdTokenClaims(answer)
  if (claims === undefined) return undefined
  if (claims.iat > now() + (provider.client[oauth.clockTolerance] ?? 0)) {
    throw new OAuthError('ERR_ID_TOKEN', 'unexpected JWT "iat" (issued at) claim value, it is in the future')
  }
  const { keys, http } = provider
  await keys.check((server, known) => oauth.validateApplicationLevelSignature(server, response, { ...http, ...known }))
  return claims
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}
