/**
 * Hooks inside Koa: `app.use(insideKoa(compressionHooks()))`.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import { after, fromHooks, type Hooks } from '@outerware/core'
import { next, toConnect } from '@outerware/core/node'
import type { Middleware } from 'koa'

/**
 * Makes middleware of hooks. Koa writes its answer when all middleware is done, so this one waits for nothing but
 * the middleware further in; the response half runs as the answer is written.
 */
export function insideKoa(hooks: Hooks): Middleware {
  const wrapped = fromHooks(hooks)(next)
  const waiting = new WeakMap<IncomingMessage, () => void>()
  const middleware = toConnect((request, context) =>
    after(wrapped(request, context), (response) => {
      if (context.node !== undefined) waiting.get(context.node.req)?.()
      return response
    }),
  )
  return (ctx, goOn) =>
    new Promise((resolve, reject) => {
      waiting.set(ctx.req, () => {
        // The hooks have answered: there is nothing left for Koa to say.
        ctx.respond = false
        resolve(undefined)
      })
      middleware(ctx.req, ctx.res, (error) => {
        waiting.delete(ctx.req)
        if (error === undefined) resolve(goOn())
        else reject(error)
      })
    })
}
