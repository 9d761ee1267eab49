/**
 * A site on Deno that may do next to nothing: listen on one address, and read one variable.
 *
 *     browser ─▶ errors ─▶ securityHeaders ─▶ crossOriginProtection ─▶ signals
 *
 * @module
 */
import { compose, errors, pathOf, respond, type App } from '@outerware/core'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { securityHeaders } from '@outerware/security-headers'

/** Flags as they fly, and are hoisted by a POST. */
function signals(): App {
  const flying = ['Alfa']
  return async (request, context) => {
    if (pathOf(request) !== '/') return respond('No such mast\n', { status: 404 })
    if (request.method === 'POST') {
      const flag = (await request.text()).trim()
      if (!/^\w{1,20}$/.test(flag)) return respond('One flag, by its name\n', { status: 422 })
      flying.push(flag)
    }
    // Deno is asked for this variable when it is read, and for no other.
    const station = Reflect.get(Object(context.env), 'STATION') ?? 'Skerry'
    return Response.json({ station, flying }, { status: request.method === 'POST' ? 201 : 200 })
  }
}

/** Makes the site. */
export function signalSite(): App {
  return compose(errors(), securityHeaders(), crossOriginProtection())(signals())
}
