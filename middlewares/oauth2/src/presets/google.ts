/**
 * Google.
 *
 * @module
 */
import { checkedText, optionsOf } from './checks.ts'
import type { OidcProvider } from './preset.ts'

/** Options of {@link google}. */
export interface GoogleOptions {
  /**
   * The Workspace domain that users must belong to, such as `example.com`, or a list of them; `*` for any. Google is
   * told, and the claim `hd` is checked: the parameter alone is a hint, which users can change.
   */
  readonly hostedDomain?: string | readonly string[]
  /**
   * Whether a refresh token is asked for. Google gives one only with `access_type=offline`, knows no scope
   * `offline_access`, and gives it at the first consent only: so the user is asked for consent each time.
   *
   * @default false
   */
  readonly offline?: boolean
}

/**
 * Google, for `oidc({ provider: google() })`. It has no way to sign out there: signing out here ends the session here.
 *
 * @throws {@link OptionError} `google.hostedDomain` for what is no domain
 * @example
 * oidc({ provider: google({ hostedDomain: 'example.com' }), clientId, clientSecret, baseURL, secret })
 * @see https://developers.google.com/identity/openid-connect/openid-connect
 */
export function google(options: GoogleOptions = {}): OidcProvider {
  const { hostedDomain, offline = false } = optionsOf('google', options, ['hostedDomain', 'offline'])
  const domains = hostedDomain === undefined ? [] : [hostedDomain].flat()
  for (const domain of domains) checkedText('google.hostedDomain', domain, /^(?:\*|[\w-]+(?:\.[\w-]+)+)$/, 'a domain')
  const isAny = domains.includes('*')
  return {
    kind: 'oidc',
    issuer: 'https://accounts.google.com',
    scope: 'openid profile email',
    authorizationParams: {
      ...(domains.length > 0 && { hd: domains.length === 1 ? domains[0]! : '*' }),
      ...(offline && { access_type: 'offline', prompt: 'consent' }),
    },
    ...(domains.length > 0 && !isAny && { claims: { hd: domains } }),
    ...(isAny && { mapClaims: (claims) => ({ ...claims, isHosted: typeof claims['hd'] === 'string' }) }),
    ...(isAny && { claims: { isHosted: true } }),
  }
}
