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
 * Names the view of a pattern. `:name` is one segment, `:name?` one or none, `**:name` the rest of the path, and
 * `:name(\\d+)` one that a regular expression takes; the most specific pattern wins, whatever the order.
 *
 * A pattern is written as people read it (`/über/:title`), and values come decoded, as `pathOf()` reads them. Only a
 * regular expression sees what is not ASCII percent-encoded.
 *
 * @param pattern begins with `/`; `/a` and `/a/` are two
 * @param view a function for every method, or an object of functions by method
 * @throws {@link OptionError} `path`, when the pattern or the view is none
 * @example
 * path('/articles/:year/:slug', article, { name: 'article' })
 * path('/articles', { GET: list, POST: create })
 * @see https://github.com/h3js/rou3#route-patterns
 */
export function path<const Pattern extends string, const Name extends string = never, Needs extends object = {}>(
  pattern: Pattern,
  view: View<InferRouteParams<Pattern>, Needs> | Methods<InferRouteParams<Pattern>, Needs>,
  options: { readonly name?: Name } = {},
): Route<Pattern, Name, Needs> {
  if (typeof pattern !== 'string' || !pattern.startsWith('/') || pattern.endsWith('//')) {
    throw new OptionError('path(pattern)', "a pattern that begins with '/', and ends with one '/' at most", pattern)
  }
  checkView(pattern, view)
  return { pattern, view, name: options.name }
}

function checkView(pattern: string, view: unknown): void {
  if (typeof view === 'function') return
  const views = Object.entries(Object(view))
  if (views.length === 0 || views.some(([, one]) => typeof one !== 'function')) {
    throw new OptionError(`path('${pattern}', view)`, 'a function, or an object of functions by method', view)
  }
  const odd = views.find(([method]) => !/^[A-Z-]+$/.test(method))
  if (odd !== undefined)
    throw new OptionError(`path('${pattern}', view)`, 'an object with methods, such as GET', odd[0])
}

/**
 * Puts routes under a common beginning.
 *
 * @throws {@link OptionError} `include`, for a prefix or routes that are none
 * @example
 * include('/admin', [path('/', dashboard), path('/users/:id', user)])
 */
export function include<const Prefix extends string, const Inner extends Routes>(
  prefix: Prefix,
  routes: Inner,
): Included<Prefix, Inner> {
  if (typeof prefix !== 'string' || !prefix.startsWith('/') || prefix.endsWith('/')) {
    throw new OptionError('include(prefix)', "a path that begins with '/' and does not end with one", prefix)
  }
  checkRoutes(`include('${prefix}', routes)`, routes)
  return { prefix, routes }
}

/** @throws {@link OptionError} `option`, for what is no list of `path()` and `include()` */
export function checkRoutes(option: string, routes: unknown): asserts routes is Routes {
  if (!Array.isArray(routes)) throw new OptionError(option, 'an array of path() and include()', routes)
  routes.forEach((route: unknown, i) => {
    if (typeof route === 'object' && route !== null && ('pattern' in route || 'routes' in route)) return
    throw new OptionError(`${option}[${i}]`, 'made by path() or include()', route)
  })
}

/** All routes, each with its whole pattern. */
export function flatten(routes: Routes, prefix = ''): Route[] {
  return routes.flatMap((route) =>
    'routes' in route ? flatten(route.routes, prefix + route.prefix) : [{ ...route, pattern: prefix + route.pattern }],
  )
}

/** What the views of these routes need on the context, all of it; nothing, if it is not known which routes they are. */
export type NeedsOfRoutes<R extends Routes> = [R[number]] extends [never]
  ? {}
  : Included extends R[number]
    ? {}
    : Intersect<NeedsOfView<R[number]>>

type NeedsOfView<R> = R extends { readonly routes: infer Inner extends Routes }
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
