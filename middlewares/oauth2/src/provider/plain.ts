/**
 * Providers of plain OAuth 2: answers that are not quite those of RFC 6749, and profiles in place of ID tokens.
 *
 * @module
 */
import * as oauth from 'oauth4webapi'
import { OAuthError } from '../errors.ts'
import type { Claims } from '../gate/auth.ts'
import type { Api } from '../presets/preset.ts'
import type { Tokens } from '../session/session.ts'
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

/**
 * Makes an answer of the token endpoint what RFC 6749, 5.1 and 5.2, say that it is: some answer an error with status
 * 200 and a code of their own, some name no type of token, some have an ID token, which nobody asks for or could check.
 */
export async function conform({ preset }: Provider, response: Response): Promise<Response> {
  if (preset.kind !== 'oauth2') return response
  const body = await jsonOf(response)
  if (typeof body !== 'object' || body === null) return response
  const { error, id_token: idToken, ...rest }: { error?: unknown; id_token?: unknown; token_type?: unknown } = body
  if (typeof error === 'string') {
    const status = response.status === 200 ? 400 : response.status
    return Response.json({ error: preset.errors?.[error] ?? error }, { status })
  }
  const isPlain = rest.token_type !== undefined && idToken === undefined
  return isPlain || response.status !== 200 ? response : Response.json({ token_type: 'bearer', ...rest })
}

/** The JSON of an answer, which can still be read afterwards; `undefined` if it is none. */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.clone().json()
  } catch {
    return undefined
  }
}
