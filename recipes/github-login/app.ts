/**
 * A site for the people of one organization at GitHub. GitHub speaks plain OAuth 2: who somebody is, its API says.
 *
 *     browser ─▶ errors ─▶ securityHeaders ─▶ oauth2 ─▶ dock
 *                                               └─ signed in at GitHub, and a member of the organization
 *
 * @module
 */
import { compose, errors, type App } from '@outerware/core'
import { github, oauth2 } from '@outerware/oauth2'
import { securityHeaders } from '@outerware/security-headers'
import { dock } from './dock.ts'

/** What differs from one installation to the next. */
export interface DockOptions {
  /** Where browsers find the site. */
  readonly baseURL: string
  /** Of the OAuth app, as registered at GitHub. */
  readonly clientId: string
  readonly clientSecret: string
  /** Seals the session cookies: 32 random characters or more. */
  readonly secret: string
  /** Organizations (`acme`) or teams (`acme/web`); a member of any of them may pass. */
  readonly groups: readonly string[]
  /** Where GitHub is, if it is a server of your own. */
  readonly hub?: string
}

/** Makes the site. */
export function dockSite({ hub = 'https://github.com', groups, ...client }: DockOptions): App {
  return compose(
    errors(),
    securityHeaders({
      contentSecurityPolicy: { directives: { imgSrc: ["'self'", 'https://avatars.githubusercontent.com'] } },
    }),
    oauth2({
      ...client,
      provider: github({ url: hub }),
      // The last one is what tells GitHub's API to say who belongs to what.
      scope: 'read:user user:email read:org',
      allow: { groups },
      publicPaths: ['/', '/favicon.ico'],
      allowInsecureRequests: hub.startsWith('http:'),
    }),
  )(dock)
}
