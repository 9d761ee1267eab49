/**
 * From the path of a request to its view.
 *
 * @module
 */
import { addRoute, compareRoutes, createRouter, findRoute, routeNodeKeys, type RouterContext } from 'rou3'
import { OptionError } from '../option-error.ts'
import type { Matched, View } from './hooks.ts'
import { checkRoutes, flatten, type Route, type Routes } from './routes.ts'

/** A view, and how it is called in messages. */
export interface NamedView {
  readonly view: View
  /** `The view article (/articles/:slug)`. */
  readonly who: string
}

/** A route as it is asked for: all that can be known before a request is. */
export interface Target {
  readonly route: Matched['route']
  /** `undefined` for a method that it does not have. */
  viewFor(method: string): NamedView | undefined
  /** The value of an Allow field. */
  readonly allow: string
}

/** What was found for a path. */
export interface Found {
  readonly target: Target
  readonly params: Readonly<Record<string, string | undefined>>
}

export interface Router {
  find(path: string): Found | undefined
}

/**
 * Builds the trees, once. There are two, since rou3 takes `/a` and `/a/` for the same; here they are two paths, and a
 * redirect may join them.
 *
 * @throws {@link OptionError} for a pattern that cannot be read, and for two that take the same paths
 */
export function routerOf(routes: Routes): Router {
  checkRoutes('routes', routes)
  const [plain, slashed] = [new Tree(), new Tree()]
  for (const route of flatten(routes)) {
    const target = targetOf(route)
    if (!route.pattern.endsWith('/')) plain.add(route.pattern, target)
    if (takesSlash(route.pattern)) slashed.add(route.pattern, target)
  }
  return {
    find: (path) =>
      path.endsWith('/') ? (slashed.find(path) ?? (path === '/' ? plain.find(path) : undefined)) : plain.find(path),
  }
}

/** A pattern with a slash at its end, and one whose end is a wildcard. */
function takesSlash(pattern: string): boolean {
  return pattern.endsWith('/') || /(?<!\\|:\w+)\*$|\(\.\*\)$/.test(pattern)
}

class Tree {
  readonly #tree: RouterContext<Target> = createRouter<Target>()
  /** Patterns by the nodes of the tree where they end: only those there can take the same paths. */
  readonly #patterns = new Map<string, string[]>()

  add(pattern: string, target: Target): void {
    const written = literally(pattern)
    try {
      for (const node of routeNodeKeys(written)) {
        const beside = this.#patterns.get(node) ?? []
        const same = beside.find((one) => compareRoutes(one, written) === 'equal')
        if (same !== undefined) {
          throw new OptionError('routes', `patterns that take other paths than '${same}' does`, pattern)
        }
        this.#patterns.set(node, [...beside, written])
      }
      addRoute(this.#tree, '', written, target)
    } catch (error) {
      throw error instanceof OptionError ? error : new OptionError('routes', `patterns (${reason(error)})`, pattern)
    }
  }

  find(path: string): Found | undefined {
    const odd = ODD.test(path)
    const found = findRoute(this.#tree, '', odd ? path.replace(ODD_RUNS, encodeURIComponent) : path)
    if (found === undefined) return undefined
    const { data: target, params = {} } = found
    if (odd) for (const name of Object.keys(params)) params[name] = decodeURIComponent(params[name]!)
    return { target, params }
  }
}

// The literal text of a pattern is percent-encoded by rou3, so what is looked up must be, too: these, and the sign itself.
const ODD = /[\0- "#%<>?^`{}\x7F-\uFFFF]/
const ODD_RUNS: RegExp = new RegExp(`${ODD.source}+`, 'g')

/** The pattern with `%` as a sign like any other, except in regular expressions, and in the form in which paths are read. */
function literally(pattern: string): string {
  return pattern.normalize('NFC').replace(/\([^()]*\)|%/g, (part) => (part === '%' ? '%25' : part))
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^rou3: /, '') : String(error)
}

function targetOf({ pattern, name, view }: Route): Target {
  const route = { pattern, name }
  const named = (one: View): NamedView => ({ view: one, who: `The view ${one.name || 'without a name'} (${pattern})` })
  if (typeof view === 'function') {
    const any = named(view)
    return { route, viewFor: () => any, allow: '' }
  }
  const byMethod = new Map(Object.entries(view).map(([method, one]) => [method, named(one)]))
  const get = byMethod.get('GET')
  if (get !== undefined && !byMethod.has('HEAD')) byMethod.set('HEAD', get)
  const allow = [...new Set([...byMethod.keys(), 'OPTIONS'])].toSorted().join(', ')
  return { route, viewFor: (method) => byMethod.get(method), allow }
}
