/**
 * Signing out: here first, then at the provider (OpenID Connect RP-Initiated Logout 1.0), and back.
 *
 *     /auth/logout ─▶ session ends ─▶ 303 to the provider ─▶ /auth/logout?state=… ─▶ the page to return to
 *
 * @module
 */
import type { App, Context } from '@outerware/core'
import { generateRandomState } from 'oauth4webapi'
import { methodNotAllowed, page, redirect, say, type Pairs } from '../answers/answers.ts'
import { OAuthError } from '../errors.ts'
import { clearCookie, readCookie, setCookie } from '../gate/cookies.ts'
import { tell } from '../gate/events.ts'
import { isFromHere } from '../gate/origin.ts'
import { isNavigation } from '../gate/policy.ts'
import type { Rooms } from '../gate/rooms.ts'
import { landing, loginURL, queryOf } from '../login/login.ts'
import type { Provider } from '../provider/provider.ts'
import { revoke } from '../provider/tokens.ts'
import { translate } from '../provider/translate.ts'
import { sealer, type Sealer } from '../sealing/seal.ts'
import { newest, type Live } from '../session/live.ts'
import type { Settings } from '../settings/settings.ts'
import { storeError } from '../store/asking.ts'
import { canEndSession, endSessionURL } from './end-session.ts'

/** The logout route. */
export function logoutRoute(rooms: Rooms): App {
  const { secrets, issuer, clientId } = rooms.settings
  const seal = sealer(secrets, `outerware oidc logout ${issuer.href} ${clientId}`)
  return async (request, context) => {
    const { method } = request
    if (method !== 'GET' && method !== 'POST') return methodNotAllowed(request, 'GET, POST')
    if (!(method === 'POST' ? isFromHere(request, rooms.settings) : isTopLevel(request, context)))
      return notLikeThis(request)
    const state = method === 'GET' ? queryOf(request).get('state') : null
    return state === null ? signOut(rooms, request, context, seal) : comeBack(rooms, request, state, seal)
  }
}

async function signOut(rooms: Rooms, request: Request, context: Context, seal: Sealer): Promise<Response> {
  const { settings, sessions, connections } = rooms
  const header = request.headers.get('cookie')
  const { live: presented, trouble } = await sessions.lookup.find(header)
  if (trouble !== undefined) return notNow(request)
  const lines = sessions.clear(header)
  const target = queryOf(request).get(settings.returnToParam)
  if (presented === undefined) return arrive(request, settings, target, lines)
  if (isLinkOfOthers(request)) return askFirst(request, settings, target)
  const live = newest(presented)
  try {
    await sessions.end(live)
    connections.close(live.sid)
  } catch (error) {
    tell(settings.on.error, storeError(error))
    return notNow(request)
  }
  tell(settings.on.logout, { auth: live.auth, request, context })
  // Signing out here works without the provider.
  const provider = await rooms.discovery.find()
  if (provider instanceof OAuthError) return arrive(request, settings, target, lines)
  revokeLater(rooms, context, provider, live)
  if (!settings.idpLogout || !canEndSession(provider)) return arrive(request, settings, target, lines)
  const state = generateRandomState()
  // Checked now, so that no address is too long for a cookie (R29), and again on the way back.
  const path = target === null ? undefined : landing(settings, target).slice(settings.site.origin.length)
  const sealed = await seal.seal({ s: state, r: path, t: Date.now() })
  const cookie = setCookie(settings.cookie, cookieName(settings), sealed, LASTS_MS / 1000)
  return redirect(endSessionURL(provider, settings, live, state), [...lines, cookie], forgetPages)
}

/** The browser is back from the provider. Nobody is signed out by this: a session is of a later login. */
async function comeBack(
  { settings, sessions }: Rooms,
  request: Request,
  state: string,
  seal: Sealer,
): Promise<Response> {
  const header = request.headers.get('cookie')
  const sealed = readCookie(header ?? '', cookieName(settings))
  const { payload } = sealed === undefined ? {} : await seal.open(sealed)
  const lines = sealed === undefined ? [] : [clearCookie(settings.cookie, cookieName(settings))]
  const { s: known, r: target, t: at }: { s?: unknown; r?: unknown; t?: unknown } = Object(payload)
  const isOurs = known === state && typeof at === 'number' && at + LASTS_MS > Date.now()
  if (isOurs && typeof target === 'string') return arrive(request, settings, target, lines)
  const { live } = await sessions.lookup.find(header)
  return live === undefined ? arrive(request, settings, null, lines) : redirect(settings.site.home, lines)
}

/** The end of the way: the page that was asked for, if it is on this site (R42), else one that says that it is done (R45). */
function arrive(request: Request, settings: Settings, target: string | null, lines: readonly string[]): Response {
  if (target !== null) return redirect(landing(settings, target), lines, forgetPages)
  const links = [[loginURL(settings), 'Sign in again']] as const
  return page(
    request,
    {
      status: 200,
      title: 'You are signed out',
      text: 'Your session on this site has ended.',
      links,
      headers: forgetPages,
    },
    lines,
  )
}

/**
 * The back button shows pages as they were left, out of memory, with no request that could be refused: this drops them
 * (Clear Site Data, section 3.1).
 */
const forgetPages: Pairs = [['clear-site-data', '"cache"']]

/** The refresh token goes too (R43); nobody waits for that. */
function revokeLater({ settings }: Rooms, context: Context, provider: Provider, { session }: Live): void {
  const { refresh } = session.tokens
  if (refresh === undefined) return
  const report = (error: unknown): void => tell(settings.on.error, translate(error, 'revocation'))
  context.waitUntil(revoke(provider, refresh).catch(report))
}

/** An image, a frame or a prefetch must sign nobody out (R44). */
function isTopLevel(request: Request, context: Context): boolean {
  const place = request.headers.get('sec-fetch-dest') ?? ''
  return isNavigation(request, context) && place !== 'frame' && place !== 'iframe'
}

/** A page of another origin leads here. */
function isLinkOfOthers({ headers }: Request): boolean {
  const from = headers.get('sec-fetch-site')
  return from === 'cross-site' || from === 'same-site'
}

/** Nobody is signed out by a link of others alone, nor kept from following it: the link on this page is the site's own. */
function askFirst(request: Request, settings: Settings, target: string | null): Response {
  const { site, routes, returnToParam } = settings
  const address = site.origin + encodeURI(routes.logout)
  const query = target === null ? '' : `?${new URLSearchParams({ [returnToParam]: target }).toString()}`
  const links = [[address + query, 'Sign out'] as const, [site.home, 'Stay signed in'] as const]
  const text = 'A link of another site has led you here. You are still signed in.'
  return page(request, { status: 200, title: 'Do you want to sign out?', text, links })
}

function notLikeThis(request: Request): Response {
  const text = 'Signing out works by opening this address as a page, or by a form of this site with method POST.'
  return say(request, { status: 403, title: 'You are still signed in', text })
}

/** A cookie that is cleared would look like a session that has ended. */
function notNow(request: Request): Response {
  const text = 'Your session could not be ended. Try again in a moment.'
  return say(request, { status: 503, title: 'You are still signed in', text, headers: [['retry-after', '5']] })
}

function cookieName({ cookie }: Settings): string {
  return `${cookie.name}.logout`
}

const LASTS_MS = 900_000
