/**
 * From a request to its view.
 *
 * @module
 */
import { addRoute, createRouter, findRoute } from 'rou3'
import { OptionError } from '../option-error.ts'
import type { View } from './hooks.ts'
import { flatten, type Route, type Routes } from './routes.ts'

/** What was found for a path. */
export interface Found {
  readonly route: Route
  readonly params: Readonly<Record<string, string | undefined>>
}

export interface Router {
  find(path: string): Found | undefined
}

/** Builds the tree, once. */
export function routerOf(routes: Routes): Router {
  const tree = createRouter<Route>()
  const seen = new Set<string>()
  for (const route of flatten(routes)) {
    if (seen.has(route.pattern)) {
      throw new OptionError(
        'routes',
        `patterns that differ (one path() with views by method: { GET, POST })`,
        route.pattern,
      )
    }
    seen.add(route.pattern)
    addRoute(tree, '', route.pattern, route)
  }
  return {
    find(path) {
      const found = findRoute(tree, '', path)
      return found === undefined || !isExact(found.data.pattern, path)
        ? undefined
        : { route: found.data, params: found.params ?? {} }
    },
  }
}

/** The tree takes `/a` and `/a/` for the same; here they are two paths, and a redirect may join them. */
function isExact(pattern: string, path: string): boolean {
  if (path === '/' || pattern.endsWith('*') || pattern.includes('/**')) return true
  return path.endsWith('/') === pattern.endsWith('/')
}

/** The view for a method, or the methods that are there. */
export function viewFor({ view }: Route, method: string): View | { readonly allow: string } {
  if (typeof view === 'function') return view
  const byMethod: Readonly<Record<string, View | undefined>> = view
  const found = byMethod[method] ?? (method === 'HEAD' ? byMethod['GET'] : undefined)
  return found ?? { allow: allowed(Object.keys(view)) }
}

function allowed(methods: readonly string[]): string {
  const all = new Set([...methods, 'OPTIONS', ...(methods.includes('GET') ? ['HEAD'] : [])])
  return [...all].toSorted().join(', ')
}
