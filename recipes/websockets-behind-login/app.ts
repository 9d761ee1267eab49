/**
 * A radio channel for those who are signed in. The gate judges the upgrade as it judges a page, and hangs up when the
 * session ends.
 *
 *     browser ─▶ errors ─▶ securityHeaders ─▶ staticFiles ─▶ crossOriginProtection ─▶ oidc ─▶ radio
 *
 * @module
 */
import { compose, errors, type App } from '@outerware/core'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { oidc, type Auth } from '@outerware/oauth2'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import { recipeFile } from './folder.ts'
import { radio } from './radio.ts'

/** What differs from one installation to the next. */
export interface RadioOptions {
  /** Where browsers find the site. */
  readonly baseURL: string
  /** The OpenID provider. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Seals the session cookies: 32 random characters or more. */
  readonly secret: string
}

/** Makes the site. */
export function radioSite({ issuer, ...client }: RadioOptions): App {
  const channel: App<{ auth: Auth }> = radio()
  return compose(
    errors(),
    securityHeaders({
      contentSecurityPolicy: { directives: { styleSrc: ["'self'"], formAction: ["'self'", new URL(issuer).origin] } },
    }),
    staticFiles(recipeFile('public')),
    // Browsers send cookies along with a WebSocket of any site, and no framework asks where it comes from.
    crossOriginProtection(),
    oidc({
      ...client,
      issuer,
      allowInsecureRequests: issuer.startsWith('http:'), // for a provider on this machine
    }),
  )(channel)
}
