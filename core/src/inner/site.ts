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
import { after } from '../after.ts'
import type { App } from '../app.ts'
import { fromHooks } from '../hooks.ts'
import { cycle } from './cycle.ts'
import { failures } from './failures.ts'
import type { SiteHooks } from './hooks.ts'
import { checkOptions, type SiteOptions } from './options.ts'
import type { NeedsOfRoutes, Routes } from './routes.ts'
import { setupOnce, type Setup } from './setup.ts'
import { stateCheck } from './state-check.ts'

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
export function site<const R extends Routes>(options: SiteOptions<R>): App<NeedsOfRoutes<R>> {
  checkOptions(options)
  const hooks = options.hooks ?? []
  const fail = failures(hooks, options)
  const middle = fail.guard(cycle(options, hooks, fail))
  const onion = hooks.reduceRight((inner, hook) => fail.guard(finishing(hook, fromHooks(hook)(inner))), middle)
  return looking(hooks, fail.guard(afterSetup(setupOnce(options.setup), onion)))
}

function afterSetup(setup: Setup, app: App): App {
  return (request, context) => {
    const waiting = setup.ready()
    return waiting === undefined ? app(request, context) : waiting.then(() => app(request, context))
  }
}

/** Has the hook's `finished` called when the response has ended. */
function finishing(hook: SiteHooks, layer: App): App {
  if (hook.finished === undefined) return layer
  return (request, context) => {
    context.onFinish((finished) => hook.finished?.(finished, request, context))
    return layer(request, context)
  }
}

/** In development, looks at the hooks after each request. */
function looking(hooks: readonly SiteHooks[], app: App): App {
  const look = stateCheck(hooks)
  if (look === undefined) return app
  return (request, context) =>
    after(app(request, context), (response) => {
      look()
      return response
    })
}
