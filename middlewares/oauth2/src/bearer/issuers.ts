/**
 * The issuers whose access tokens are taken: the provider of the login, and others that the options name.
 *
 * @module
 */
import * as oauth from 'oauth4webapi'
import { OAuthError } from '../errors.ts'
import { tell } from '../gate/events.ts'
import { Discovery } from '../provider/discovery.ts'
import { checkAddress, httpOf, type Http, type Provider } from '../provider/provider.ts'
import { SigningKeys } from '../provider/signing-keys.ts'
import type { Settings } from '../settings/settings.ts'
import type { BearerSettings } from './resource.ts'

/** An issuer that is known. */
export interface Issuer {
  readonly server: oauth.AuthorizationServer
  readonly keys: SigningKeys
  readonly http: Http
}

/** The issuers of one gate. No other one is ever asked for anything. */
export class Issuers {
  readonly #byAddress = new Map<string, Discovery<Issuer>>()

  constructor(settings: Settings, bearer: BearerSettings, provider: Discovery<Provider>) {
    for (const name of bearer.issuers) {
      const url = new URL(name)
      const isProvider = url.href === settings.issuer.href
      const own = (): Discovery<Issuer> =>
        new Discovery(
          () => look(url, settings),
          (error) => tell(settings.on.error, error),
        )
      this.#byAddress.set(url.href, isProvider ? provider : own())
    }
  }

  /**
   * Finds the issuer that a token names: by its address, since options may lack the slash that it has, or have one too
   * many. Whether the name is the issuer's own, character by character, is checked with the token.
   *
   * @returns `undefined` for one that is not taken; an error while it cannot be reached
   */
  find(name: unknown): Promise<Issuer | OAuthError> | undefined {
    if (typeof name !== 'string' || !URL.canParse(name)) return undefined
    return this.#byAddress.get(new URL(name).href)?.find()
  }
}

/** Reads the metadata of an issuer that may know nothing of OpenID Connect (RFC 8414, section 3). */
async function look(issuer: URL, settings: Settings): Promise<Issuer> {
  const http = httpOf(settings)
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...http })
  const isFound = response.status === 200
  if (!isFound) await response.body?.cancel()
  const found = isFound ? response : await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...http })
  const server = await oauth.processDiscoveryResponse(issuer, found)
  if (server.jwks_uri === undefined) throw new OAuthError('ERR_PROVIDER_METADATA', 'the issuer has no jwks_uri')
  checkAddress('jwks_uri', server.jwks_uri, settings.allowInsecureRequests)
  return { server, keys: new SigningKeys(server, settings.timeout), http }
}
