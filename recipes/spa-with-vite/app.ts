/**
 * A single-page app behind a login: its assets are public and kept for ever, its page has a new nonce each time, its
 * API says 401, and the page knows what to do about that.
 *
 *     browser ─▶ errors ─▶ securityHeaders ─▶ compression ─▶ staticFiles ─▶ crossOriginProtection ─▶ oidc ─▶ notes
 *                                                              └─ dist/assets, by Vite's manifest
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compression } from '@outerware/compression'
import { compose, errors, type App } from '@outerware/core'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { oidc } from '@outerware/oauth2'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import { notes } from './notes.ts'

/** What differs from one installation to the next. */
export interface NotesOptions {
  /** What `vite build` has made. */
  readonly dist: string
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
export function notesSite({ dist, ...client }: NotesOptions): App {
  const page = readFileSync(join(dist, 'index.html'), 'utf8')
  return compose(
    errors(),
    securityHeaders({ preset: 'strict' }),
    compression(),
    // The page itself is the app's, since it has a nonce; it must not lie there without one.
    staticFiles({ dir: dist, ignore: ['index.html*'] }),
    crossOriginProtection(),
    oidc({ ...client, allowInsecureRequests: client.issuer.startsWith('http:') }),
  )(notes(page))
}
