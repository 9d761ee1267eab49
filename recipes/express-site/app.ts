/**
 * Skerry Light behind five wrappers, outermost first. The app inside is not touched.
 *
 *     browser ─▶ errors ─▶ securityHeaders ─▶ compression ─▶ staticFiles ─▶ oidc ─▶ Express
 *
 * @module
 */
import { compression } from '@outerware/compression'
import { compose, errors, type App } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import { oidc } from '@outerware/oauth2'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import { stationApp } from './existing-app.ts'
import { recipeFile } from './folder.ts'

/** What differs from one installation to the next. */
export interface SiteOptions {
  /** Where browsers find the site, such as `http://localhost:3000`. */
  readonly baseURL: string
  /** The OpenID provider. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Seals the session cookies: 32 random characters or more. */
  readonly secret: string
}

/** Makes the site. */
export function expressSite({ issuer, ...client }: SiteOptions): App {
  const files = staticFiles(recipeFile('public'))
  const station = stationApp({
    asset: (name) => files.asset(name).url,
    signInPath: '/auth/login',
    signOutPath: '/auth/logout?returnTo=/',
  })

  // The sign-out form ends at the provider, and Chromium holds redirects after a form against this, too.
  const policy = { formAction: ["'self'", new URL(issuer).origin] }

  return compose(
    errors(),
    securityHeaders({ preset: 'strict', contentSecurityPolicy: { directives: policy } }),
    compression(),
    files,
    oidc({
      ...client,
      issuer,
      publicPaths: ['/', '/tides', '/api/tides'],
      allow: { emailDomains: ['skerry.example'] },
      allowInsecureRequests: true, // the provider of this recipe speaks http; with yours, leave this line out
    }),
  )(fromNode(station))
}
