/**
 * The app: a lamp. To read it is permitted to whoever has come so far; to switch it a program wants a scope of its own,
 * a person does not.
 *
 * @module
 */
import { pathOf, respond, type App } from '@outerware/core'
import type { Auth } from '@outerware/oauth2'

/** Makes the app. */
export function lamp(): App<{ auth: Auth | undefined }> {
  let state = { lit: false, by: 'nobody' }
  return async (request, { auth }) => {
    const path = pathOf(request)
    if (path === '/health') return respond('ok\n')
    if (path !== '/lamp' || auth === undefined) return respond('404 Not Found\n', { status: 404 })
    if (request.method === 'GET' || request.method === 'HEAD') return Response.json(state)
    if (request.method !== 'PUT') return respond(null, { status: 405, headers: { allow: 'GET, HEAD, PUT' } })
    if (auth.kind === 'bearer' && !scopesOf(auth).has('lamp:write')) return tooLittle('lamp:write')
    const lit = (await request.text()).trim()
    if (lit !== 'on' && lit !== 'off') return respond('on, or off\n', { status: 422 })
    state = { lit: lit === 'on', by: auth.sub }
    return Response.json(state)
  }
}

function scopesOf({ claims }: Auth): ReadonlySet<string> {
  return new Set(typeof claims.scope === 'string' ? claims.scope.split(' ') : [])
}

/** Says which scope is wanted, so that a program can ask for it (RFC 6750, section 3.1). */
function tooLittle(scope: string): Response {
  const challenge = `Bearer error="insufficient_scope", scope="${scope}"`
  return respond(`This wants the scope ${scope}\n`, { status: 403, headers: { 'www-authenticate': challenge } })
}
