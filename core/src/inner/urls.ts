/**
 * From the name of a route back to a URL.
 *
 * @module
 */
import type { InferRouteParams } from 'rou3'
import { OptionError } from '../option-error.ts'
import { routerOf } from './router.ts'
import { flatten, type Named, type Routes } from './routes.ts'

/** Makes the path of a named route; see {@link urls}. */
export type UrlFor<R extends Routes> = <Name extends keyof Named<R> & string>(
  name: Name,
  ...params: ParamsOf<Named<R>[Name]>
) => string

type ParamsOf<Pattern> = Pattern extends string
  ? {} extends InferRouteParams<Pattern>
    ? [params?: Values<InferRouteParams<Pattern>>]
    : [params: Values<InferRouteParams<Pattern>>]
  : never

type Values<Params> = { readonly [Key in keyof Params]: Params[Key] | number }

/**
 * Makes the reverse of routes: from a name and its parameters to a path, encoded.
 *
 * @throws {@link OptionError} when two routes have the same name; and from the function, when a parameter is missing
 * @example
 * const urlFor = urls([path('/articles/:year/:slug', article, { name: 'article' })])
 * urlFor('article', { year: 2026, slug: 'à la carte' }) // '/articles/2026/%C3%A0%20la%20carte'
 */
export function urls<const R extends Routes>(routes: R): UrlFor<R> {
  const patterns = new Map<string, string>()
  for (const { name, pattern } of flatten(routes)) {
    if (name === undefined) continue
    if (patterns.has(name)) throw new OptionError('routes', 'routes with names that differ', name)
    patterns.set(name, pattern)
  }
  const router = routerOf(routes)
  return (name, ...[params]) => {
    const pattern = patterns.get(name)
    if (pattern === undefined) throw new OptionError('urlFor(name)', `one of ${[...patterns.keys()].join(', ')}`, name)
    const url = fill(name, pattern, Object(params ?? {}))
    const found = router.find(decodeURI(url))
    if (found?.route.name === name || found === undefined) return url
    throw new OptionError(`urlFor('${name}', params)`, `values whose path another route does not take`, params)
  }
}

function fill(name: string, pattern: string, params: Readonly<Record<string, string | number | undefined>>): string {
  const segments = pattern.split('/').flatMap((segment) => {
    const parameter = /^(\*\*)?:(\w+)(?:\(.*\))?([?+*])?$/.exec(segment)
    if (parameter === null) return [segment]
    const [, rest, key = '', modifier] = parameter
    const value = params[key]
    const many = rest !== undefined || modifier === '+' || modifier === '*'
    if (value === undefined || value === '') {
      if (modifier === '?' || modifier === '*') return []
      throw new OptionError(`urlFor('${name}', { ${key} })`, 'a value that is not empty', value)
    }
    return many ? [String(value).split('/').map(encodeURIComponent).join('/')] : [encodeURIComponent(String(value))]
  })
  return segments.join('/') || '/'
}
