/**
 * Hooks inside Fastify: `app.register(insideFastify(compressionHooks()))`.
 *
 * @module
 */
import { fromHooks, type Hooks } from '@outerware/core'
import { next, toConnect } from '@outerware/core/node'
import type { FastifyPluginCallback } from 'fastify'

/** Makes a plugin of hooks. What Fastify says after `onRequest`, its 404 and its error page too, is inside. */
export function insideFastify(hooks: Hooks): FastifyPluginCallback {
  const middleware = toConnect(fromHooks(hooks)(next))
  const plugin: FastifyPluginCallback = (app, _options, done) => {
    app.addHook('onRequest', (request, reply, goOn) => {
      middleware(request.raw, reply.raw, (error) => {
        if (error === undefined) goOn()
        else goOn(error instanceof Error ? error : new Error('The hooks have failed', { cause: error }))
      })
    })
    done()
  }
  // For all routes of the instance that registers it, not only for a scope of its own; `fastify-plugin` does the same.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true })
}
