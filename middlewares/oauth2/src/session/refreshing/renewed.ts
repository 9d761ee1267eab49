/**
 * What a refresh makes of a session: new tokens, and what the provider says of the user now.
 *
 * @module
 */
import { OAuthError } from '../../errors.ts'
import type { Claims } from '../../gate/auth.ts'
import { tell } from '../../gate/events.ts'
import { claimsOf } from '../../provider/claims.ts'
import type { Provider } from '../../provider/provider.ts'
import type { Grant } from '../../provider/tokens.ts'
import type { Settings } from '../../settings/settings.ts'
import { keptClaims, standingClaims, type Session } from '../session.ts'

/** Makes the session that goes on. */
export async function renewed(
  provider: Provider,
  settings: Settings,
  session: Session,
  grant: Grant,
): Promise<Session> {
  const { session: options, neededClaims } = settings
  // How and when the user has authenticated is what was said of the login: nobody has since (Core 1.0, 12.2).
  const { acr: _acr, auth_time: _time, ...said } = await saidNow(provider, settings, session, grant)
  return {
    ...session,
    claims: { ...standingClaims(session.claims), ...keptClaims(said, options.claims, neededClaims) },
    tokens: grant.tokens,
    idToken: grant.idToken ?? session.idToken,
    seenAt: Math.floor(Date.now() / 1000),
  }
}

/**
 * Asks as at the login: what nobody says any more, such as a group, is gone. Without an ID token nothing was said. While
 * UserInfo is in trouble what it has said before is good; the tokens are spent, so there is no second try.
 */
async function saidNow(
  provider: Provider,
  settings: Settings,
  { claims: before }: Session,
  grant: Grant,
): Promise<Claims> {
  if (grant.claims === undefined) return before
  try {
    return await claimsOf(provider, settings, grant)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    // Refused are tokens that somebody has revoked meanwhile, by signing out: that is no trouble.
    if (error.code !== 'ERR_GRANT_REFUSED') tell(settings.on.error, error)
    return { ...before, ...grant.claims }
  }
}
