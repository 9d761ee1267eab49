/**
 * An API for programs: they come with an access token, made for this API by an issuer that it trusts.
 *
 *     program ─▶ errors ─▶ securityHeaders ─▶ oidc ─▶ lamp
 *                                              └─ Authorization: Bearer …  signature, issuer, audience, scope
 *
 * @module
 */
import { compose, errors, type App } from '@outerware/core'
import { oidc } from '@outerware/oauth2'
import { securityHeaders } from '@outerware/security-headers'
import { lamp } from './lamp.ts'

/** What differs from one installation to the next. */
export interface LampOptions {
  /** Where the API is: also its name at the issuer, so that no token made for another one is taken here. */
  readonly baseURL: string
  readonly issuer: string
  /** For people, who may sign in by the same gate. */
  readonly clientId: string
  readonly clientSecret: string
  /** 32 random characters or more. */
  readonly secret: string
}

/** Makes the API. */
export function lampAPI({ issuer, baseURL, ...client }: LampOptions): App {
  return compose(
    errors(),
    securityHeaders({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    }),
    oidc({
      ...client,
      issuer,
      baseURL,
      bearer: { audience: baseURL, scopes: ['lamp:read'] },
      // Nobody is led to a login page: what comes without a token is told so.
      unauthenticated: '401',
      publicPaths: ['/health'],
      allowInsecureRequests: issuer.startsWith('http:'),
    }),
  )(lamp())
}
