/**
 * The middle of a site's cycle: from a request to a view, and from what it gives to a Response.
 *
 * @module
 */
import { after } from '../after.ts'
import type { App, Context } from '../app.ts'
import { editHeaders } from '../edit.ts'
import { pathOf } from '../path.ts'
import { respond } from '../respond.ts'
import type { Failures } from './failures.ts'
import type { Answer, Matched, SiteHooks, View } from './hooks.ts'
import { eachInTurn, isLazy, renderNow, type Lazy } from './lazy.ts'
import type { SiteOptions } from './options.ts'
import { resolverOf, slashRedirect } from './resolver.ts'
import { viewFor, type Found } from './router.ts'

/** Resolves, calls the view and renders. */
export function cycle(options: SiteOptions, hooks: readonly SiteHooks[], { page }: Failures): App {
  const resolve = resolverOf(options)
  const ask = viewHooks(hooks)
  const prepare = renderHooks(hooks)

  return (request, context) => {
    const router = resolve(request, context)
    const path = pathOf(request)
    const found = path === undefined ? undefined : router.find(path)
    if (found === undefined) return slashRedirect(request, path, router, options) ?? page(404, request, context)
    const view = viewFor(found.route, request.method)
    if (typeof view !== 'function') {
      if (request.method === 'OPTIONS') return respond(null, { status: 204, headers: view })
      return after(page(405, request, context), (made) =>
        editHeaders(made, (headers) => headers.set('allow', view.allow)),
      )
    }
    const matched = match(context, found)
    const finish = (given: Answer): Response | Promise<Response> => {
      if (!isLazy(given)) return checkAnswer(given, view, matched)
      const renderer = rendererFor(view, options)
      return after(prepare(given, request, matched), (lazy) => renderNow(lazy, renderer, request, matched))
    }
    // Not after(): a view that returns nothing is reported by its own name.
    const given = ask(view, request, matched)
    return given instanceof Promise ? given.then(finish) : finish(given)
  }
}

type Ask = (view: View, request: Request, context: Context & Matched) => Answer | Promise<Answer>

/** The view, unless a view hook answers in its place. */
function viewHooks(hooks: readonly SiteHooks[]): Ask {
  const asked = hooks.filter((hook) => hook.view !== undefined)
  if (asked.length === 0) return (view, request, context) => view(request, context)
  return async (view, request, context) => {
    for (const hook of asked) {
      const instead = await hook.view?.(view, request, context)
      if (instead) return instead
    }
    return view(request, context)
  }
}

type Prepare = (lazy: Lazy, request: Request, context: Context & Matched) => Lazy | Promise<Lazy>

/** The lazy response, once every render hook has had its say. */
function renderHooks(hooks: readonly SiteHooks[]): Prepare {
  const told = hooks.filter((hook) => hook.render !== undefined)
  return (lazy, request, context) => {
    const waiting = eachInTurn(told, (hook) => hook.render?.(lazy, request, context))
    return waiting === undefined ? lazy : waiting.then(() => lazy)
  }
}

function rendererFor(view: View, { renderer }: SiteOptions): NonNullable<SiteOptions['renderer']> {
  if (renderer !== undefined) return renderer
  throw new TypeError(`${nameOf(view)} gave render(…), but the site has no renderer: write site({ renderer, … })`)
}

function match(context: Context, { route, params }: Found): Context & Matched {
  return Object.assign(context, { params, route: { pattern: route.pattern, name: route.name } })
}

function checkAnswer(given: unknown, view: View, { route }: Matched): Response {
  if (typeof given === 'object' && given !== null && 'status' in given && 'headers' in given) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as far as a Response can be told in any realm
    return given as Response
  }
  const what = given === undefined || given === null ? String(given) : `a ${typeof given}`
  throw new TypeError(`${nameOf(view)} (${route.pattern}) gave ${what}: a view must return a Response, or render(…)`)
}

function nameOf(view: View): string {
  return `The view ${view.name === '' ? 'without a name' : view.name}`
}
