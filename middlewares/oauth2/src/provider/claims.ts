/**
 * All that a provider says of a user: in the ID token, and at UserInfo; or in the profile of its own API.
 *
 * @module
 */
import type { Claims } from '../gate/auth.ts'
import type { Settings } from '../settings/settings.ts'
import { profileOf } from './plain.ts'
import type { Provider } from './provider.ts'
import { userInfo, type Grant } from './tokens.ts'

/**
 * Gives the claims of a user. UserInfo is asked only if the ID token lacks what the scope promises, or an option names
 * (Core, 5.4).
 *
 * @throws OAuthError
 */
export async function claimsOf(provider: Provider, settings: Settings, { tokens, claims }: Grant): Promise<Claims> {
  if (claims === undefined) return profileOf(provider, tokens, settings.scope)
  const { scope, neededClaims, session } = settings
  const promised = scope.split(' ').flatMap((name) => promises[name] ?? [])
  const wanted = [...promised, ...neededClaims, ...(session.claims ?? [])]
  const isWhole = wanted.every((name) => claims[name] !== undefined)
  if (isWhole || provider.server.userinfo_endpoint === undefined) return claims
  // What is signed wins over what was only fetched.
  return { ...(await userInfo(provider, tokens, claims.sub)), ...claims }
}

const promises: Readonly<Record<string, string>> = { email: 'email', profile: 'name' }
