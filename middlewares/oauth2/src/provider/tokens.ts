/**
 * Calls to the provider: a code or a refresh token in, checked tokens out.
 *
 * @module
 */
import * as oauth from 'oauth4webapi'
import { OAuthError } from '../errors.ts'
import type { Claims } from '../gate/auth.ts'
import type { Tokens } from '../session/session.ts'
import { conform, hasToken, jsonOf } from './conform.ts'
import { bound, type BoundKey } from './dpop.ts'
import { mapped, type Provider } from './provider.ts'
import { calling } from './translate.ts'
import { unproven } from './unproven.ts'

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
  /** What the tokens are to be bound to. */
  readonly key: BoundKey | undefined
}

/**
 * Redeems a code (RFC 6749, 4.1.3), and checks the ID token that comes with it (OpenID Connect Core 1.0, 3.1.3.7), the
 * signature included (R15). Plain OAuth 2 has none: there `claims` is `undefined`.
 */
export function redeem(provider: Provider, redemption: Redemption): Promise<Grant> {
  const { client, preset } = provider
  const { parameters, redirectURI, verifier, nonce, maxAge, key } = redemption
  const isOpen = preset.kind === 'oidc'
  const checks = isOpen && { expectedNonce: nonce, requireIdToken: true, ...(maxAge !== undefined && { maxAge }) }
  return calling('token', async () => {
    const [answer, response] = await asking(provider, key, async (method, options) => {
      const { server } = provider
      const raw = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        method,
        parameters,
        redirectURI,
        verifier,
        options,
      )
      const given = await conform(provider, raw)
      const named = await serverOf(provider, given)
      return [await oauth.processAuthorizationCodeResponse(named, client, given, { ...checks }), given] as const
    })
    const claims = await checkedClaims(provider, response, answer)
    if (isOpen && claims === undefined) throw new OAuthError('ERR_ID_TOKEN', 'there is no ID token')
    return { ...grantOf(answer, key), claims }
  })
}

/**
 * Refreshes an access token (RFC 6749, section 6). An ID token that comes along must speak of the same user
 * (OpenID Connect Core 1.0, 12.2).
 */
export function refresh(provider: Provider, { refresh: token, key }: Tokens, sub: string): Promise<Grant> {
  const { client } = provider
  if (token === undefined) return Promise.reject(new OAuthError('ERR_GRANT_REFUSED', 'there is no refresh token'))
  return calling('token', async () => {
    const [answer, response] = await asking(provider, key, async (method, options) => {
      const raw = await oauth.refreshTokenGrantRequest(provider.server, client, method, token, options)
      const given = await conform(provider, raw)
      // A grant that is none is no refusal either: it is told from one, which ends a session (R21).
      if (given.status === 200 && !(await hasToken(given)))
        throw new OAuthError('ERR_PROVIDER_FAILED', 'the token endpoint answers without a token')
      return [await oauth.processRefreshTokenResponse(await serverOf(provider, given), client, given), given] as const
    })
    const claims = await checkedClaims(provider, response, answer)
    if (claims !== undefined && claims.sub !== sub)
      throw new OAuthError('ERR_ID_TOKEN', 'the refreshed ID token is of another user')
    const { tokens, idToken } = grantOf(answer, key)
    // A provider that does not rotate gives no new one: the old one goes on.
    return { tokens: { ...tokens, refresh: tokens.refresh ?? token }, idToken, claims }
  })
}

/** Asks UserInfo, whose `sub` must be that of the ID token (R16). */
export function userInfo(provider: Provider, { access, key }: Tokens, sub: string): Promise<Claims> {
  const { server, client, http } = provider
  return calling('userinfo', () =>
    bound(key, async (proof) => {
      const response = await oauth.userInfoRequest(server, client, access, { ...http, ...proof })
      return mapped(provider, await oauth.processUserInfoResponse(server, client, sub, response))
    }),
  )
}

/** Makes the provider forget a refresh token (RFC 7009), where it can. */
export async function revoke(provider: Provider, refreshToken: string): Promise<void> {
  const { server, client, clientProof, http } = provider
  if (server.revocation_endpoint === undefined) return
  const more = { additionalParameters: { token_type_hint: 'refresh_token' }, ...http }
  await calling('revocation', () =>
    clientProof.run(async (method) => {
      const response = await oauth.revocationRequest(server, client, method, refreshToken, more)
      await oauth.processRevocationResponse(response)
    }),
  )
}

/** A request to the token endpoint: as a client that is known there, for these resources, with the key of the login. */
function asking<T>(
  { clientProof, grantParams, http }: Provider,
  key: BoundKey | undefined,
  ask: (method: oauth.ClientAuth, options: oauth.TokenEndpointRequestOptions) => Promise<T>,
): Promise<T> {
  return clientProof.run((method) =>
    bound(key, (proof) => ask(method, { ...http, ...proof, additionalParameters: [...grantParams] })),
  )
}

/** The issuer as the ID token in an answer names it, where each tenant has one; that name is checked with the token. */
async function serverOf({ server, preset }: Provider, response: Response): Promise<oauth.AuthorizationServer> {
  if (preset.kind !== 'oidc' || preset.issuerOf === undefined) return server
  const { id_token: token }: { id_token?: unknown } = Object(await jsonOf(response))
  return { ...server, issuer: preset.issuerOf(typeof token === 'string' ? unproven(token) : {}) }
}

function grantOf(answer: oauth.TokenEndpointResponse, key: BoundKey | undefined): Omit<Grant, 'claims'> {
  const { access_token: access, token_type, expires_in: lifetime, refresh_token, id_token: idToken } = answer
  if (key !== undefined && token_type !== 'dpop')
    throw new OAuthError('ERR_PROVIDER_FAILED', 'the provider has not bound the access token to its key')
  const expiresAt = lifetime === undefined ? undefined : now() + Math.floor(lifetime)
  return { tokens: { access, expiresAt, lifetime, refresh: refresh_token, key }, idToken }
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
  if (claims.sub === '') throw new OAuthError('ERR_ID_TOKEN', 'unexpected ID Token "sub" claim value, it is empty')
  // The library looks at it only where there are several audiences; a code is redeemed by the party it is for.
  if (claims.azp !== undefined && claims.azp !== provider.client.client_id) {
    throw new OAuthError('ERR_ID_TOKEN', 'unexpected ID Token "azp" (authorized party) claim value')
  }
  const { keys, http } = provider
  await keys.check((known) =>
    oauth.validateApplicationLevelSignature(known.server, response, { ...http, ...known.options }),
  )
  return mapped(provider, claims)
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}
