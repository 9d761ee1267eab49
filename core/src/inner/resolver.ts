/**
 * Which routes count for a request, and the slash at the end of a path.
 *
 * @module
 */
import type { Context } from '../app.ts'
import { OptionError } from '../option-error.ts'
import { respond } from '../respond.ts'
import { isThenable } from './answers.ts'
import type { KeyedRoutes, OwnRoutes, SiteOptions } from './options.ts'
import { routerOf, type Router } from './router.ts'
import type { Routes } from './routes.ts'

/** How many keyed routers are kept; the one that was not asked for the longest goes first. */
const MOST_KEYS = 100

/** The router for a request. Each is compiled once. */
export function resolverOf({
  routes = [],
  routesFor,
}: SiteOptions): (request: Request, context: Context) => Router | Promise<Router> {
  const fallback = routerOf(routes)
  if (routesFor === undefined) return () => fallback
  const byArray = new WeakMap<Routes, Router>()
  const byKey = new Map<string, Router>()
  const routerFor = (own: OwnRoutes): Router => {
    if (own === undefined || own === null) return fallback
    if (isKeyed(own)) return keyed(byKey, own)
    if (Array.isArray(own)) return remembered(byArray, own)
    throw new OptionError('routesFor(…)', 'routes, or { key, routes }, or undefined', own)
  }
  return (request, context) => {
    const own = routesFor(request, context)
    return isThenable(own) ? Promise.resolve(own).then(routerFor) : routerFor(own)
  }
}

function isKeyed(own: NonNullable<OwnRoutes>): own is KeyedRoutes {
  return 'key' in Object(own) && 'routes' in own && typeof own.routes === 'function'
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
  // Last in the order of the map is the one that was asked for last.
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
  // With the dot, or a segment like `https:evil.example` would be read as a URL (RFC 3986, 4.2).
  return respond(null, { status: 308, headers: { location: `${has ? `../${last}` : `./${last}/`}${search}` } })
}
