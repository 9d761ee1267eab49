/**
 * The two places for a concern. What stands in front of the app is the same in both, and without it: files, and an
 * echo for those who ask to switch protocols. So what differs is the concern alone.
 *
 *     outside    concern ─▶ files ─▶ echo ─▶ app
 *     inside                files ─▶ echo ─▶ app [ concern ─▶ views ]
 *
 * @module
 */
import { compose, fromHooks, upgrade, type App, type Hooks, type Wrapper } from '@outerware/core'
import { staticFiles } from '@outerware/static'
import type { MakeApp } from './apps.ts'
import { recipeFile } from './folder.ts'

/** Takes every offer of another protocol, and says back what it hears. */
const echo: Wrapper = (app) => (request, context) => {
  if (context.upgrade === undefined) return app(request, context)
  return upgrade((_req, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')
    socket.pipe(socket)
  })
}

const files = staticFiles(recipeFile('public'))

/** No concern at all: what the others are measured against. */
export async function without(make: MakeApp): Promise<App> {
  return compose(files, echo)(await make())
}

/** The concern around everything. */
export async function outside(make: MakeApp, hooks: Hooks<any>): Promise<App> {
  return compose(fromHooks(hooks), files, echo)(await make())
}

/** The concern inside the app, by hooks or by the framework's own means. */
export async function inside(make: MakeApp, hooks: Hooks<any> | 'own'): Promise<App> {
  return compose(files, echo)(await make(hooks))
}
