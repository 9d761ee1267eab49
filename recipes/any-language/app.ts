/**
 * A Django site behind the gate. It runs as it always has, under gunicorn, and reads from a field who has come; a proxy
 * stands where an app would.
 *
 *     browser ─▶ errors ─▶ trustedProxy ─▶ securityHeaders ─▶ compression ─▶ crossOriginProtection ─▶ oidc ─▶ proxy ─▶ gunicorn
 *                                                                                      └─ X-Forwarded-User
 *
 * @module
 */
import { compression } from '@outerware/compression'
import { compose, errors, type App } from '@outerware/core'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { oidc } from '@outerware/oauth2'
import { securityHeaders } from '@outerware/security-headers'
import { trustedProxy } from '@outerware/trusted-proxy'
import { proxyTo } from './proxy.ts'

/** What differs from one installation to the next. */
export interface HarbourOptions {
  /** The Unix socket that gunicorn listens on: nobody else can write to it. */
  readonly socket: string
  /** Where browsers find the site. */
  readonly baseURL: string
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Seals the session cookies: 32 random characters or more. */
  readonly secret: string
  /** Addresses of proxies in front of the gate, if there are any. */
  readonly proxies?: readonly string[]
}

/** Makes the site. */
export function harbourSite({ socket, issuer, proxies = [], ...client }: HarbourOptions): App {
  return compose(
    errors(),
    // The proxy to gunicorn passes on what it finds: what a client says of where it comes from must not be there.
    trustedProxy({ proxies }),
    securityHeaders(),
    compression(),
    crossOriginProtection(),
    oidc({
      ...client,
      issuer,
      // What a client sends by these names, in any spelling that Python takes for the same, does not get through.
      identityHeaders: { 'x-forwarded-user': 'sub', 'x-forwarded-email': 'email' },
      publicPaths: ['/health'],
      allowInsecureRequests: issuer.startsWith('http:'), // for a provider on this machine
    }),
  )(proxyTo(socket))
}
