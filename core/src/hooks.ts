/**
 * A wrapper made of its two halves.
 *
 *     request  ─▶ hooks.request ─(undefined)─▶ app
 *     response ◀─ hooks.response ◀──────────── app
 *
 * @module
 */
import { after } from './after.ts'
import type { App, Hooks, Wrapper } from './app.ts'

/**
 * Makes a wrapper of hooks. What the request half answers passes the response half too, as in an onion.
 *
 * @example
 * const hello = fromHooks({ response: (response) => editHeaders(response, (headers) => headers.set('x-hello', '1')) })
 */
export function fromHooks<Adds extends object = {}>(hooks: Hooks<Adds>): Wrapper<Adds> {
  const inward = hooks.request?.bind(hooks)
  const outward = hooks.response?.bind(hooks)
  return (app: App<any>): App<any> => {
    const inner: App<any> = inward === undefined ? app : enter(inward, app)
    if (outward === undefined) return inner
    return (request, context) => after(inner(request, context), (response) => outward(response, request, context))
  }
}

function enter(inward: NonNullable<Hooks<any>['request']>, app: App<any>): App<any> {
  return (request, context) => {
    const answer = inward(request, context)
    if (answer === undefined) return app(request, context)
    if (!('then' in answer)) return answer
    return answer.then((later) => later ?? app(request, context))
  }
}
