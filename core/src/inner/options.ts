/**
 * The options of a site, checked once.
 *
 * @module
 */
import type { Context } from '../app.ts'
import { checkNames, OptionError } from '../option-error.ts'
import type { FailureOptions } from './failures.ts'
import type { SiteHooks } from './hooks.ts'
import type { Renderer } from './lazy.ts'
import { checkRoutes, type Routes } from './routes.ts'

/** Routes that are known by a key, such as a tenant's name; those of the 100 keys asked for last are kept. */
export interface KeyedRoutes {
  readonly key: string
  /** Called when the key is not known yet, or was forgotten. */
  routes(): Routes
}

/** What `routesFor` gives. */
export type OwnRoutes = Routes | KeyedRoutes | null | undefined

/** Options of `site()`. */
export interface SiteOptions<
  R extends Routes = Routes,
  H extends readonly SiteHooks[] = readonly SiteHooks[],
> extends FailureOptions {
  /** What `path()` and `include()` make. */
  readonly routes?: R
  /**
   * Routes of its own for a request: tenants by host, languages by prefix. It is asked after the request hooks;
   * `undefined` falls back to `routes`. An array is compiled once for as long as it lives, and must be the same one
   * each time; with a key, once for the key.
   */
  readonly routesFor?: (request: Request, context: Context) => OwnRoutes | Promise<OwnRoutes>
  /** Outermost first. */
  readonly hooks?: H
  /**
   * Runs before the first request, once; whoever comes meanwhile waits. If it fails the answer is 503 with
   * `Retry-After`, before any hook; it is tried again by the first request after 1, 2, 4 … 30 seconds, and reported
   * once for each try.
   */
  readonly setup?: () => unknown
  /** Renders what `render(template, data)` names, and must give a string. */
  readonly renderer?: Renderer
  /**
   * What to do about a path that only lacks, or only has, a slash at its end: `redirect` with 308 to the one that
   * exists, or `strict`, 404.
   *
   * @default 'redirect'
   */
  readonly trailingSlash?: 'redirect' | 'strict'
}

const names = ['routes', 'routesFor', 'hooks', 'setup', 'renderer', 'trailingSlash', 'errors', 'report']

/** @throws {@link OptionError} for what is none of these */
export function checkOptions(options: SiteOptions): void {
  checkNames('site', options, names)
  const { routes, routesFor, hooks, errors = {}, trailingSlash } = options
  if (routes !== undefined || routesFor === undefined) checkRoutes('site.routes', routes)
  if (hooks !== undefined && !Array.isArray(hooks)) throw new OptionError('site.hooks', 'an array of hooks', hooks)
  hooks?.forEach(checkHooks)
  checkFunctions('site', options, ['routesFor', 'setup', 'renderer', 'report'])
  for (const [status, view] of Object.entries(errors)) {
    if (!/^[45]\d\d$/.test(status)) throw new OptionError('site.errors', 'pages by status, from 400 to 599', status)
    if (typeof view !== 'function') throw new OptionError(`site.errors[${status}]`, 'a function', view)
  }
  if (trailingSlash !== undefined && trailingSlash !== 'redirect' && trailingSlash !== 'strict') {
    throw new OptionError('site.trailingSlash', "'redirect' or 'strict'", trailingSlash)
  }
}

function checkHooks(hook: unknown, i: number): void {
  if (typeof hook !== 'object' || hook === null) {
    throw new OptionError(`site.hooks[${i}]`, 'hooks, such as securityHeadersHooks(); a wrapper stands outside', hook)
  }
  checkFunctions(`site.hooks[${i}]`, hook, ['request', 'view', 'render', 'exception', 'response', 'finished'])
}

function checkFunctions(option: string, options: object, names: readonly string[]): void {
  for (const name of names) {
    const given: unknown = Reflect.get(options, name)
    if (given !== undefined && typeof given !== 'function') {
      throw new OptionError(`${option}.${name}`, 'a function', given)
    }
  }
}
