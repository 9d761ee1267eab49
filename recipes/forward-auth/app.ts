/**
 * A gate for what is no app of ours: nginx asks it for each request, and passes on to whatever stands behind.
 *
 *     browser ─▶ nginx ─────────────────────────────▶ upstream, with X-Forwarded-User
 *                  │  ▲
 *     /auth/check  ▼  │  200, or 401 with where to sign in
 *                 gate ─▶ /auth/login, /auth/callback, /auth/logout
 *
 * @module
 */
import { compose, errors, respond, type App } from '@outerware/core'
import { oidc } from '@outerware/oauth2'

/** What differs from one installation to the next. */
export interface GateOptions {
  /** Where browsers find nginx. */
  readonly baseURL: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Seals the session cookies: 32 random characters or more. */
  readonly secret: string
}

/** Makes the gate. */
export function forwardGate({ issuer, ...client }: GateOptions): App {
  return compose(
    errors(),
    oidc({
      ...client,
      issuer,
      forwardAuth: { proxy: 'nginx' },
      // What nginx hands on to the upstream; what a client sends by these names counts for nothing.
      identityHeaders: { 'x-forwarded-user': 'sub', 'x-forwarded-email': 'email' },
      allowInsecureRequests: issuer.startsWith('http:'),
    }),
  )(() => respond('There is nothing here but the gate\n', { status: 404 }))
}
