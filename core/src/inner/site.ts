/**
 * A site: Django's cycle as a micro-framework. Function views, URL routing, hooks; an App like any other.
 *
 *     setup, once ─▶ request hooks ─▶ resolve ─▶ view hooks ─▶ view ─▶ render hooks ─▶ rendered, once, late ─┐
 *     finished hooks ◀─ the last byte ◀─ response hooks, in reverse ◀─────────────────────────────────────────┘
 *
 * Whatever throws goes to the exception hooks, and then to the page for its status.
 *
 * @module
 */
import type { App } from '../app.ts'
import { cycle } from './cycle.ts'
import { failures, type Failures } from './failures.ts'
import { finisher } from './finish.ts'
import type { AddsOfHooks, Matched, NeedsOfHooks, SiteHooks, Unmet } from './hooks.ts'
import { layer } from './layer.ts'
import { checkOptions, type SiteOptions } from './options.ts'
import type { NeedsOfRoutes, Routes } from './routes.ts'
import { setupOnce } from './setup.ts'
import { stateCheck } from './state-check.ts'

/** What a site needs on the context: what its views and hooks need, without what its hooks add. */
export type NeedsOfSite<R extends Routes, H extends readonly SiteHooks[]> = Unmet<
  NeedsOfRoutes<R>,
  AddsOfHooks<H> & Matched
> &
  NeedsOfHooks<H>

/**
 * Makes an App of routes and hooks.
 *
 * The hooks stand around the views as wrappers stand around an app: what a hook answers early still passes the
 * response hooks from its own layer outward. Each layer is guarded, so that the response hooks further out always
 * see a Response, never an exception.
 *
 * @throws {@link OptionError} for routes, hooks and options that are none, once, when called
 * @example
 * export default site({
 *   routes: [path('/', home), path('/articles/:year/:slug', article), include('/admin', admin)],
 *   hooks: [securityHeadersHooks()],
 * })
 */
export function site<const R extends Routes = readonly [], const H extends readonly SiteHooks[] = readonly SiteHooks[]>(
  options: SiteOptions<R, H>,
): App<NeedsOfSite<R, H>> {
  checkOptions(options)
  const hooks: readonly SiteHooks[] = options.hooks ?? []
  const finish = finisher(options.renderer, hooks)
  const fail = failures(hooks, finish, options)
  const watch = stateCheck(hooks)
  const middle = fail.guard(watch(cycle(options, hooks, finish, fail)))
  const onion = hooks.reduceRight((inner, hook, i) => fail.guard(layer(hook, `hooks[${i}]`, inner)), middle)
  return afterSetup(options, watch(onion), fail)
}

function afterSetup({ setup }: SiteOptions, app: App, { refuse }: Failures): App {
  if (setup === undefined) return app
  const once = setupOnce(setup)
  return (request, context) => {
    const waiting = once.ready()
    if (waiting === undefined) return app(request, context)
    return waiting.then(
      () => app(request, context),
      (error: unknown) => refuse(error, request, context),
    )
  }
}
