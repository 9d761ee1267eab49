/**
 * Logout tokens: a provider says, signed, whose sessions are over (OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6).
 *
 * @module
 */
import { jwtVerify, type JWTPayload } from 'jose'
import { OAuthError } from '../errors.ts'
import type { Provider } from '../provider/provider.ts'
import { translate } from '../provider/translate.ts'

/** What a token that holds says: at least one of `sid` and `sub`. */
export interface LogoutToken {
  readonly sid: string | undefined
  readonly sub: string | undefined
  /** This token's own name, which is good once. */
  readonly jti: string
  /** Seconds since 1970. */
  readonly exp: number
}

/** What a token is checked by. */
export interface LogoutTokenChecks {
  readonly issuer: string
  readonly clientId: string
  /** Seconds. */
  readonly clockTolerance: number
}

/**
 * Checks a logout token (R47): its signature by the provider's keys with an algorithm that ID tokens may have, never
 * `none` or a shared secret; `typ`, if there is one; `iss`, `aud`, `iat`, `exp`, `jti`; the event; a user or a login;
 * and that there is no `nonce`, so that no ID token passes for one.
 *
 * @throws OAuthError `ERR_LOGOUT_TOKEN`, or the provider's trouble
 */
export async function readLogoutToken(
  token: string,
  provider: Provider,
  { issuer, clientId, clockTolerance }: LogoutTokenChecks,
): Promise<LogoutToken> {
  const algorithms = [...(provider.server.id_token_signing_alg_values_supported ?? ['RS256'])]
  const requiredClaims = ['iss', 'aud', 'iat', 'exp', 'jti', 'events']
  const checks = { issuer, audience: clientId, algorithms, clockTolerance, requiredClaims }
  const { payload, protectedHeader } = await verified(() =>
    provider.keys.check(({ find }) => jwtVerify(token, find, checks)),
  )
  if (protectedHeader.typ !== undefined && !typ.test(protectedHeader.typ)) refuse('its typ is not logout+jwt')
  return read(payload, clockTolerance)
}

function read(payload: JWTPayload, clockTolerance: number): LogoutToken {
  const { events, iat = 0, exp = 0, jti, sub, sid } = payload
  if (iat > Date.now() / 1000 + clockTolerance) refuse('its iat is in the future')
  if (typeof jti !== 'string' || jti === '') refuse('its jti is no text')
  if (!isObject(events) || !isObject(events[event])) refuse('it does not hold the event of a logout')
  if ('nonce' in payload) refuse('it has a nonce')
  if (!isName(sub) || !isName(sid)) refuse('its sub or sid is no text')
  if (sub === undefined && sid === undefined) refuse('it has neither sub nor sid')
  return { sid, sub, jti, exp }
}

const event = 'http://schemas.openid.net/event/backchannel-logout'
const typ = /^(?:application\/)?logout\+jwt$/i

/** Errors of the token itself are told by their code; its contents are not. */
async function verified<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify()
  } catch (error) {
    const code = isObject(error) ? String(error['code']) : ''
    if (code.startsWith('ERR_J')) refuse(code)
    throw translate(error, 'keys')
  }
}

function refuse(why: string): never {
  throw new OAuthError('ERR_LOGOUT_TOKEN', `the logout token is refused: ${why}`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isName(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value !== '')
}
