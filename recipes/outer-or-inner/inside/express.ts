/**
 * Hooks inside Express: `app.use(insideExpress(compressionHooks()))`.
 *
 * @module
 */
import { fromHooks, type Hooks } from '@outerware/core'
import { next, toConnect, type ConnectMiddleware } from '@outerware/core/node'

/** Makes middleware of hooks. What comes after it in Express, its 404 and its error page too, is inside. */
export function insideExpress(hooks: Hooks): ConnectMiddleware {
  return toConnect(fromHooks(hooks)(next))
}
