/**
 * A wrapper made of its two halves.
 *
 *     request  ─▶ hooks.request ─(undefined)─▶ app
 *     response ◀─ hooks.response ◀──────────── app
 *
 * @module
 */
import { after, isPromise } from './after.ts'
import type { App, Hooks, Wrapper } from './app.ts'
import { checkApp } from './check-app.ts'
import { OptionError } from './option-error.ts'

/**
 * Makes a wrapper of hooks. What the request half answers passes the response half too, as in an onion.
 *
 * @throws {@link OptionError} `fromHooks.request`, `fromHooks.response`, for a half that is no function
 * @example
 * const hello = fromHooks({ response: (response) => editHeaders(response, (headers) => headers.set('x-hello', '1')) })
 */
export function fromHooks<Adds extends object = {}, Needs extends object = {}>(
  hooks: Hooks<Adds, Needs>,
): Wrapper<Adds, Needs> {
  const inward = half(hooks, 'request')?.bind(hooks)
  const outward = half(hooks, 'response')?.bind(hooks)
  return (app: App<any>): App<any> => {
    checkApp('wrapper(…)', app)
    const inner: App<any> = inward === undefined ? app : enter(inward, app)
    if (outward === undefined) return inner
    return (request, context) => after(inner(request, context), (response) => outward(response, request, context))
  }
}

function enter(inward: NonNullable<Hooks<any, any>['request']>, app: App<any>): App<any> {
  return (request, context) => {
    const answer = inward(request, context)
    if (!answer) return app(request, context)
    return isPromise(answer) ? answer.then((later) => later || app(request, context)) : answer
  }
}

function half<K extends 'request' | 'response'>(hooks: Hooks<any, any>, name: K): Hooks<any, any>[K] {
  const given: unknown = hooks[name]
  if (given === undefined || typeof given === 'function') return hooks[name]
  throw new OptionError(`fromHooks.${name}`, 'a function', given)
}
