/**
 * Options of the provider: which one it is, and how this site speaks with it.
 *
 * @module
 */
import type { JWK } from 'jose'
import type { ClientAuth } from 'oauth4webapi'
import type { OidcProvider } from '../presets/preset.ts'

/** The part of {@link OidcOptions} that is about the provider. `issuer` or `provider`, and `clientId`, are needed. */
export interface ProviderOptions {
  /**
   * The provider, as its metadata call it: `https://accounts.example`. Its discovery document is read when first
   * needed. This or `provider`.
   */
  readonly issuer?: string | URL
  /** The provider, by a preset that knows its ways: `google()`, `entra({ tenant })` … */
  readonly provider?: OidcProvider
  /** This site's name at the provider. */
  readonly clientId: string
  /** This site's secret at the provider; without one it is a public client, and PKCE alone protects the code. */
  readonly clientSecret?: string
  /**
   * How this site shows its secret: a method by name, or a `ClientAuth` of `oauth4webapi`, such as `PrivateKeyJwt(key)`.
   *
   * @default 'auto': `private_key_jwt` with a `clientKey`; else `client_secret_basic`, but `client_secret_post` where the provider offers it and the secret has
   *   characters that basic has to encode (RFC 6749, 2.3.1) and many providers do not decode; the other spelling is tried once if the first is refused. `none` without a secret
   */
  readonly clientAuth?: ClientAuthMethod | ClientAuth
  /**
   * The private key that this site shows itself by, as a JWK with its `kid`, in place of a secret: each call is
   * signed (`private_key_jwt`, RFC 7523). The provider has to know the public half.
   */
  readonly clientKey?: JWK
  /**
   * Whether the authorization request goes to the provider directly, so that the browser carries nothing but its name
   * (RFC 9126).
   *
   * @default 'auto': if the provider requires it
   */
  readonly pushedAuthorizationRequests?: 'auto' | boolean
  /**
   * Whether tokens are bound to a key of the login, so that a stolen one is of no use (DPoP, RFC 9449). The key is
   * sealed with the session. Calls with such a token need a proof: `auth.fetch()` makes it.
   *
   * @default false
   */
  readonly dpop?: boolean
  /**
   * Whom access tokens are for: absolute URIs of APIs (resource indicators, RFC 8707).
   *
   * @default []
   */
  readonly resource?: string | readonly string[]
  /**
   * What is asked of the provider, separated by spaces; `openid` must be in it. Add `offline_access` where the
   * provider wants that for a refresh token.
   *
   * @default 'openid profile email'
   */
  readonly scope?: string
  /** More parameters for the authorization request, such as `{ prompt: 'consent' }`. Those of the protocol are the gate's own. */
  readonly authorizationParams?: Readonly<Record<string, string>>
  /**
   * How far the provider's clock may be off.
   *
   * Unit: seconds; a whole number >= 0.
   *
   * @default 30
   */
  readonly clockTolerance?: number
  /**
   * `true` permits a provider over http, on loopback only: for tests and development.
   *
   * @default false
   */
  readonly allowInsecureRequests?: boolean
  /**
   * How long one call to the provider may take.
   *
   * Unit: seconds; a number > 0.
   *
   * @default 5
   */
  readonly timeout?: number
}

/** The ways to authenticate a client that are known by name. */
export type ClientAuthMethod = 'auto' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none'
