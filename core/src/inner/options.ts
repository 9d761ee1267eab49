/**
 * The options of a site, checked once.
 *
 * @module
 */
import type { Context } from '../app.ts'
import { OptionError } from '../option-error.ts'
import type { FailureOptions } from './failures.ts'
import type { SiteHooks } from './hooks.ts'
import type { Renderer } from './lazy.ts'
import type { Routes } from './routes.ts'

/** Routes that are known by a key, such as a tenant's name; at most 100 are kept. */
export interface KeyedRoutes {
  readonly key: string
  /** Called when the key is not known yet, or was forgotten. */
  routes(): Routes
}

/** Options of `site()`. */
export interface SiteOptions<R extends Routes = Routes> extends FailureOptions {
  readonly routes?: R
  /**
   * Routes of its own for a request: tenants by host, languages by prefix. `undefined` falls back to `routes`.
   * An array is compiled once for as long as it lives; with a key, once for the key.
   */
  readonly routesFor?: (request: Request, context: Context) => Routes | KeyedRoutes | undefined
  /** Outermost first. */
  readonly hooks?: readonly SiteHooks[]
  /**
   * Runs before the first request, once; whoever comes meanwhile waits. If it fails the answer is 503 with
   * `Retry-After`, and it is tried again after 1, 2, 4 … 30 seconds.
   */
  readonly setup?: () => unknown
  /** Renders what `render(template, data)` names. */
  readonly renderer?: Renderer
  /**
   * What to do about a path that only lacks, or only has, a slash at its end: `redirect` with 308 to the one that
   * exists, or `strict`, 404.
   *
   * @default 'redirect'
   */
  readonly trailingSlash?: 'redirect' | 'strict'
}

/** @throws {@link OptionError} for what is none of these */
export function checkOptions(options: SiteOptions): void {
  const { routes, routesFor, hooks, trailingSlash } = options
  if (routes === undefined && routesFor === undefined) {
    throw new OptionError('site.routes', 'an array of path() and include()', routes)
  }
  if (routes !== undefined && !Array.isArray(routes)) {
    throw new OptionError('site.routes', 'an array of path() and include()', routes)
  }
  if (hooks !== undefined && !Array.isArray(hooks)) throw new OptionError('site.hooks', 'an array of hooks', hooks)
  for (const name of ['routesFor', 'setup', 'renderer', 'report'] as const) {
    const given = options[name]
    if (given !== undefined && typeof given !== 'function') throw new OptionError(`site.${name}`, 'a function', given)
  }
  hooks?.forEach((hook: unknown, i) => {
    if (typeof hook !== 'object' || hook === null) {
      throw new OptionError(`site.hooks[${i}]`, 'hooks, such as securityHeadersHooks(); a wrapper stands outside', hook)
    }
  })
  for (const [status, view] of Object.entries(options.errors ?? {})) {
    if (typeof view !== 'function') throw new OptionError(`site.errors[${status}]`, 'a function', view)
  }
  if (trailingSlash !== undefined && trailingSlash !== 'redirect' && trailingSlash !== 'strict') {
    throw new OptionError('site.trailingSlash', "'redirect' or 'strict'", trailingSlash)
  }
}
