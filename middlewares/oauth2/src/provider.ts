/**
 * The provider, as it describes itself (OpenID Connect Discovery 1.0): asked once, and then never on the request path.
 *
 * @module
 */
import * as oauth from 'oauth4webapi'
import { isLoopback } from './settings/checks.ts'
import { OAuthError } from './errors.ts'
import { translate } from './translate.ts'
import type { Settings } from './settings/settings.ts'

/** A provider that is known, and how to speak with it. */
export interface Provider {
  readonly server: oauth.AuthorizationServer
  readonly client: oauth.Client
  readonly clientAuth: oauth.ClientAuth
  /** Options of every call: its time limit, and whether http is permitted. */
  readonly http: Http
}

/** See {@link Provider.http}. */
export interface Http {
  readonly signal: () => AbortSignal
  readonly [oauth.allowInsecureRequests]: boolean
}

/** Finds the provider out, and keeps what it has found. */
export class Discovery {
  readonly #settings: Settings
  readonly #report: (error: OAuthError) => void
  #known: Provider | undefined
  #freshUntil = 0
  #asking: Promise<Provider> | undefined
  #failures = 0
  #lastError: OAuthError | undefined
  #notBefore = 0

  constructor(settings: Settings, report: (error: OAuthError) => void) {
    this.#settings = settings
    this.#report = report
  }

  /**
   * Gives the provider: at once, once it is known. After an hour it is asked again, behind the back of the requests.
   *
   * @throws OAuthError at once while a failed attempt is recent: from half a second, doubled up to half a minute
   */
  get(): Provider | Promise<Provider> {
    const now = Date.now()
    if (this.#known !== undefined) {
      if (now >= this.#freshUntil && now >= this.#notBefore) this.#ask().catch(() => {})
      return this.#known
    }
    if (this.#asking === undefined && this.#lastError !== undefined && now < this.#notBefore) throw this.#lastError
    return this.#ask()
  }

  /** The same, with the error as a value: it has been reported already. */
  async find(): Promise<Provider | OAuthError> {
    try {
      return await this.get()
    } catch (error) {
      return translate(error, 'discovery')
    }
  }

  #ask(): Promise<Provider> {
    return (this.#asking ??= this.#discover().finally(() => {
      this.#asking = undefined
    }))
  }

  async #discover(): Promise<Provider> {
    try {
      const provider = await discover(this.#settings)
      this.#failures = 0
      this.#freshUntil = Date.now() + FRESH_MS
      // The same object as long as it says the same: the keys of the provider are cached by it.
      if (!isSame(this.#known, provider)) this.#known = provider
      return this.#known!
    } catch (cause) {
      const error = translate(cause, 'discovery')
      const delay = Math.min(FIRST_DELAY_MS * 2 ** this.#failures++, LAST_DELAY_MS)
      this.#notBefore = Date.now() + delay
      this.#lastError = new OAuthError(error.code, error.message, { retryAfter: Math.ceil(delay / 1000) })
      this.#report(error)
      throw this.#lastError
    }
  }
}

const FRESH_MS = 3_600_000
const [FIRST_DELAY_MS, LAST_DELAY_MS] = [500, 30_000]

async function discover(settings: Settings): Promise<Provider> {
  const { issuer, clientId, clockTolerance, timeout, allowInsecureRequests } = settings
  const http: Http = {
    signal: () => AbortSignal.timeout(timeout * 1000),
    [oauth.allowInsecureRequests]: allowInsecureRequests,
  }
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...http })
  const metadata = await oauth.processDiscoveryResponse(issuer, response)
  const server = { ...metadata, id_token_signing_alg_values_supported: signingAlgs(metadata) }
  checkEndpoints(server, allowInsecureRequests)
  if (server.code_challenge_methods_supported?.includes('S256') === false) unusable('it does not offer PKCE with S256')
  const client = { client_id: clientId, [oauth.clockTolerance]: clockTolerance }
  return { server, client, clientAuth: clientAuthOf(settings, server), http }
}

/** Signatures by a key pair only: `none` is no signature, and a shared secret no proof to others (R15). */
function signingAlgs({
  id_token_signing_alg_values_supported: offered = ['RS256'],
}: oauth.AuthorizationServer): string[] {
  const algs = offered.filter((alg) => alg !== 'none' && !alg.startsWith('HS'))
  if (algs.length === 0) unusable('it does not sign ID tokens with a key pair')
  return algs
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

function isSame(known: Provider | undefined, provider: Provider): boolean {
  return known !== undefined && JSON.stringify(known.server) === JSON.stringify(provider.server)
}

function unusable(why: string): never {
  throw new OAuthError('ERR_PROVIDER_METADATA', `the provider cannot be used: ${why}`)
}
