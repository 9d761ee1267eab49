/**
 * GitLab, by OpenID Connect.
 *
 * @module
 */
import { optionsOf, rootOf } from './checks.ts'
import type { OidcProvider } from './preset.ts'

/** Options of {@link gitlab}. */
export interface GitlabOptions {
  /**
   * Where GitLab is.
   *
   * @default 'https://gitlab.com'
   */
  readonly url?: string
}

/**
 * GitLab, of gitlab.com or one's own, for `oidc({ provider: gitlab() })`.
 *
 * `groups` are full paths (`staff/web`) and come by UserInfo, which is asked if `allow` or `session.claims` name them.
 * It has no way to sign out there.
 *
 * @throws {@link OptionError} `gitlab.url`
 * @example
 * oidc({ provider: gitlab(), clientId, clientSecret, baseURL, secret, allow: { groups: ['staff'] } })
 * @see https://docs.gitlab.com/integration/openid_connect_provider/
 */
export function gitlab(options: GitlabOptions = {}): OidcProvider {
  const { url = 'https://gitlab.com' } = optionsOf('gitlab', options, ['url'])
  return { kind: 'oidc', issuer: rootOf('gitlab.url', url), scope: 'openid profile email' }
}
