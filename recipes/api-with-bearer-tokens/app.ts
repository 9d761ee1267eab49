/**
 * An API for programs and for people: programs come with an access token, made for this API by an issuer that it
 * trusts, people with the session of their browser.
 *
 *     program ─▶ errors ─▶ securityHeaders ─▶ crossOriginProtection ─▶ oidc ─▶ lamp
 *     browser ─▶                                                        ├─ Authorization: Bearer …  judged by it alone
 *                                                                       └─ else the session, or the way to sign in
 *
 * @module
 */
import { compose, errors, type App } from '@outerware/core'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { oidc } from '@outerware/oauth2'
import { securityHeaders } from '@outerware/security-headers'
import { lamp } from './lamp.ts'

/** What differs from one installation to the next. */
export interface LampOptions {
  /** Where the API is: also its name at the issuer, so that no token made for another one is taken here. */
  readonly baseURL: string
  readonly issuer: string
  /** For people, who sign in by the same gate. */
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
    // A browser brings its cookies for any site; a program has none, and is let through.
    crossOriginProtection(),
    oidc({
      ...client,
      issuer,
      baseURL,
      bearer: { audience: baseURL, scopes: ['lamp:read'] },
      publicPaths: ['/health'],
      allowInsecureRequests: issuer.startsWith('http:'),
    }),
  )(lamp())
}
