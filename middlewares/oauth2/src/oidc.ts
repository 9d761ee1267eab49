/**
 * Login by OpenID Connect, in front of a whole site (OpenID Connect Core 1.0, OAuth 2.0 by RFC 6749 and RFC 9700).
 *
 *     request  ─▶ signed in? ─▶ app, with context.auth
 *                    └─(no)─▶ 303 to the provider, or 401 for what is no page
 *
 * @module
 */
import type { Wrapper } from '@outerware/core'
import { assembled } from './gate/assembled.ts'
import type { Auth } from './gate/auth.ts'
import type { PublicPath } from './options/access.ts'
import type { OidcOptions } from './options/options.ts'
import { settingsOf } from './settings/settings.ts'

/** What is on the context behind a gate: somebody, unless there are public paths. */
export type AuthBehind<Public extends readonly PublicPath[]> = Public extends readonly [] ? Auth : Auth | undefined

/**
 * Wraps an app so that only signed-in users reach it, and tells it who they are: `context.auth`, `req.auth` in Node apps.
 *
 * Navigations are sent to the provider and come back to the page they wanted; everything else gets 401 with a problem
 * document that says where to sign in. The session is in sealed cookies, so there is nothing to store; or in a store.
 *
 * Put it innermost, next to the app: static files, security headers and compression stand outside of it.
 *
 * @param options see {@link OidcOptions}
 * @returns a wrapper that adds `auth`; `Auth | undefined` where `publicPaths` are given
 * @throws {@link OptionError} `oidc.issuer` and others, once, when called with a wrong option
 * @example
 * export default oidc({
 *   issuer: 'https://accounts.example',
 *   clientId: 'site',
 *   clientSecret,
 *   baseURL: 'https://site.example',
 *   secret,
 * })((request, context) => new Response(`Hello ${context.auth.email}`))
 * // GET / → 303 to the provider; after login 200, Hello ann@example.com
 * @see https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth
 */
export function oidc<const Public extends readonly PublicPath[] = readonly []>(
  options: OidcOptions<Public>,
): Wrapper<{ auth: AuthBehind<Public> }> {
  return assembled(settingsOf(options))
}
