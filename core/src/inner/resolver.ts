/**
 * Which routes count for a request, and the slash at the end of a path.
 *
 * @module
 */
import type { Context } from '../app.ts'
import { respond } from '../respond.ts'
import type { KeyedRoutes, SiteOptions } from './options.ts'
import { routerOf, type Router } from './router.ts'
import type { Routes } from './routes.ts'

/** How many keyed routers are kept; the one that was not asked for the longest goes first. */
const MOST_KEYS = 100

/** The router for a request. Each is compiled once. */
export function resolverOf({ routes = [], routesFor }: SiteOptions): (request: Request, context: Context) => Router {
  const fallback = routerOf(routes)
  if (routesFor === undefined) return () => fallback
  const byArray = new WeakMap<Routes, Router>()
  const byKey = new Map<string, Router>()
  return (request, context) => {
    const own = routesFor(request, context)
    if (own === undefined) return fallback
    return isKeyed(own) ? keyed(byKey, own) : remembered(byArray, own)
  }
}

function isKeyed(own: Routes | KeyedRoutes): own is KeyedRoutes {
  return 'key' in own
}

function remembered(routers: WeakMap<Routes, Router>, routes: Routes): Router {
  const known = routers.get(routes)
  if (known !== undefined) return known
  const router = routerOf(routes)
  routers.set(routes, router)
  return router
}

function keyed(routers: Map<string, Router>, { key, routes }: KeyedRoutes): Router {
  const router = routers.get(key) ?? routerOf(routes())
  routers.delete(key)
  routers.set(key, router)
  const [oldest] = routers.keys()
  if (routers.size > MOST_KEYS && oldest !== undefined) routers.delete(oldest)
  return router
}

/**
 * A redirect to the path with or without the slash, if that one exists; relative, so that it holds behind any mount.
 * 308 keeps the method and the body.
 */
export function slashRedirect(
  request: Request,
  path: string | undefined,
  router: Router,
  { trailingSlash = 'redirect' }: SiteOptions,
): Response | undefined {
  if (trailingSlash === 'strict' || path === undefined || path === '/' || path.endsWith('//')) return undefined
  const has = path.endsWith('/')
  if (router.find(has ? path.slice(0, -1) : `${path}/`) === undefined) return undefined
  const { pathname, search } = new URL(request.url)
  const last = pathname.split('/').at(has ? -2 : -1) ?? ''
  return respond(null, { status: 308, headers: { location: `${has ? `../${last}` : `${last}/`}${search}` } })
}
