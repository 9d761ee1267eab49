/**
 * This site as a protected resource, described for clients that have never heard of it (RFC 9728).
 *
 * @module
 */
import { respond, type App } from '@outerware/core'
import { methodNotAllowed } from '../answers/answers.ts'

/** What tokens are judged by. */
export interface BearerSettings {
  /** A token must be made for one of these. */
  readonly audiences: readonly string[]
  /** The scopes that every token must have. */
  readonly scopes: readonly string[]
  /** Who may have made it. */
  readonly issuers: readonly string[]
  /** The resource identifier of this site, an absolute URL. */
  readonly resource: string
}

/**
 * The path of the document at this host (RFC 9728, 3.1): `/.well-known/oauth-protected-resource`, and behind it the
 * path of the resource, if it has one.
 */
export function metadataPath({ resource }: BearerSettings): string {
  return WELL_KNOWN + pathBehind(new URL(resource))
}

/** Where the document is, as challenges say. */
export function metadataURL({ resource }: BearerSettings): string {
  const url = new URL(resource)
  return url.origin + WELL_KNOWN + pathBehind(url)
}

/** The route of the document. It is public, for scripts of any page too: such clients begin here. */
export function metadataRoute(bearer: BearerSettings): App {
  const { resource, issuers, scopes } = bearer
  const body = JSON.stringify({
    resource,
    authorization_servers: issuers,
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
  })
  const open = ['access-control-allow-origin', '*'] as const
  const type = ['content-type', 'application/json'] as const
  const control = ['cache-control', 'public, max-age=3600'] as const
  const preflight = ['access-control-allow-headers', '*'] as const
  return (request) => {
    if (request.method === 'OPTIONS') return respond(null, { status: 204, headers: [open, preflight] })
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed(request, 'GET, HEAD, OPTIONS')
    return respond(request.method === 'HEAD' ? null : body, { headers: [type, control, open] })
  }
}

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

function pathBehind({ pathname }: URL): string {
  return pathname === '/' ? '' : pathname
}
