/**
 * Routes: which view answers which path.
 *
 * @module
 */
import type { InferRouteParams } from 'rou3'
import { OptionError } from '../option-error.ts'
import type { View } from './hooks.ts'

/** Views by method. HEAD is answered by GET, OPTIONS by the list of methods, the rest with 405. */
export type Methods<Params, Needs extends object = {}> = {
  readonly [Method in 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS']?: View<Params, Needs>
}

/** A pattern and its view; see {@link path}. */
export interface Route<Pattern extends string = string, Name extends string = string, Needs extends object = any> {
  readonly pattern: Pattern
  readonly name: Name | undefined
  /** A view for every method, or views by method. */
  readonly view: View<any, Needs> | Methods<any, Needs>
}

/** Routes under a common beginning; see {@link include}. */
export interface Included<Prefix extends string = string, Inner extends Routes = Routes> {
  readonly prefix: Prefix
  readonly routes: Inner
}

/** Routes, and groups of them. */
export type Routes = readonly (Route | Included)[]

/**
 * Names the view of a pattern. `:name` is one segment, `:name?` one or none, `**:name` the rest of the path; the
 * most specific pattern wins, whatever the order.
 *
 * @param pattern begins with `/`; values are decoded, as `pathOf()` reads them
 * @param view a function for every method, or an object of functions by method
 * @throws {@link OptionError} `path`, when the pattern or the view is none
 * @example
 * path('/articles/:year/:slug', article, { name: 'article' })
 * path('/articles', { GET: list, POST: create })
 */
export function path<const Pattern extends string, const Name extends string = never, Needs extends object = {}>(
  pattern: Pattern,
  view: View<InferRouteParams<Pattern>, Needs> | Methods<InferRouteParams<Pattern>, Needs>,
  options: { readonly name?: Name } = {},
): Route<Pattern, Name, Needs> {
  if (typeof pattern !== 'string' || !pattern.startsWith('/')) {
    throw new OptionError('path(pattern)', "a pattern that begins with '/'", pattern)
  }
  const views: unknown[] = typeof view === 'function' ? [view] : Object.values(Object(view))
  if (views.length === 0 || views.some((one) => typeof one !== 'function')) {
    throw new OptionError(`path('${pattern}', view)`, 'a function, or an object of functions by method', view)
  }
  return { pattern, view, name: options.name }
}

/**
 * Puts routes under a common beginning.
 *
 * @example
 * include('/admin', [path('/', dashboard), path('/users/:id', user)])
 */
export function include<const Prefix extends string, const Inner extends Routes>(
  prefix: Prefix,
  routes: Inner,
): Included<Prefix, Inner> {
  if (!prefix.startsWith('/') || prefix.endsWith('/')) {
    throw new OptionError('include(prefix)', "a path that begins with '/' and does not end with one", prefix)
  }
  return { prefix, routes }
}

/** All routes, each with its whole pattern. */
export function flatten(routes: Routes, prefix = ''): Route[] {
  return routes.flatMap((route) =>
    'routes' in route
      ? flatten(route.routes, prefix + route.prefix)
      : [{ ...route, pattern: join(prefix, route.pattern) }],
  )
}

function join(prefix: string, pattern: string): string {
  return prefix + pattern
}

/** What the views of these routes need on the context, all of it. */
export type NeedsOfRoutes<R extends Routes> = [R[number]] extends [never] ? {} : Intersect<NeedsOfOne<R[number]>>

type NeedsOfOne<R> = R extends { readonly routes: infer Inner extends Routes }
  ? NeedsOfRoutes<Inner>
  : R extends Route<string, string, infer Needs>
    ? Needs
    : {}

type Intersect<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All extends object
    ? All
    : {}
  : {}

/** Names of routes and the pattern of each. */
export type Named<R extends Routes, Prefix extends string = ''> = Intersect<
  {
    [I in keyof R]: R[I] extends Included<infer P, infer Inner>
      ? Named<Inner, `${Prefix}${P}`>
      : R[I] extends Route<infer Pattern, infer Name>
        ? { readonly [N in Name]: `${Prefix}${Pattern}` }
        : {}
  }[number]
>
