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
import { isThenable } from './answers.ts'
import type { Failures } from './failures.ts'
import type { Finish } from './finish.ts'
import type { Matched, SiteHooks } from './hooks.ts'
import type { SiteOptions } from './options.ts'
import { resolverOf, slashRedirect } from './resolver.ts'
import type { Found, NamedView, Router, Target } from './router.ts'

/** Resolves, calls the view and renders. */
export function cycle(options: SiteOptions, hooks: readonly SiteHooks[], finish: Finish, { page }: Failures): App {
  const resolve = resolverOf(options)
  const call = caller(hooks, finish)

  const within = (router: Router, request: Request, context: Context): Response | Promise<Response> => {
    const path = pathOf(request)
    const found = path === undefined ? undefined : router.find(path)
    if (found === undefined) return slashRedirect(request, path, router, options) ?? page(404, request, context)
    match(context, found)
    const view = found.target.viewFor(request.method)
    if (view !== undefined) return call(view, request, context)
    return request.method === 'OPTIONS'
      ? allowing(respond(null, { status: 204 }), found.target)
      : refused(page, found.target, request, context)
  }
  return (request, context) => after(resolve(request, context), (router) => within(router, request, context))
}

type Call = (named: NamedView, request: Request, context: Context & Matched) => Response | Promise<Response>

/** Calls the view, unless a view hook answers in its place. */
function caller(hooks: readonly SiteHooks[], finish: Finish): Call {
  const asked = hooks.flatMap((hook, i) => (hook.view === undefined ? [] : [{ hook, who: `hooks[${i}].view` }]))
  if (asked.length === 0)
    return ({ view, who }, request, context) => finish(view(request, context), who, request, context)
  const from = (i: number, named: NamedView, request: Request, context: Context & Matched): ReturnType<Call> => {
    const next = asked[i]
    if (next === undefined) return finish(named.view(request, context), named.who, request, context)
    const instead = next.hook.view?.(named.view, request, context)
    const goOn = (given: Awaited<typeof instead>): ReturnType<Call> =>
      given === undefined || given === null
        ? from(i + 1, named, request, context)
        : finish(given, next.who, request, context)
    return isThenable(instead) ? Promise.resolve(instead).then(goOn) : goOn(instead)
  }
  return (named, request, context) => from(0, named, request, context)
}

/** Two plain assignments: `Object.assign()` and the object that it wants cost as much as the rest of this file. */
function match(context: Context & Partial<Matched>, { target, params }: Found): asserts context is Context & Matched {
  context.params = params
  context.route = target.route
}

function refused(page: Failures['page'], target: Target, request: Request, context: Context): ReturnType<App> {
  return after(page(405, request, context), (response) => allowing(response, target))
}

function allowing(response: Response, { allow }: Target): Response {
  return editHeaders(response, (headers) => headers.set('allow', allow))
}
