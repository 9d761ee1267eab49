/**
 * The gate itself. First the way that nearly every request takes: signed in, known, nothing to do.
 *
 *     request ─▶ own route? ─▶ known session, nothing due? ─▶ app
 *                                       └─(no)─▶ open, refresh, judge ─▶ app, or 303, 401, 403, 503
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import { after, checkApp, pathOf, placed, type App, type Context, type Fields } from '@outerware/core'
import { leave } from '../answers/leave.ts'
import { judge } from '../bearer/judge.ts'
import { wantedBy } from '../login/step-up.ts'
import type { Auth } from './auth.ts'
import type { Enter } from './guest.ts'
import { isForeignSocket } from './origin.ts'
import type { Rooms } from './rooms.ts'
import { visit } from './visit.ts'

/**
 * Makes the gate.
 *
 * @param routes the gate's own paths, and what answers there
 */
export function gate(rooms: Rooms, routes: ReadonlyMap<string, App>): (app: App<any>) => App {
  const { settings, connections, court } = rooms
  const { lookup } = rooms.sessions
  const { inward, stepUp } = settings
  const { kind } = settings.provider
  return placed({ name: kind }, (app: App<any>): App => {
    checkApp(`${kind}(…)(…)`, app)
    const enter: Enter = (request, context: Context & Signed, header, someone) => {
      const inner = inward(request, context, header, someone?.fields ?? none)
      context.auth = someone?.auth
      if (someone !== undefined && context.node !== undefined) sign(context.node.req, someone.auth)
      const response = app(inner, context)
      if (someone === undefined) return response
      return after(response, (answer) => connections.keep(someone, answer, context))
    }
    return (request, context) => {
      const path = pathOf(request)
      const route = path === undefined ? undefined : routes.get(path)
      if (route !== undefined) return route(request, context)
      const header = request.headers.get('cookie')
      const authorization = court === undefined ? null : request.headers.get('authorization')
      if (authorization !== null) return judge(court!, enter, { request, context, header }, authorization)
      const isNobodys = header === null || isForeignSocket(request, context, settings)
      const ticket = isNobodys ? undefined : lookup.ticket(header)
      const loaded = ticket === undefined ? undefined : lookup.load(ticket)
      const isPlain = stepUp.length === 0 || wantedBy(stepUp, request).length === 0
      const live = typeof loaded === 'string' && isPlain ? lookup.quiet(loaded) : undefined
      if (live === undefined) return visit(rooms, enter, { request, context, header, ticket, loaded })
      return after(enter(request, context, header, live), (response) => leave(rooms, response, header, live))
    }
  })
}

/** What the gate assigns: plain stores, since this is done for every request. */
interface Signed {
  auth?: Auth | undefined
}

function sign(req: IncomingMessage & Signed, auth: Auth): void {
  req.auth = auth
}

const none: Fields = []
