/**
 * The provider, as it describes itself (OpenID Connect Discovery 1.0), and how this site speaks with it.
 *
 * @module
 */
import * as oauth from 'oauth4webapi'
import { OAuthError } from '../errors.ts'
import type { Claims } from '../gate/auth.ts'
import type { OAuth2Provider, OidcProvider } from '../presets/preset.ts'
import { isLoopback } from '../settings/checks.ts'
import type { Settings } from '../settings/settings.ts'
import { clientProofOf, type ClientProof } from './client-auth.ts'
import { SigningKeys } from './signing-keys.ts'

/** A provider that is known, and how to speak with it. */
export interface Provider {
  readonly server: oauth.AuthorizationServer
  readonly client: oauth.Client
  readonly clientProof: ClientProof
  /** What was known of it beforehand. */
  readonly preset: OidcProvider | OAuth2Provider
  /** Whom access tokens are for (RFC 8707). */
  readonly resources: readonly string[]
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
  const { provider: preset, protocol, clientId, clockTolerance, allowInsecureRequests } = settings
  const http = httpOf(settings)
  const server = preset.kind === 'oidc' ? await metadataOf(preset, http) : plainMetadata(preset)
  checkEndpoints(server, preset.kind, allowInsecureRequests)
  if (server.code_challenge_methods_supported?.includes('S256') === false) unusable('it does not offer PKCE with S256')
  if (protocol.dpop && server.dpop_signing_alg_values_supported?.includes('ES256') !== true)
    unusable('it does not offer DPoP with ES256')
  const client = { client_id: clientId, [oauth.clockTolerance]: clockTolerance }
  const clientProof = await clientProofOf(settings, server.token_endpoint_auth_methods_supported)
  const { resources } = protocol
  return { server, client, clientProof, preset, resources, keys: new SigningKeys(server, settings.timeout), http }
}

/** What it says of users, in the words that are used elsewhere. */
export function mapped({ preset }: Provider, claims: Claims): Claims {
  return preset.kind === 'oidc' && preset.mapClaims !== undefined ? preset.mapClaims(claims) : claims
}

/** What a provider of OpenID Connect says of itself. */
async function metadataOf({ issuer, address = issuer }: OidcProvider, http: Http): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(new URL(address), { algorithm: 'oidc', ...http })
  const metadata = await oauth.processDiscoveryResponse(new URL(issuer), response)
  return { ...metadata, id_token_signing_alg_values_supported: signingAlgs(metadata) }
}

/** What one of plain OAuth 2 would say, if it said anything. */
function plainMetadata(preset: OAuth2Provider): oauth.AuthorizationServer {
  const { issuer, iss = issuer, authorizationURL, tokenURL, revocationURL, clientAuthMethods } = preset
  return {
    issuer: iss,
    authorization_endpoint: authorizationURL,
    token_endpoint: tokenURL,
    token_endpoint_auth_methods_supported: [...(clientAuthMethods ?? ['client_secret_basic', 'client_secret_post'])],
    ...(revocationURL !== undefined && { revocation_endpoint: revocationURL }),
  }
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

const needed = {
  oidc: ['authorization_endpoint', 'token_endpoint', 'jwks_uri'],
  oauth2: ['authorization_endpoint', 'token_endpoint'],
} as const
const optional = [
  'userinfo_endpoint',
  'end_session_endpoint',
  'revocation_endpoint',
  'pushed_authorization_request_endpoint',
] as const

function checkEndpoints(server: oauth.AuthorizationServer, kind: 'oidc' | 'oauth2', insecure: boolean): void {
  for (const name of needed[kind]) if (typeof server[name] !== 'string') unusable(`it has no ${name}`)
  for (const name of [...needed[kind], ...optional]) {
    if (server[name] !== undefined) checkAddress(name, server[name], insecure)
  }
}

/** An endpoint is at an https URL (R17). */
export function checkAddress(name: string, address: unknown, insecure: boolean): void {
  if (typeof address !== 'string' || !URL.canParse(address)) unusable(`its ${name} is no URL`)
  const url = new URL(address)
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && insecure && isLoopback(url))
  if (!isSecure) unusable(`its ${name} is not https`)
}

/** The provider says of itself what cannot be worked with. */
function unusable(why: string): never {
  throw new OAuthError('ERR_PROVIDER_METADATA', `the provider cannot be used: ${why}`)
}
