/**
 * The app: who has the watch, and which machine says so. It asks an API with the user's token, so that a token that got
 * lost would be noticed.
 *
 * @module
 */
import { pathOf, respond, type App } from '@outerware/core'
import type { Auth } from '@outerware/oauth2'

/** Makes the app. @param api takes access tokens, and says whose they are */
export function watch(machine: string, api: string): App<{ auth: Auth }> {
  return async (request, { auth }) => {
    if (pathOf(request) !== '/') return respond('404 Not Found\n', { status: 404 })
    const answer = await auth.fetch(api)
    if (!answer.ok) return respond(`The API takes no token of ${auth.sub}\n`, { status: 502 })
    const headers = { 'x-machine': machine }
    return respond(`${auth.sub} has the watch, says machine ${machine}. The API: ${await answer.text()}\n`, { headers })
  }
}
