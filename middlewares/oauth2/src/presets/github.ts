/**
 * GitHub, which speaks plain OAuth 2.
 *
 * @module
 */
import { OAuthError } from '../errors.ts'
import type { Claims } from '../gate/auth.ts'
import { optionsOf, rootOf } from './checks.ts'
import type { Api, OAuth2Provider } from './preset.ts'

/** Options of {@link github}. */
export interface GithubOptions {
  /**
   * Where GitHub is: a GitHub Enterprise Server has its API below `/api/v3`.
   *
   * @default 'https://github.com'
   */
  readonly url?: string
}

/**
 * GitHub, for `oauth2({ provider: github() })`.
 *
 * `sub` is the number of the account, which stays when the login name changes. The address is the primary one, of
 * `/user/emails`, since that of the profile is whatever the user shows, or nothing. With `read:org` in the scope
 * `groups` are the organizations (`acme`) and teams (`acme/web`).
 *
 * @throws {@link OptionError} `github.url`
 * @example
 * oauth2({ provider: github(), clientId, clientSecret, baseURL, secret, scope: 'read:user user:email read:org',
 *   allow: { groups: ['acme/web'] } })
 * @see https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 */
export function github(options: GithubOptions = {}): OAuth2Provider {
  const { url = 'https://github.com' } = optionsOf('github', options, ['url'])
  const root = rootOf('github.url', url)
  const base = root === 'https://github.com' ? 'https://api.github.com' : `${root}/api/v3`
  return {
    kind: 'oauth2',
    issuer: root,
    authorizationURL: `${root}/login/oauth/authorize`,
    tokenURL: `${root}/login/oauth/access_token`,
    scope: 'read:user user:email',
    clientAuthMethods: ['client_secret_post', 'client_secret_basic'],
    // It answers with status 200 and an error of its own.
    errors: {
      incorrect_client_credentials: 'invalid_client',
      bad_verification_code: 'invalid_grant',
      bad_refresh_token: 'invalid_grant',
    },
    profile: (api, scope) => profile(api, base, new Set(scope.split(' '))),
  }
}

async function profile(api: Api, base: string, scopes: ReadonlySet<string>): Promise<Claims> {
  const user: User = Object(await api.get(`${base}/user`))
  if (typeof user.id !== 'number') throw new OAuthError('ERR_USERINFO', 'the user has no id')
  const [address, groups] = await Promise.all([
    scopes.has('user:email') || scopes.has('user') ? primaryAddress(api, base) : undefined,
    scopes.has('read:org') || scopes.has('admin:org') ? groupsOf(api, base) : undefined,
  ])
  return {
    sub: String(user.id),
    preferred_username: user.login,
    name: user.name ?? user.login,
    picture: user.avatar_url,
    profile: user.html_url,
    ...address,
    ...(groups !== undefined && { groups }),
  }
}

async function primaryAddress(api: Api, base: string): Promise<{ email: string; email_verified: boolean } | undefined> {
  const list = membersOf<Address>(await api.get(`${base}/user/emails?per_page=100`))
  const primary = list.find((address) => address.primary === true && typeof address.email === 'string')
  return primary && { email: String(primary.email), email_verified: primary.verified === true }
}

async function groupsOf(api: Api, base: string): Promise<string[]> {
  const [organizations, teams] = await Promise.all([
    api.get(`${base}/user/orgs?per_page=100`),
    api.get(`${base}/user/teams?per_page=100`),
  ])
  return [
    ...membersOf<Organization>(organizations).map(({ login }) => String(login)),
    ...membersOf<Team>(teams).map(({ slug, organization }) => `${organization?.login}/${slug}`),
  ]
}

function membersOf<T>(list: unknown): readonly Partial<T>[] {
  return Array.isArray(list) ? list.map((member: unknown) => Object(member)) : []
}

interface User {
  readonly id?: number
  readonly login?: string
  readonly name?: string | null
  readonly avatar_url?: string
  readonly html_url?: string
}

interface Address {
  readonly email: string
  readonly primary: boolean
  readonly verified: boolean
}

interface Organization {
  readonly login: string
}

interface Team {
  readonly slug: string
  readonly organization: Organization
}
