/**
 * Harbour Street: one site, and a shop of its own behind every name.
 *
 *     Host: bakery.localhost     ─▶ site ─ routesFor ─▶ /  /bread/:slug
 *     Host: chandlery.localhost  ─▶ site ─ routesFor ─▶ /  /stock/:slug  /tides
 *     any other                  ─▶ site ─ routes ────▶ /                  the street, with all its doors
 *
 * @module
 */
import type { App, Context } from '@outerware/core'
import { path, render, site, type SiteHooks } from '@outerware/core/inner'
import { securityHeadersHooks } from '@outerware/security-headers'
import { staticFilesHooks } from '@outerware/static'
import { recipeFile } from './folder.ts'
import { renderPage } from './renderer.ts'
import { routesOf, type Shop } from './shops.ts'

/** Makes the site. Shops may open and close while it runs: the map is asked anew for each request. */
export function harbourStreet(shops: ReadonlyMap<string, Shop>): App {
  const shopOf = (request: Request): Shop | undefined => shops.get(new URL(request.url).hostname.split('.')[0] ?? '')

  /** Every page has the sign of its shop over the door, and knows which of its pages it is. */
  const sign: SiteHooks<{ shop?: Shop | undefined }> = {
    request(request, context) {
      context.shop = shopOf(request)
      return undefined
    },
    render(lazy, request, { shop, route }) {
      Object.assign(lazy.data, { shop, here: route?.name, shops: [...shops.values()], port: new URL(request.url).port })
    },
  }

  return site({
    hooks: [securityHeadersHooks({ contentSecurityPolicy: { directives: policy } }), files, sign],
    routes: [path('/', street, { name: 'street' })],
    routesFor(request) {
      const shop = shopOf(request)
      // Compiled once for the key; a shop that is changed gets another one.
      return shop && { key: `${shop.key} ${shop.edition}`, routes: () => routesOf(shop) }
    },
    errors: { 404: () => render('missing', {}, { status: 404 }) },
    renderer: renderPage,
  })
}

function street(_request: Request, _context: Context): ReturnType<typeof render> {
  return render('street')
}

const files = staticFilesHooks(recipeFile('public'))
const policy = { styleSrc: ["'self'"], scriptSrc: ["'none'"], upgradeInsecureRequests: null }
