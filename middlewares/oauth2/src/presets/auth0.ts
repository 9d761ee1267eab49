/**
 * Auth0.
 *
 * @module
 */
import { checkedText, optionsOf } from './checks.ts'
import type { OidcProvider } from './preset.ts'

/** Options of {@link auth0}. */
export interface Auth0Options {
  /** The domain of the tenant, or a custom one: `example.eu.auth0.com`. */
  readonly domain: string
  /** The API that access tokens are for. Without one they are opaque, and good for UserInfo alone. */
  readonly audience?: string
  /** The organization that users must belong to, by its id: `org_…`. Auth0 is told, and the claim `org_id` is checked. */
  readonly organization?: string
}

/**
 * Auth0, for `oidc({ provider: auth0({ domain }) })`.
 *
 * Its issuer ends in a slash. Tenants from before November 2023 may not tell where to sign out: then it is
 * `/v2/logout`, whose `returnTo` must be among the Allowed Logout URLs of the application.
 *
 * @throws {@link OptionError} `auth0.domain` for what is no domain, such as a URL
 * @example
 * oidc({ provider: auth0({ domain: 'example.eu.auth0.com' }), clientId, clientSecret, baseURL, secret })
 * @see https://auth0.com/docs/api/authentication
 */
export function auth0(options: Auth0Options): OidcProvider {
  const { domain, audience, organization } = optionsOf('auth0', options, ['domain', 'audience', 'organization'])
  checkedText('auth0.domain', domain, /^[\w-]+(?:\.[\w-]+)+$/, 'a domain, such as example.eu.auth0.com')
  if (audience !== undefined) checkedText('auth0.audience', audience, /./, 'a string that is not empty')
  if (organization !== undefined) checkedText('auth0.organization', organization, /^org_/, 'an id, such as org_a1b2')
  return {
    kind: 'oidc',
    issuer: `https://${domain}/`,
    scope: 'openid profile email offline_access',
    authorizationParams: {
      ...(audience !== undefined && { audience }),
      ...(organization !== undefined && { organization }),
    },
    ...(organization !== undefined && { claims: { org_id: organization } }),
    logout: ({ clientId, returnTo }) => {
      const url = new URL(`https://${domain}/v2/logout`)
      url.searchParams.set('client_id', clientId)
      url.searchParams.set('returnTo', returnTo)
      return url
    },
  }
}
