/**
 * Keycloak.
 *
 * @module
 */
import type { Claims } from '../gate/auth.ts'
import { checkedText, optionsOf, rootOf } from './checks.ts'
import type { OidcProvider } from './preset.ts'

/** Options of {@link keycloak}. */
export interface KeycloakOptions {
  /** Where Keycloak is, such as `https://id.example`; before version 17 with `/auth` at the end. */
  readonly url: string
  readonly realm: string
}

/**
 * Keycloak, for `oidc({ provider: keycloak({ url, realm }) })`.
 *
 * Roles of the realm, where a mapper puts them into the ID token or UserInfo, are `claims.roles` too, beside
 * `claims.realm_access.roles`: so `allow: { claims: { roles: 'admin' } }` works. Groups are full paths there: `/staff`.
 *
 * @throws {@link OptionError} `keycloak.url`, `keycloak.realm`
 * @example
 * oidc({ provider: keycloak({ url: 'https://id.example', realm: 'staff' }), clientId, clientSecret, baseURL, secret })
 * @see https://www.keycloak.org/securing-apps/oidc-layers
 */
export function keycloak(options: KeycloakOptions): OidcProvider {
  const { url, realm } = optionsOf('keycloak', options, ['url', 'realm'])
  checkedText('keycloak.realm', realm, /^[^/?#]+$/, 'the name of a realm')
  const issuer = `${rootOf('keycloak.url', url)}/realms/${encodeURIComponent(realm!)}`
  return { kind: 'oidc', issuer, scope: 'openid profile email', mapClaims: withRoles }
}

function withRoles(claims: Claims): Claims {
  const access: { roles?: unknown } = Object(claims['realm_access'])
  return claims['roles'] === undefined && Array.isArray(access.roles) ? { ...claims, roles: access.roles } : claims
}
