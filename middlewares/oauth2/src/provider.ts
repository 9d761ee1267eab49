/**
 * The provider, as it describes itself (OpenID Connect Discovery 1.0), and how this site speaks with it.
 *
 * @module
 */
import * as oauth from 'oauth4webapi'
import { isLoopback } from './settings/checks.ts'
import { OAuthError } from './errors.ts'
import type { Settings } from './settings/settings.ts'
import { SigningKeys } from './signing-keys.ts'

/** A provider that is known, and how to speak with it. */
export interface Provider {
  readonly server: oauth.AuthorizationServer
  readonly client: oauth.Client
  readonly clientAuth: oauth.ClientAuth
  readonly keys: SigningKeys
  /** Options of every call: its time limit, and whether http is permitted. */
  readonly http: Http
}

/** See {@link Provider.http}. */
export interface Http {
  readonly signal: () => AbortSignal
  readonly [oauth.allowInsecureRequests]: boolean
}

/**
 * Asks the provider how it describes itself, and picks the way to speak with it.
 *
 * @throws OAuthError, or what the protocol library throws, if there is no answer, or one that cannot be used
 */
export async function discover(settings: Settings): Promise<Provider> {
  const { issuer, clientId, clockTolerance, allowInsecureRequests } = settings
  const http = httpOf(settings)
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...http })
  const metadata = await oauth.processDiscoveryResponse(issuer, response)
  const server = { ...metadata, id_token_signing_alg_values_supported: signingAlgs(metadata) }
  checkEndpoints(server, allowInsecureRequests)
  if (server.code_challenge_methods_supported?.includes('S256') === false) unusable('it does not offer PKCE with S256')
  const client = { client_id: clientId, [oauth.clockTolerance]: clockTolerance }
  return { server, client, clientAuth: clientAuthOf(settings, server), keys: new SigningKeys(server), http }
}

/** Signatures by a key pair only: `none` is no signature, and a shared secret no proof to others (R15). */
function signingAlgs({
  id_token_signing_alg_values_supported: offered = ['RS256'],
}: oauth.AuthorizationServer): string[] {
  const algs = offered.filter((alg) => alg !== 'none' && !alg.startsWith('HS'))
  if (algs.length === 0) unusable('it does not sign ID tokens with a key pair')
  return algs
}

/** Options of every call to it. */
export function httpOf({ timeout, allowInsecureRequests }: Settings): Http {
  return {
    signal: () => AbortSignal.timeout(timeout * 1000),
    [oauth.allowInsecureRequests]: allowInsecureRequests,
  }
}

const needed = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const
const optional = ['userinfo_endpoint', 'end_session_endpoint', 'revocation_endpoint'] as const

function checkEndpoints(server: oauth.AuthorizationServer, insecure: boolean): void {
  for (const name of needed) if (typeof server[name] !== 'string') unusable(`it has no ${name}`)
  for (const name of [...needed, ...optional]) {
    const address = server[name]
    if (address === undefined) continue
    if (typeof address !== 'string' || !URL.canParse(address)) unusable(`its ${name} is no URL`)
    const url = new URL(address)
    const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && insecure && isLoopback(url))
    if (!isSecure) unusable(`its ${name} is not https`)
  }
}

/** Basic, unless what it would have to encode is better sent in the body: many providers do not decode it. */
function clientAuthOf(
  { clientAuth, clientId, clientSecret }: Settings,
  server: oauth.AuthorizationServer,
): oauth.ClientAuth {
  if (typeof clientAuth === 'function') return clientAuth
  if (clientSecret === undefined || clientAuth === 'none') return oauth.None()
  if (clientAuth === 'client_secret_basic') return oauth.ClientSecretBasic(clientSecret)
  if (clientAuth === 'client_secret_post') return oauth.ClientSecretPost(clientSecret)
  const offered = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  const isPlain = /^[A-Za-z0-9]*$/.test(clientId + clientSecret)
  const [first, second] = isPlain ? [basic, post] : [post, basic]
  const method = [first, second].find((name) => offered.includes(name))
  if (method === undefined) unusable('it takes neither client_secret_basic nor client_secret_post: set clientAuth')
  return method === post ? oauth.ClientSecretPost(clientSecret) : oauth.ClientSecretBasic(clientSecret)
}

const [basic, post] = ['client_secret_basic', 'client_secret_post'] as const

/** The provider says of itself what cannot be worked with. */
function unusable(why: string): never {
  throw new OAuthError('ERR_PROVIDER_METADATA', `the provider cannot be used: ${why}`)
}
