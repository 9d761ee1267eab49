/**
 * Providers of plain OAuth 2: profiles in place of ID tokens.
 *
 * @module
 */
import * as oauth from 'oauth4webapi'
import { OAuthError } from '../errors.ts'
import type { Claims } from '../gate/auth.ts'
import type { Api } from '../presets/preset.ts'
import type { Tokens } from '../session/session.ts'
import { jsonOf } from './conform.ts'
import { bound } from './dpop.ts'
import type { Provider } from './provider.ts'
import { calling, failed, isFailure } from './translate.ts'

/** Asks the provider's own API who has signed in. */
export async function profileOf(provider: Provider, tokens: Tokens, scope: string): Promise<Claims> {
  const { preset } = provider
  if (preset.kind !== 'oauth2') throw new OAuthError('ERR_USERINFO', 'the provider has no profile')
  const claims = await calling('userinfo', () => preset.profile(apiOf(provider, tokens), scope))
  if (typeof claims.sub !== 'string' || claims.sub === '')
    throw new OAuthError('ERR_USERINFO', 'the profile has no sub')
  return claims
}

function apiOf({ http }: Provider, { access, key }: Tokens): Api {
  const headers = { accept: 'application/json' }
  return {
    get: (url) =>
      calling('userinfo', () =>
        bound(key, async (proof) => {
          const options = { ...http, ...proof }
          const response = await oauth.protectedResourceRequest(
            access,
            'GET',
            new URL(url),
            new Headers(headers),
            null,
            options,
          )
          const body = await jsonOf(response)
          if (response.status === 200 && body !== undefined) return body
          if (response.status === 200) throw new OAuthError('ERR_PROVIDER_FAILED', 'the profile is no JSON')
          if (isFailure(response.status)) throw failed('userinfo', response)
          throw new OAuthError('ERR_USERINFO', `the profile is refused with status ${response.status}`)
        }),
      ),
  }
}
