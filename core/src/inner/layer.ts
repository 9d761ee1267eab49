/**
 * One layer of the onion: a hook around what is inside of it.
 *
 * @module
 */
import type { App, Hooks } from '../app.ts'
import { fromHooks } from '../hooks.ts'
import { checkHook, checkResponse, isThenable } from './answers.ts'
import type { SiteHooks } from './hooks.ts'

/**
 * Puts `request`, `response` and `finished` of a hook around an app, as `fromHooks()` does for a wrapper.
 *
 * @param who names the hook in messages: `hooks[0]`
 */
export function layer(hook: SiteHooks, who: string, inner: App): App {
  const app = fromHooks(named(hook, who))(inner)
  if (hook.finished === undefined) return app
  return (request, context) => {
    context.onFinish((finished) => {
      const task = hook.finished?.(finished, request, context)
      if (isThenable(task)) context.waitUntil(Promise.resolve(task))
    })
    return app(request, context)
  }
}

/** The halves, so that one which gives no Response is reported by name. */
function named(hook: SiteHooks, who: string): Hooks {
  const [enter, leave] = [hook.request?.bind(hook), hook.response?.bind(hook)]
  return {
    ...(enter && { request: (request, context) => checkHook(enter(request, context), `${who}.request`) }),
    ...(leave && {
      response(response, request, context) {
        const given = leave(response, request, context)
        if (!isThenable(given)) return checkResponse(given, `${who}.response`)
        return Promise.resolve(given).then((later) => checkResponse(later, `${who}.response`))
      },
    }),
  }
}
