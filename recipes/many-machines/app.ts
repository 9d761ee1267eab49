/**
 * One of several machines that run the same site. A session is in Redis, and whoever is asked can go on with it: also
 * with its refresh, which is done by one machine at a time.
 *
 *     browser ─▶ nginx ─▶ errors ─▶ trustedProxy ─▶ securityHeaders ─▶ oidc ─▶ watch
 *                                                                       └─ session: { store }, in Redis
 *
 * @module
 */
import { compose, errors, type App } from '@outerware/core'
import { oidc, type SessionStore } from '@outerware/oauth2'
import { securityHeaders } from '@outerware/security-headers'
import { trustedProxy } from '@outerware/trusted-proxy'
import { watch } from './watch.ts'

/** What all machines have in common, but for `machine`. */
export interface WatchOptions {
  /** The name of this machine. */
  readonly machine: string
  /** Where browsers find nginx. */
  readonly baseURL: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Seals the sessions: 32 random characters or more, the same on all machines. */
  readonly secret: string
  readonly store: SessionStore
}

/** Makes the site. */
export function watchSite({ machine, issuer, store, ...client }: WatchOptions): App {
  return compose(
    errors(),
    trustedProxy({ proxies: ['loopback'] }),
    securityHeaders(),
    oidc({
      ...client,
      issuer,
      session: { store },
      allowInsecureRequests: issuer.startsWith('http:'), // for a provider on this machine
    }),
  )(watch(machine, `${issuer}/me`))
}
