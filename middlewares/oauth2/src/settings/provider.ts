/**
 * Options of the provider, and of the protocol that is spoken with it.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import type { JWK } from 'jose'
import type { OidcOptions } from '../options/options.ts'
import type { ClientAuthMethod } from '../options/provider.ts'
import type { OAuth2Provider, OidcProvider } from '../presets/preset.ts'
import { flag, isLoopback, oneOf, text, texts, webAddress } from './checks.ts'

/** How this site speaks with the provider. */
export interface Protocol {
  readonly clientAuth: NonNullable<OidcOptions['clientAuth']>
  /** The private key that it shows itself by. */
  readonly clientKey: JWK | undefined
  readonly pushed: 'auto' | boolean
  readonly dpop: boolean
  readonly resources: readonly string[]
}

/** The provider, by a preset or by its issuer. */
export function providerOf(
  given: { readonly issuer?: unknown; readonly provider?: OidcProvider | OAuth2Provider },
  kind: 'oidc' | 'oauth2',
): OidcProvider | OAuth2Provider {
  const { issuer, provider } = given
  if (provider === undefined && kind === 'oidc') {
    const { href } = webAddress('oidc.issuer', issuer)
    const [, name] = /^(.*?)\/?\.well-known\//.exec(href) ?? []
    if (name !== undefined) throw new OptionError('oidc.issuer', 'the issuer alone', href, false, `write '${name}'`)
    return { kind, issuer: typeof issuer === 'string' ? issuer : href }
  }
  if (issuer !== undefined) throw new OptionError('oidc.issuer', 'left out where there is a provider', issuer)
  if (provider?.kind === kind) return provider
  const wanted =
    kind === 'oidc'
      ? 'google(), entra() … (github() and generic() are for oauth2())'
      : 'github() or generic() (google(), entra() … are for oidc())'
  throw new OptionError('oidc.provider', wanted, provider?.kind === undefined ? provider : { kind: provider.kind })
}

/** The URL that names a provider; http is for tests. */
export function issuerOf(provider: OidcProvider | OAuth2Provider, insecure: boolean): URL {
  const url = webAddress('oidc.issuer', provider.issuer)
  if (url.protocol === 'http:' && !(insecure && isLoopback(url))) {
    const wanted = 'an https:// URL (http:// is for loopback, with allowInsecureRequests: true)'
    throw new OptionError('oidc.issuer', wanted, url.href)
  }
  return url
}

/** The ways of speaking. */
export function protocolOf(given: Partial<Omit<OidcOptions, 'provider'>>): Protocol {
  const { clientAuth = 'auto', pushedAuthorizationRequests: pushed = 'auto', dpop = false, resource = [] } = given
  if (typeof clientAuth !== 'function') oneOf('oidc.clientAuth', clientAuth, methods)
  if (pushed !== 'auto' && typeof pushed !== 'boolean')
    throw new OptionError('oidc.pushedAuthorizationRequests', "'auto', true or false", pushed)
  const clientKey = clientKeyOf(given.clientKey)
  if (clientAuth === 'private_key_jwt' && clientKey === undefined)
    throw new OptionError('oidc.clientKey', 'a private key, as a JWK, where clientAuth is private_key_jwt', undefined)
  return { clientAuth, clientKey, pushed, dpop: flag('oidc.dpop', dpop), resources: resourcesOf(resource) }
}

const methods: readonly ClientAuthMethod[] = [
  'auto',
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'none',
]

function clientKeyOf(value: OidcOptions['clientKey']): JWK | undefined {
  if (value === undefined) return undefined
  const { kty, d }: { kty?: unknown; d?: unknown } = Object(value)
  const isPrivate = typeof kty === 'string' && kty !== 'oct' && typeof d === 'string'
  if (!isPrivate) throw new OptionError('oidc.clientKey', 'a private key of a key pair, as a JWK', value, true)
  return value
}

/** Absolute URIs without a fragment (RFC 8707, section 2). */
function resourcesOf(value: string | readonly string[]): readonly string[] {
  const list = typeof value === 'string' ? [text('oidc.resource', value)] : texts('oidc.resource', value)
  const wrong = list.find((uri) => !URL.canParse(uri) || uri.includes('#'))
  if (wrong !== undefined) throw new OptionError('oidc.resource', 'an absolute URI without a fragment', wrong)
  return list
}
