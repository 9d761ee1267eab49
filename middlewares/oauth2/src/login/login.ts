/**
 * The way to the provider: the authorization request (OpenID Connect Core 1.0, 3.1.2; RFC 7636; RFC 9700, 2.1).
 *
 * @module
 */
import type { App } from '@outerware/core'
import { methodNotAllowed, redirect, say } from '../answers/answers.ts'
import { challenge } from '../bearer/challenge.ts'
import { OAuthError } from '../errors.ts'
import { tell } from '../gate/events.ts'
import { isPrefetch } from '../gate/policy.ts'
import type { Rooms } from '../gate/rooms.ts'
import { translate } from '../provider/translate.ts'
import type { Settings } from '../settings/settings.ts'
import { authorizationURL } from './authorization.ts'
import { returnTo } from './return-to.ts'
import { anyStep, askedBy, parametersOf, type Step } from './step-up.ts'

/**
 * The login route. It always begins a new login, also for who is signed in already; with `?prompt=login` the provider
 * is to ask who is there, although it may know somebody.
 */
export function loginRoute(rooms: Rooms): App {
  const { settings } = rooms
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed(request, 'GET, HEAD')
    // An image or a prefetch must not push a login out that somebody is at.
    if (isAside(request.headers)) return signInFirst(request, settings)
    const query = queryOf(request)
    const more = query.get('prompt') === 'login' ? { prompt: 'login' } : {}
    const step = askedBy(query, settings.stepUp)
    return beginLogin(rooms, request, { target: query.get(settings.returnToParam), more, step })
  }
}

/** How a login begins. */
export interface Beginning {
  /** Where to go afterwards; checked when it is used. */
  readonly target: string | null
  /** More parameters of the authorization request. */
  readonly more?: Readonly<Record<string, string>>
  /** More cookies to set. */
  readonly lines?: readonly string[]
  /** What the login has to be. */
  readonly step?: Step | undefined
}

/** Sends the browser to the provider, or says that it cannot be reached. */
export async function beginLogin(rooms: Rooms, request: Request, beginning: Beginning): Promise<Response> {
  const { discovery, logins, settings } = rooms
  const { target, more = {}, lines = [], step = anyStep } = beginning
  const page = landing(settings, target)
  const again = loginURL(settings, { returnTo: page.slice(settings.site.origin.length), step })
  const provider = await discovery.find()
  if (provider instanceof OAuthError) return trouble(request, provider, again, lines)
  const begun = await logins.begin(request.headers.get('cookie'), page, step)
  const asked = await authorizationURL(provider, settings, begun, more).catch((error: unknown) =>
    translate(error, 'pushed authorization request'),
  )
  if (typeof asked === 'string') return redirect(asked, [...lines, ...begun.lines])
  tell(settings.on.error, asked)
  return trouble(request, asked, again, lines)
}

/** Where the login route is, with what it is to know. */
export function loginURL(
  { site, routes, returnToParam }: Settings,
  known: { returnTo?: string; prompt?: 'login'; step?: Step | undefined } = {},
): string {
  const { returnTo: target, prompt, step = anyStep } = known
  const query = new URLSearchParams({
    ...(target === undefined ? {} : { [returnToParam]: target }),
    ...(prompt === undefined ? {} : { prompt }),
    ...parametersOf(step),
  })
  const address = site.origin + encodeURI(routes.login)
  return query.size === 0 ? address : `${address}?${query.toString()}`
}

/** The page to go to in the end: on this site, and none of the gate's own. */
export function landing({ site, routes }: Settings, target: string | null): string {
  return returnTo(target, site, new Set(Object.values(routes)))
}

/** The answer for what is no navigation (c11): it says where to sign in, for the page that has asked. */
export function signInFirst(
  request: Request,
  settings: Settings,
  lines: readonly string[] = [],
  step?: Step,
): Response {
  const { site, bearer } = settings
  const login = loginURL(settings, { step })
  // Where the body of a form is lost, its page is the place to begin again.
  const page = request.method === 'GET' ? addressOf(request) : request.headers.get('referer')
  const target = landing(settings, page).slice(site.origin.length)
  const cookie = ['www-authenticate', `Cookie realm="${site.origin}", form-action="${login}"`] as const
  // The one that API clients look for comes first: some of them read no further.
  const token = bearer === undefined ? [] : [['www-authenticate', challenge(bearer)] as const]
  const words = {
    status: 401,
    title: 'Sign in first',
    text: 'This address is for signed-in users.',
    headers: [...token, cookie],
    members: { login },
    links: [[loginURL(settings, { returnTo: target, step }), 'Sign in']] as const,
  }
  return say(request, words, lines)
}

/**
 * The answer while the provider cannot be reached, or used (R13), nor the store.
 *
 * @param again where a new login begins: the one that has failed is spent
 */
export function trouble(request: Request, error: OAuthError, again: string, lines: readonly string[]): Response {
  const words = {
    status: Math.max(error.status, 502),
    title: 'Signing in does not work at the moment',
    text: 'The service that knows the users of this site gives no usable answer. Try again in a moment.',
    headers: [['retry-after', String(error.retryAfter ?? 5)]] as const,
    members: { login: again },
    links: [[again, 'Try again']] as const,
  }
  return say(request, words, lines)
}

/** The query of a request. */
export function queryOf({ url }: Request): URLSearchParams {
  const mark = url.indexOf('?')
  return new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1).split('#', 1)[0])
}

/** The path and query of a request, as they were sent. */
export function addressOf({ url }: Request): string {
  return url.slice(originLength(url))
}

/** Loaded for a page, or ahead of one. */
function isAside(headers: Headers): boolean {
  const mode = headers.get('sec-fetch-mode')
  return isPrefetch(headers) || (mode !== null && mode !== 'navigate')
}

function originLength(url: string): number {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  return slash === -1 ? url.length : slash
}
