/**
 * Forward auth: a reverse proxy asks, for each request, whether it may pass, and the same gate answers.
 *
 *     browser ─▶ nginx, Traefik ─▶ upstream
 *                   │      ▲
 *     GET /auth/check      │ 200 + identity fields + refreshed cookies; or 401, 403, 303
 *     X-Forwarded-Uri: … ──┘
 *
 * @module
 */
import {
  after,
  derive,
  editHeaders,
  editRequestHeaders,
  pathOf,
  readPath,
  respond,
  type App,
  type Context,
} from '@outerware/core'
import { problem } from '../answers/answers.ts'
import { addressOf, landing, loginURL } from '../login/login.ts'
import { wantedBy } from '../login/step-up.ts'
import type { ForwardSettings } from '../settings/forward-auth.ts'
import type { Settings } from '../settings/settings.ts'
import { gate } from './gate.ts'
import { isForeign } from './origin.ts'
import { isNavigation } from './policy.ts'
import type { Rooms } from './rooms.ts'

/**
 * The route that proxies ask at.
 *
 * The request that is judged is the one that the `X-Forwarded-…` fields speak of. Nobody gains by making them up: the
 * answer says only whether the very client that asks might pass, and there is no app behind this route.
 */
export function forwardRoute(rooms: Rooms, { proxy }: ForwardSettings): App {
  const { settings } = rooms
  // nginx takes no redirect for an answer: it turns everything but 2xx, 401 and 403 into 500.
  const inner = proxy === 'nginx' ? { ...rooms, settings: { ...settings, unauthenticated: '401' as const } } : rooms
  const own = new Map<string, App>(Object.values(settings.routes).map((path) => [path, pass]))
  const judge = gate(inner, own)(verdictOf(settings))
  return (request, context) => {
    const asked = askedFor(request, settings)
    if (typeof asked === 'string') return misunderstood(request, asked)
    return after(judge(asked, context), (response) =>
      proxy === 'nginx' && response.status === 401 ? withLocation(response, asked, context, settings) : response,
    )
  }
}

/** Lets pass, and tells the upstream who it is: in the very fields that an app behind the gate would get. */
function verdictOf({ identityHeaders }: Settings): App {
  const names = identityHeaders === false ? [] : Object.keys(identityHeaders)
  return ({ headers }) => {
    const fields = names.flatMap((name) => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value] as const]
    })
    return respond(null, { status: 200, headers: fields })
  }
}

/** The gate's own pages are for everybody; the proxy has to pass them on to the gate. */
const pass: App = () => respond(null, { status: 200, headers: [['cache-control', 'no-store']] })

/** The request that the proxy has got, or what is wrong with what it says of it. */
function askedFor(request: Request, settings: Settings): Request | string {
  const { site } = settings
  const field = (name: string): string | null => request.headers.get(`x-forwarded-${name}`)
  const [method, uri] = [field('method') ?? 'GET', field('uri')]
  const [proto, host] = [field('proto'), field('host')]
  if (uri === null || !uri.startsWith('/')) return 'X-Forwarded-Uri must be the path and query that was asked for.'
  if (!/^[A-Z-]+$/.test(method) || noMethods.has(method)) return 'X-Forwarded-Method must be a method.'
  const { protocol, host: ownHost } = new URL(site.origin)
  // A session is of one host: there is none to be found for another.
  const origin = `${proto ?? protocol.slice(0, -1)}://${host ?? ownHost}`
  if (!URL.canParse(origin) || new URL(origin).origin !== site.origin) return `This gate is that of ${site.origin}.`
  const told = derive(request, { url: site.origin + uri, method })
  // The upstream gets the path as it is. Where URLs have their dot segments resolved, one that has no one reading must
  // not get one by that.
  const asked = pathOf(told) === readPath(uri) ? told : derive(told, { url: `${site.origin}/%2f` })
  const isSocket = request.headers.has('sec-websocket-key')
  return isSocket && isForeign(request, settings) ? editRequestHeaders(asked, withoutCookies) : asked
}

/** A socket that a page of another site opens is nobody's. */
function withoutCookies(headers: Headers): void {
  headers.delete('cookie')
}

/** Methods that no request may be made with. */
const noMethods: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK'])

function misunderstood(request: Request, text: string): Response {
  return problem(request, { status: 400, title: 'The question of the proxy cannot be answered', text })
}

/** Says where to sign in, for the proxy to redirect to: only for what a person is looking at. */
function withLocation(response: Response, request: Request, context: Context, settings: Settings): Response {
  const isByToken = settings.bearer !== undefined && request.headers.has('authorization')
  if (isByToken || !isNavigation(request, context)) return response
  const returnTo = landing(settings, addressOf(request)).slice(settings.site.origin.length)
  const [step] = wantedBy(settings.stepUp, request)
  const location = loginURL(settings, { returnTo, step })
  return editHeaders(response, (headers) => headers.set('location', location))
}
