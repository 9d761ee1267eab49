/**
 * Any provider of plain OAuth 2.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import { OAuthError } from '../errors.ts'
import type { Claims } from '../gate/auth.ts'
import { addressOf, checkedText, optionsOf } from './checks.ts'
import type { OAuth2Provider } from './preset.ts'

/** Options of {@link generic}. */
export interface GenericOptions {
  /** Where users sign in. */
  readonly authorizationURL: string
  /** Where a code becomes a token. */
  readonly tokenURL: string
  /** Where the profile of the user is, as JSON. */
  readonly userInfoURL: string
  /** Where tokens can be revoked (RFC 7009). */
  readonly revocationURL?: string
  /**
   * What it calls itself, where it says so in the parameter `iss` of its answers (RFC 9207).
   *
   * @default what it says is not judged: this gate has a callback route of its own
   */
  readonly issuer?: string
  /** What is asked of it, separated by spaces. */
  readonly scope: string
  /**
   * Reads the profile: a function, or for each claim the name of its member, with dots for members inside:
   * `{ sub: 'id', email: 'contact.mail' }`. `sub` must be there, and never be given to another user.
   *
   * @default { sub: 'sub', email: 'email', email_verified: 'email_verified', name: 'name' }
   */
  readonly claims?: Readonly<Record<string, string>> | ((profile: Readonly<Record<string, unknown>>) => Claims)
}

/**
 * A provider of plain OAuth 2 that has no preset, for `oauth2({ provider: generic({ ... }) })`.
 *
 * @throws {@link OptionError} `generic.tokenURL` and others
 * @example
 * generic({
 *   authorizationURL: 'https://op.example/oauth/authorize',
 *   tokenURL: 'https://op.example/oauth/token',
 *   userInfoURL: 'https://op.example/api/me',
 *   scope: 'profile',
 *   claims: { sub: 'id', email: 'mail', name: 'display_name' },
 * })
 */
export function generic(options: GenericOptions): OAuth2Provider {
  const given = optionsOf('generic', options, optionNames)
  const { scope, issuer, claims = usual } = given
  checkedText('generic.scope', scope, /\S/, 'a list, separated by spaces')
  if (issuer !== undefined) addressOf('generic.issuer', issuer)
  if (typeof claims !== 'function' && typeof claims.sub !== 'string')
    throw new OptionError('generic.claims', 'a function, or an object with the member that is sub', claims)
  const authorizationURL = addressOf('generic.authorizationURL', given.authorizationURL)
  const userInfoURL = addressOf('generic.userInfoURL', given.userInfoURL)
  return {
    kind: 'oauth2',
    issuer: new URL(authorizationURL).origin,
    ...(issuer !== undefined && { iss: issuer }),
    authorizationURL,
    tokenURL: addressOf('generic.tokenURL', given.tokenURL),
    ...(given.revocationURL !== undefined && {
      revocationURL: addressOf('generic.revocationURL', given.revocationURL),
    }),
    scope: scope!,
    profile: async (api) => {
      const profile: Record<string, unknown> = Object(await api.get(userInfoURL))
      return typeof claims === 'function' ? claims(profile) : picked(profile, claims)
    },
  }
}

const optionNames = [
  'authorizationURL',
  'tokenURL',
  'userInfoURL',
  'revocationURL',
  'issuer',
  'scope',
  'claims',
] as const

const usual: Readonly<Record<string, string>> = {
  sub: 'sub',
  email: 'email',
  email_verified: 'email_verified',
  name: 'name',
}

function picked(profile: Readonly<Record<string, unknown>>, members: Readonly<Record<string, string>>): Claims {
  const entries = Object.entries(members).map(([claim, path]) => [claim, memberAt(profile, path)] as const)
  const claims = Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null))
  const { sub } = claims
  if (typeof sub !== 'string' && typeof sub !== 'number') throw new OAuthError('ERR_USERINFO', 'the profile has no sub')
  return { ...claims, sub: String(sub) }
}

function memberAt(profile: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, name) => {
    return typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
      ? Reflect.get(inner, name)
      : undefined
  }, profile)
}
