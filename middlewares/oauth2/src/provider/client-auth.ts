/**
 * How this site shows the provider that it is the client (RFC 6749, 2.3; OpenID Connect Core 1.0, section 9).
 *
 * @module
 */
import { importJWK, type JWK } from 'jose'
import * as oauth from 'oauth4webapi'
import { OAuthError } from '../errors.ts'
import type { Settings } from '../settings/settings.ts'
import { translate } from './translate.ts'

/** A way to show it, or two where one cannot know which of them the provider understands. */
export class ClientProof {
  #first: oauth.ClientAuth
  #second: oauth.ClientAuth | undefined

  constructor(first: oauth.ClientAuth, second?: oauth.ClientAuth) {
    this.#first = first
    this.#second = second
  }

  /** The way that is believed to work. */
  get method(): oauth.ClientAuth {
    return this.#first
  }

  /** Makes a call, once more in the other way if the client is refused; the one that works is remembered. */
  async run<T>(call: (method: oauth.ClientAuth) => Promise<T>): Promise<T> {
    const second = this.#second
    try {
      return await call(this.#first)
    } catch (error) {
      if (second === undefined || !isRefused(error)) throw error
      return this.#again(second, call, error)
    }
  }

  async #again<T>(
    method: oauth.ClientAuth,
    call: (method: oauth.ClientAuth) => Promise<T>,
    first: unknown,
  ): Promise<T> {
    try {
      const result = await call(method)
      this.#settle(method)
      return result
    } catch (error) {
      // It is not the spelling, then.
      if (isRefused(error)) throw first
      // A provider that finds fault with the code has taken the client.
      this.#settle(method)
      throw error
    }
  }

  #settle(method: oauth.ClientAuth): void {
    this.#first = method
    this.#second = undefined
  }
}

/**
 * Picks the way. Of a secret with other characters than letters and digits basic has to encode them (RFC 6749, 2.3.1),
 * and many providers do not decode: there post is better, and without it basic is tried in both spellings.
 *
 * @throws OAuthError `ERR_PROVIDER_METADATA` if the provider offers none that is possible
 */
export async function clientProofOf(
  { protocol, clientId, clientSecret }: Settings,
  offered: readonly string[] = [BASIC],
): Promise<ClientProof> {
  const { clientAuth, clientKey } = protocol
  if (typeof clientAuth === 'function') return new ClientProof(clientAuth)
  if (clientKey !== undefined && (clientAuth === 'private_key_jwt' || clientAuth === 'auto')) {
    return new ClientProof(await privateKeyJwt(clientKey))
  }
  if (clientSecret === undefined || clientAuth === 'none') return new ClientProof(oauth.None())
  const [basic, post] = [oauth.ClientSecretBasic(clientSecret), oauth.ClientSecretPost(clientSecret)]
  if (clientAuth === BASIC) return new ClientProof(basic)
  if (clientAuth === POST) return new ClientProof(post)
  const isPlain = /^[A-Za-z0-9]*$/.test(clientId + clientSecret)
  const [takesBasic, takesPost] = [offered.includes(BASIC), offered.includes(POST)]
  if (takesBasic && takesPost) return isPlain ? new ClientProof(basic, post) : new ClientProof(post, basic)
  if (takesPost) return new ClientProof(post)
  if (takesBasic) return isPlain ? new ClientProof(basic) : new ClientProof(basic, plainBasic(clientSecret))
  const why = 'it takes neither client_secret_basic nor client_secret_post: set clientAuth'
  throw new OAuthError('ERR_PROVIDER_METADATA', `the provider cannot be used: ${why}`)
}

const [BASIC, POST] = ['client_secret_basic', 'client_secret_post'] as const

/** Basic, not encoded: what providers expect that have not read RFC 6749, 2.3.1. */
function plainBasic(secret: string): oauth.ClientAuth {
  return (_server, client, _body, headers) => {
    const bytes = new TextEncoder().encode(`${client.client_id}:${secret}`)
    headers.set('authorization', `Basic ${btoa(String.fromCharCode(...bytes))}`)
  }
}

/** A signed statement in place of a secret (RFC 7523). */
async function privateKeyJwt(jwk: JWK): Promise<oauth.ClientAuth> {
  const key = await importJWK(jwk, jwk.alg ?? usualAlgs[jwk.crv ?? ''] ?? 'RS256')
  if (key instanceof Uint8Array) throw new OAuthError('ERR_CLIENT_REFUSED', 'clientKey is no key pair')
  return oauth.PrivateKeyJwt(jwk.kid === undefined ? key : { key, kid: jwk.kid })
}

const usualAlgs: Readonly<Record<string, string>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  Ed25519: 'Ed25519',
}

function isRefused(error: unknown): boolean {
  return translate(error, 'token').code === 'ERR_CLIENT_REFUSED'
}
