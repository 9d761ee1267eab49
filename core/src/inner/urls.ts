/**
 * From the name of a route back to a URL.
 *
 * @module
 */
import type { InferRouteParams } from 'rou3'
import { OptionError } from '../option-error.ts'
import { readPath } from '../path.ts'
import { routerOf, type Found } from './router.ts'
import { flatten, type Named, type Routes } from './routes.ts'

/** Makes the path of a named route; see {@link urls}. */
export type UrlFor<R extends Routes> = <Name extends keyof Named<R> & string>(
  name: Name,
  ...params: ParamsOf<Named<R>[Name]>
) => string

type ParamsOf<Pattern> = Pattern extends string
  ? {} extends Values<InferRouteParams<Pattern>>
    ? [params?: Values<InferRouteParams<Pattern>>]
    : [params: Values<InferRouteParams<Pattern>>]
  : never

/** What may be missing in a path may be left out. */
type Values<Params> = {
  readonly [Key in keyof Params as undefined extends Params[Key] ? never : Key]: Params[Key] | number
} & {
  readonly [Key in keyof Params as undefined extends Params[Key] ? Key : never]?: Params[Key] | number
}

/**
 * Makes the reverse of routes: from a name and its parameters to a path, encoded, that leads to the route of that name
 * with the same parameters.
 *
 * @throws {@link OptionError} for two routes with one name, and for a named one with unnamed parts (`*`, `{…}`); from
 *   the function, for a parameter that is missing, and for values that no path can carry: `''`, `'..'`, `'a/b'` in
 *   one segment, or one that another route, another parameter or nobody takes
 * @example
 * const urlFor = urls([path('/articles/:year/:slug', article, { name: 'article' })])
 * urlFor('article', { year: 2026, slug: 'à la carte' }) // '/articles/2026/%C3%A0%20la%20carte'
 */
export function urls<const R extends Routes>(routes: R): UrlFor<R> {
  const router = routerOf(routes)
  const makers = new Map<string, (params: Params) => string>()
  for (const { name, pattern } of flatten(routes)) {
    if (name === undefined) continue
    if (makers.has(name)) throw new OptionError('routes', 'routes with names that differ', name)
    makers.set(name, maker(name, pattern))
  }
  return (name, ...[params]) => {
    const make = makers.get(name)
    if (make === undefined) throw new OptionError('urlFor(name)', `one of ${[...makers.keys()].join(', ')}`, name)
    const given: Params = params ?? {}
    const url = make(given)
    const path = readPath(url)
    const found = path === undefined ? undefined : router.find(path)
    if (found?.target.route.name === name && agrees(found, given)) return url
    throw new OptionError(`urlFor('${name}', params)`, 'values that lead to this route and to no other', params)
  }
}

/** Paths may be cut elsewhere than they were joined: `:name.:ext` takes the first dot, `:x?/:y?` fills `x` first. */
function agrees({ params }: Found, given: Params): boolean {
  return Object.entries(params).every(([key, value]) => value === String(given[key] ?? '').normalize('NFC'))
}

type Params = Readonly<Record<string, string | number | undefined>>
type Part = string | { readonly key: string; readonly many: boolean; readonly optional: boolean }

/** Takes a pattern apart, once. */
function maker(name: string, pattern: string): (params: Params) => string {
  const segments = pattern.split('/').map((segment) => partsOf(segment, pattern))
  return (params) => {
    const made = segments.flatMap((parts) => {
      const [only] = parts
      // A segment that is one parameter goes with it.
      if (parts.length === 1 && typeof only === 'object' && only.optional && isMissing(params[only.key])) return []
      return [parts.map((part) => (typeof part === 'string' ? part : value(name, part, params))).join('')]
    })
    return made.join('/') || '/'
  }
}

const PART = /(\*\*)?:(\w+)(?:\((?:[^()]|\([^()]*\))*\))?([?+*])?|\\(.)|[^:\\*?+(){}]+/gy

function partsOf(segment: string, pattern: string): Part[] {
  const parts: Part[] = []
  let end = 0
  for (const [whole, rest, key, modifier = '', escaped] of segment.matchAll(PART)) {
    end += whole.length
    if (key === undefined) parts.push(encodeURIComponent(escaped ?? whole))
    else {
      const many = rest !== undefined || modifier === '+' || modifier === '*'
      parts.push({ key, many, optional: modifier === '?' || modifier === '*' })
    }
  }
  if (end === segment.length) return parts
  throw new OptionError(`urls(${pattern})`, 'a pattern with named parameters only, to be made a URL of', segment)
}

function isMissing(given: string | number | undefined): boolean {
  return given === undefined || given === ''
}

function value(name: string, { key, many, optional }: Exclude<Part, string>, params: Params): string {
  const given = params[key]
  if (isMissing(given)) {
    if (optional) return ''
    throw new OptionError(`urlFor('${name}', { ${key} })`, 'a value that is not empty', given)
  }
  if (typeof given !== 'string' && !Number.isFinite(given)) {
    throw new OptionError(`urlFor('${name}', { ${key} })`, 'a text or a number', given)
  }
  const text = String(given)
  if (/\p{Surrogate}/u.test(text)) {
    throw new OptionError(`urlFor('${name}', { ${key} })`, 'text without halves of characters', given)
  }
  return many ? text.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(text)
}
