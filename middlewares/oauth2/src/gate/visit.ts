/**
 * The longer way of a request: its session has to be opened, refreshed or prolonged, or it has none.
 *
 * @module
 */
import { after, editHeaders } from '@outerware/core'
import { addVary } from '@outerware/core/headers'
import { say } from '../answers/answers.ts'
import { forbid } from '../answers/forbid.ts'
import { leave } from '../answers/leave.ts'
import { addressOf, beginLogin, signInFirst } from '../login/login.ts'
import { unmet, wantedBy, type Step } from '../login/step-up.ts'
import { newest, type Live } from '../session/live.ts'
import type { Renewal } from '../session/refreshing/outcome.ts'
import { nobody, type Found } from '../session/lookup.ts'
import { touch } from '../session/touch.ts'
import { whenThere } from '../store/store.ts'
import type { Enter, Visit } from './guest.ts'
import { isNavigation, mayPass } from './policy.ts'
import type { Rooms } from './rooms.ts'

/** Opens the session, and judges. */
export function visit(rooms: Rooms, enter: Enter, guest: Visit): Response | Promise<Response> {
  const { settings, sessions } = rooms
  const { ticket, loaded } = guest
  const finding = ticket === undefined ? nobody : sessions.lookup.open(ticket, loaded)
  return after(finding, (found) => {
    if (settings.isPublic(guest.request)) return passPublic(rooms, enter, guest, found)
    if (found.trouble !== undefined) return noAnswer(guest.request, found.trouble)
    if (found.live === undefined) return turnAway(rooms, guest, { stale: found.stale })
    const presented = found.live
    return after(upkeep(rooms, newest(presented), guest.header), (renewal) =>
      renewal.live === undefined ? lose(rooms, guest, renewal) : admit(rooms, enter, guest, presented, renewal.live),
    )
  })
}

/** Anybody may pass, and nobody waits for the provider. */
function passPublic(
  rooms: Rooms,
  enter: Enter,
  guest: Visit,
  { live: presented }: Found,
): Response | Promise<Response> {
  const { request, context, header } = guest
  const live = presented && newest(presented)
  return whenThere(live !== undefined && mayPass(rooms.settings.allow, live, request), (isAllowed) => {
    if (presented === undefined || !isAllowed) return after(enter(request, context, header, undefined), varyByCookie)
    return after(enter(request, context, header, live), (response) => leave(rooms, response, header, presented))
  })
}

/** An app that says nothing of caching may answer another way to who is signed in. */
function varyByCookie(response: Response): Response {
  if (response.headers.has('cache-control') || response.status === 101) return response
  return editHeaders(response, (headers) => addVary(headers, 'cookie'))
}

function upkeep({ refresher }: Rooms, live: Live, header: string | null): Renewal | Promise<Renewal> {
  return Date.now() < live.refreshAt ? { live } : refresher.renew(live, header)
}

/** Lets a user pass whom `allow` takes. */
function admit(rooms: Rooms, enter: Enter, guest: Visit, presented: Live, live: Live): Response | Promise<Response> {
  const { settings, sessions } = rooms
  const { request, context, header } = guest
  return whenThere(mayPass(settings.allow, live, request), (isAllowed) => {
    if (!isAllowed) {
      return after(forbid(settings, { request, context, auth: live.auth, target: addressOf(request) }), (response) =>
        leave(rooms, response, header, presented),
      )
    }
    const step = unmet(wantedBy(settings.stepUp, request), live.auth.claims, settings)
    if (step !== undefined) {
      return after(turnAway(rooms, guest, { step }), (response) => leave(rooms, response, header, presented))
    }
    const touching = Date.now() < live.touchAt ? live : touch(sessions, live)
    const answer = enter(request, context, header, live)
    return after(answer, (response) => after(touching, () => leave(rooms, response, header, presented)))
  })
}

/** Why a request has to wait for a login. */
interface Want {
  /** It brings a session that is over. */
  readonly stale?: boolean
  /** It brings one that is not enough. */
  readonly step?: Step
}

/** Nobody has signed in for this request, or not well enough. */
function turnAway(
  rooms: Rooms,
  { request, context, header }: Visit,
  { stale = false, step }: Want,
): Response | Promise<Response> {
  const { settings, sessions } = rooms
  const { unauthenticated } = settings
  const lines = stale ? sessions.clear(header) : []
  // One login, not two: who has none signs in as the path asks at once.
  const wanted = step ?? wantedBy(settings.stepUp, request)[0]
  // It may be an app that answers. The cookies stay, since the login that begins has to know of others.
  const turn =
    typeof unauthenticated === 'function'
      ? unauthenticated(settings.inward(request, context, null, []), context)
      : unauthenticated
  if (typeof turn === 'object') return turn
  const isSent = turn === 'auto' ? isNavigation(request, context) : turn === 'redirect' && context.upgrade === undefined
  return isSent
    ? beginLogin(rooms, request, { target: addressOf(request), lines, step: wanted })
    : signInFirst(request, settings, lines, wanted)
}

/** The provider has ended the session, or cannot be asked whether it goes on (R21). */
function lose(rooms: Rooms, guest: Visit, renewal: Renewal): Response | Promise<Response> {
  return 'retryAfter' in renewal ? noAnswer(guest.request, renewal) : turnAway(rooms, guest, { stale: true })
}

/** Nobody is signed out by it: neither the provider's trouble nor the store's. */
function noAnswer(request: Request, { retryAfter = 5 }: { readonly retryAfter?: number | undefined }): Response {
  const words = {
    status: 503,
    title: 'Try again in a moment',
    text: 'The service that knows the users of this site gives no answer. You are still signed in.',
    headers: [['retry-after', String(retryAfter)]] as const,
  }
  return say(request, words)
}
