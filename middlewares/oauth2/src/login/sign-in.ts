/**
 * A session, made of what the provider says of who has come back.
 *
 *     code ─▶ tokens ─▶ ID token, UserInfo; or the profile ─▶ the kind of login that was asked for? ─▶ session
 *
 * @module
 */
import { generateRandomState } from 'oauth4webapi'
import { OAuthError } from '../errors.ts'
import { claimsOf } from '../provider/claims.ts'
import type { Provider } from '../provider/provider.ts'
import { redeem } from '../provider/tokens.ts'
import { endOf, keptClaims, type Session } from '../session/session.ts'
import type { Settings } from '../settings/settings.ts'
import { redirectURI } from './authorization.ts'
import type { Pending } from './pending.ts'
import { maxAgeOf, unmet } from './step-up.ts'

/**
 * Makes the session of a login, another one each time (R31).
 *
 * @param parameters those of the authorization response, checked
 * @throws OAuthError whatever fails
 */
export async function signIn(
  provider: Provider,
  settings: Settings,
  { verifier, nonce, step, key }: Pending,
  parameters: URLSearchParams,
): Promise<Session> {
  const redemption = { parameters, redirectURI: redirectURI(settings), verifier, nonce, key }
  const grant = await redeem(provider, { ...redemption, maxAge: maxAgeOf(step, settings.authorizationParams) })
  // Judged as the gate will judge it: who was let through here and not there would be sent around for ever.
  if (grant.claims !== undefined && unmet([step], grant.claims, settings) !== undefined)
    throw new OAuthError('ERR_STEP_UP', 'the login is not of the kind that was asked for')
  const claims = await claimsOf(provider, settings, grant)
  const now = Date.now() / 1000
  const session = {
    sid: generateRandomState(),
    claims: keptClaims(claims, settings.session.claims, settings.neededClaims),
    startedAt: now,
    seenAt: Math.floor(now),
    idToken: grant.idToken,
    tokens: grant.tokens,
  }
  if (endOf(session, settings.session) <= now)
    throw new OAuthError('ERR_ID_TOKEN', 'unexpected "session_expiry" claim value, it is in the past')
  return session
}
