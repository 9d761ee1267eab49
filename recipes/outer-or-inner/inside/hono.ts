/**
 * Hooks inside Hono: `app.use(insideHono(compressionHooks()))`.
 *
 * @module
 */
import { fromHooks, type App, type Context, type Hooks } from '@outerware/core'
import type { MiddlewareHandler } from 'hono'

/** What Hono finds as its bindings: `toNode((request, context) => app.fetch(request, context))`. */
export interface Bound {
  Bindings: Context
}

/** Makes middleware of hooks. What comes after it in Hono, its 404 and what `onError` makes too, is inside. */
export function insideHono(hooks: Hooks): MiddlewareHandler<Bound> {
  const further = new WeakMap<Request, () => Promise<Response>>()
  const inside: App = (request) => further.get(request)!()
  const app = fromHooks(hooks)(inside)

  return async (c, goOn) => {
    const request = c.req.raw
    further.set(request, async () => {
      await goOn()
      return c.res
    })
    const response = await app(request, c.env)
    // Hono would put the fields of the response before back in.
    c.res = undefined
    c.res = response
  }
}
