/**
 * The way back from the provider: the authorization response (RFC 9700, 4.4 and 4.5; RFC 9207), and what the browser gets.
 *
 *     code + state + iss ─▶ our pending login? ─▶ tokens ─▶ ID token, UserInfo ─▶ allowed? ─▶ session ─▶ 303 to the page
 *
 * @module
 */
import type { App, Context } from '@outerware/core'
import * as oauth from 'oauth4webapi'
import { methodNotAllowed, page, redirect } from '../answers/answers.ts'
import { forbid } from '../answers/forbid.ts'
import { OAuthError } from '../errors.ts'
import { tell } from '../gate/events.ts'
import type { Rooms } from '../gate/rooms.ts'
import type { Provider } from '../provider/provider.ts'
import { showable } from '../provider/translate.ts'
import type { Issued } from '../session/sessions.ts'
import type { Settings } from '../settings/settings.ts'
import { storeError } from '../store/asking.ts'
import { loginURL, queryOf, trouble } from './login.ts'
import type { Pending } from './pending.ts'
import { signIn } from './sign-in.ts'

/** The callback route: the redirect URI. */
export function callbackRoute(rooms: Rooms): App {
  return async (request, context) => {
    if (request.method !== 'GET') return methodNotAllowed(request, 'GET')
    const parameters = queryOf(request)
    const header = request.headers.get('cookie')
    const { pending, lines } = await rooms.logins.take(header, parameters.get('state') ?? '')
    if (pending === undefined) return notOurs(rooms, request, context, lines)
    const back = { request, context, pending, parameters, lines }
    const provider = await rooms.discovery.find()
    const session = provider instanceof OAuthError ? provider : await signedIn(rooms, provider, back)
    return session instanceof OAuthError ? refuse(rooms, back, session) : finish(rooms, back, session)
  }
}

/** A login that has come back. */
interface Return {
  readonly request: Request
  readonly context: Context
  readonly pending: Pending
  readonly parameters: URLSearchParams
  /** Lines that take the pending login out of the browser. */
  readonly lines: readonly string[]
}

async function signedIn(rooms: Rooms, provider: Provider, back: Return): Promise<Issued | OAuthError> {
  const { settings, sessions } = rooms
  const { pending, parameters, request } = back
  try {
    const session = await signIn(provider, settings, pending, checked(provider, parameters, pending))
    const issued = await sessions.issue(session, { header: request.headers.get('cookie') })
    return issued ?? new OAuthError('ERR_SESSION_SIZE', 'the session does not fit into cookies')
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    if (error.status >= 500) tell(settings.on.error, error)
    return error
  }
}

async function finish(rooms: Rooms, back: Return, { live, dropped }: Issued): Promise<Response> {
  const { settings, sessions, logins } = rooms
  const { request, context, pending, lines } = back
  const { auth } = live
  const header = request.headers.get('cookie')
  if (!live.allowed) {
    await quietly(rooms, sessions.giveUp(live))
    return forbid(settings, { request, context, auth, target: pathTo(pending, settings), lines })
  }
  // Whoever signs in anew leaves no session behind in the store (R31).
  if (settings.session.store !== undefined)
    await quietly(rooms, sessions.giveUp((await sessions.lookup.find(header)).live))
  tell(settings.on.login, { auth, request, context, dropped })
  const evicted = logins.evict(header, live.ticket.length)
  return redirect(pending.returnTo, [...sessions.lines(live, header), ...new Set([...lines, ...evicted])])
}

/** Where the store cannot be told, a session ends by itself: no browser has its id any more. */
async function quietly({ settings }: Rooms, ending: Promise<void>): Promise<void> {
  try {
    await ending
  } catch (error) {
    tell(settings.on.error, storeError(error))
  }
}

/** Checks the response itself: each parameter once, our issuer, our state, a code and no error. */
function checked(
  { server, client, preset }: Provider,
  parameters: URLSearchParams,
  { state }: Pending,
): URLSearchParams {
  const names = [...parameters.keys()]
  if (new Set(names).size < names.length) throw new OAuthError('ERR_CALLBACK', 'a parameter is repeated')
  if (!parameters.has('code') && !parameters.has('error')) throw new OAuthError('ERR_CALLBACK', 'there is no code')
  // Nobody knows what that provider calls itself.
  if (preset.kind === 'oauth2' && preset.iss === undefined) parameters.delete('iss')
  try {
    return oauth.validateAuthResponse(server, client, parameters, state)
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) throw refusal(showable(error.error))
    throw new OAuthError('ERR_CALLBACK', error instanceof Error ? error.message : 'it fails a check')
  }
}

/** The provider has said no (RFC 6749, 4.1.2.1; OpenID Connect Core 1.0, 3.1.2.6). */
function refusal(reason = 'unknown_error'): OAuthError {
  const isDown = reason === 'server_error' || reason === 'temporarily_unavailable'
  const status = reason === 'access_denied' ? 403 : isDown ? 502 : 400
  return new OAuthError('ERR_LOGIN_REFUSED', `the provider refuses the login: ${reason}`, { reason, status })
}

/** Nothing in this browser belongs to the state (R14): the back button, another browser, blocked cookies. */
async function notOurs(rooms: Rooms, request: Request, context: Context, lines: readonly string[]): Promise<Response> {
  const { settings, sessions, logins } = rooms
  const header = request.headers.get('cookie')
  const { live } = await sessions.lookup.find(header)
  if (live !== undefined) return redirect(settings.site.home, lines)
  const error = new OAuthError('ERR_LOGIN_UNKNOWN', 'the browser does not know this login')
  tell(settings.on.refused, { status: 400, error, auth: undefined, request, context })
  const text = logins.hasAny(header)
    ? 'This sign-in was finished already, or it was begun more than 15 minutes ago.'
    : 'Your browser has sent no cookie of this sign-in. Either it was finished already or took more than 15 minutes, ' +
      `or it was begun in another browser or at another address than ${settings.site.origin}, or cookies are blocked.`
  return page(
    request,
    { status: 400, title: 'This sign-in cannot be finished', text, links: [[loginURL(settings), 'Sign in']] },
    lines,
  )
}

/** Says what went wrong, in words that fit (R13). The login is spent. */
function refuse(rooms: Rooms, { request, context, pending, lines }: Return, error: OAuthError): Response {
  const { settings } = rooms
  tell(settings.on.refused, { status: error.status, error, auth: undefined, request, context })
  const again = loginURL(settings, { returnTo: pathTo(pending, settings), step: pending.step })
  if (error.status >= 500) return trouble(request, error, again, lines)
  return page(request, { status: error.status, links: [[again, 'Try again']], ...words(error) }, lines)
}

function pathTo({ returnTo }: Pending, { site }: Settings): string {
  return returnTo.slice(site.origin.length)
}

function words({ code, reason, status }: OAuthError): { title: string; text: string } {
  if (code === 'ERR_SESSION_SIZE') {
    return {
      title: 'Signing in does not work',
      text: 'The provider says more about you than fits into the cookies of this site. Its operator can keep less of it.',
    }
  }
  if (code === 'ERR_STEP_UP') {
    return {
      title: 'Sign-in was not enough',
      text: 'This page asks for another way of signing in, which the provider has not used.',
    }
  }
  if (status === 403) return { title: 'Sign-in was refused', text: 'The provider says that access was denied.' }
  const detail = reason === undefined ? '' : ` (${reason})`
  return { title: 'Sign-in has failed', text: `The provider’s answer was not what this site has asked for${detail}.` }
}
