/**
 * The inside of a site: routes, views, hooks.
 *
 * @module inner
 */
export type { ErrorView } from './failures.ts'
export type { AddsOfHooks, Answer, Matched, NeedsOfHooks, SiteHooks, Unmet, View } from './hooks.ts'
export { Lazy, render, type Renderer } from './lazy.ts'
export type { KeyedRoutes, OwnRoutes, SiteOptions } from './options.ts'
export {
  include,
  path,
  type Included,
  type Methods,
  type Named,
  type NeedsOfRoutes,
  type Route,
  type Routes,
} from './routes.ts'
export { site, type NeedsOfSite } from './site.ts'
export { urls, type UrlFor } from './urls.ts'
