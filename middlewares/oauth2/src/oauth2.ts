/**
 * Login by plain OAuth 2, for providers that have no OpenID Connect, such as GitHub (RFC 6749, RFC 9700).
 *
 *     code ─▶ access token ─▶ the provider's own API: who is this? ─▶ context.auth
 *
 * @module
 */
import type { Wrapper } from '@outerware/core'
import { assembled } from './gate/assembled.ts'
import type { AuthBehind } from './oidc.ts'
import type { PublicPath } from './options/access.ts'
import type { OidcOptions } from './options/options.ts'
import type { OAuth2Provider } from './presets/preset.ts'
import { settingsOf, type Settings } from './settings/settings.ts'

/** Options of {@link oauth2}: those of `oidc()`, but for what has no meaning without ID tokens. */
export interface OAuth2Options<Public extends readonly PublicPath[] = readonly PublicPath[]> extends Omit<
  OidcOptions<Public>,
  'issuer' | 'provider' | 'bearer' | 'stepUp' | 'idpLogout' | 'backchannelLogout'
> {
  /** The provider: `github()`, or `generic({ ... })`. */
  readonly provider: OAuth2Provider
}

/**
 * Wraps an app so that only signed-in users reach it, as `oidc()` does, by a provider that has no ID tokens.
 *
 * Who has signed in is what the provider's API says to the access token. There is no `nonce` and no signature then:
 * state and PKCE protect the login.
 *
 * @param options see {@link OAuth2Options}
 * @returns a wrapper that adds `auth`; `Auth | undefined` where `publicPaths` are given
 * @throws {@link OptionError} `oauth2.provider` and others, once, when called with a wrong option
 * @example
 * export default oauth2({ provider: github(), clientId, clientSecret, baseURL: 'https://site.example', secret })(
 *   (request, context) => new Response(`Hello ${context.auth.claims.preferred_username}`),
 * )
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.1
 */
export function oauth2<const Public extends readonly PublicPath[] = readonly []>(
  options: OAuth2Options<Public>,
): Wrapper<{ auth: AuthBehind<Public> }> {
  return assembled(plainSettings(options))
}

function plainSettings(options: OAuth2Options): Settings {
  try {
    return settingsOf(options, 'oauth2')
  } catch (error) {
    if (error instanceof Error && 'option' in error) blameOAuth2(error)
    throw error
  }
}

/** The options are those of `oidc()`; what is wrong with them is said of the wrapper that was called. */
function blameOAuth2(error: Error): void {
  for (const name of ['option', 'message', 'stack']) {
    const text: unknown = Reflect.get(error, name)
    if (typeof text === 'string') Reflect.set(error, name, text.replace(/\boidc(?=[.\s])/, 'oauth2'))
  }
}
