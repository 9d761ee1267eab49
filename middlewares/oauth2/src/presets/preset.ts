/**
 * What is known of a provider beforehand: where it is, and where it goes ways of its own.
 *
 * @module
 */
import type { Claims } from '../gate/auth.ts'
import type { AllowOptions } from '../options/access.ts'

/** A provider of OpenID Connect, for `oidc({ provider })`. The presets make these; the members are for those who write one. */
export interface OidcProvider {
  readonly kind: 'oidc'
  /** The issuer, as its metadata say. */
  readonly issuer: string
  /**
   * Where the metadata are, if they name an issuer that is not their address.
   *
   * @default issuer
   */
  readonly address?: string
  /**
   * The issuer of one user's ID token, where the provider has one for each tenant.
   *
   * @param claims what the token says; nothing of it is proven yet
   */
  readonly issuerOf?: (claims: Readonly<Record<string, unknown>>) => string
  /** What is asked of it, where the options do not say. */
  readonly scope?: string
  /** More parameters of the authorization request; those of the options win. */
  readonly authorizationParams?: Readonly<Record<string, string>>
  /** Claims that users must have, whatever else the options allow. */
  readonly claims?: NonNullable<AllowOptions['claims']>
  /** Reads what it says of users, where that is not what the words mean elsewhere. */
  readonly mapClaims?: (claims: Claims) => Claims
  /** Where to sign out, if the metadata do not say: a URL, to which the parameters of this provider are added. */
  readonly logout?: (parameters: LogoutParameters) => URL
}

/** What a logout address is made of. */
export interface LogoutParameters {
  readonly clientId: string
  /** The address of the site to come back to, with the state in its query. */
  readonly returnTo: string
}

/** A provider of plain OAuth 2, which has no ID tokens, for `oauth2({ provider })`. */
export interface OAuth2Provider {
  readonly kind: 'oauth2'
  /** Names the provider: an address that is its own. */
  readonly issuer: string
  /** What it calls itself in the parameter `iss` of its answers (RFC 9207). Without this `iss` is not judged. */
  readonly iss?: string
  readonly authorizationURL: string
  readonly tokenURL: string
  /** Where tokens can be revoked (RFC 7009), if there is such a place. */
  readonly revocationURL?: string
  /** What is asked of it, where the options do not say. */
  readonly scope: string
  /** More parameters of the authorization request; those of the options win. */
  readonly authorizationParams?: Readonly<Record<string, string>>
  /** The methods that it takes a secret by, the best first. */
  readonly clientAuthMethods?: readonly ('client_secret_basic' | 'client_secret_post')[]
  /** Error codes of its own, with those of RFC 6749, 5.2, that they stand for. */
  readonly errors?: Readonly<Record<string, string>>
  /** Asks who has signed in; `sub` must never be given to another user. */
  readonly profile: (api: Api, scope: string) => Promise<Claims>
}

/** The provider's API, with the access token of the user. */
export interface Api {
  /**
   * Gets a document.
   *
   * @returns the JSON, as it is
   * @throws OAuthError `ERR_USERINFO` for every status but 200, `ERR_PROVIDER_FAILED` for 429 and above 499
   */
  get(url: string): Promise<unknown>
}
