/**
 * A site whose assets are on the host of a CDN. It fetches each of them once, keeps it for ever, and needs no purge:
 * what has changed has another name.
 *
 *     browser ─▶ site ──────────────────────▶ errors ─▶ securityHeaders ─▶ files ─▶ pages, with tags for the CDN
 *        └─────▶ CDN ─▶ by its own name ────▶ errors ─▶ securityHeaders ─▶ files ─▶ nothing
 *
 * @module
 */
import { compose, errors, respond, type App } from '@outerware/core'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import { pages } from './pages.ts'

/** What differs from one installation to the next. */
export interface KnotsOptions {
  /** Directories of the builds whose files may still be asked for, the latest first. */
  readonly builds: readonly string[]
  /** Where browsers find the CDN, such as `https://cdn.example`; empty for none. */
  readonly cdn: string
  /** The host by which the CDN asks this site, and nobody else does. */
  readonly fetchedAs: string
}

/** Makes the site. */
export function knotsSite({ builds, cdn, fetchedAs }: KnotsOptions): App {
  const files = staticFiles({ dir: builds, origin: cdn })
  const sources = ["'self'", ...(cdn === '' ? [] : [cdn])]
  const directives = { scriptSrc: sources, styleSrc: sources, imgSrc: sources }

  const site = compose(errors(), securityHeaders({ contentSecurityPolicy: { directives } }), files)(pages(files))
  // No page has a second address there, and other origins may show what comes from it.
  const assets = compose(
    errors(),
    securityHeaders({ contentSecurityPolicy: false, crossOriginResourcePolicy: { policy: 'cross-origin' } }),
    files,
  )(() => respond('There are assets here, and no pages\n', { status: 404, headers: { 'cache-control': 'no-store' } }))

  return (request, context) => (new URL(request.url).host === fetchedAs ? assets : site)(request, context)
}
