/**
 * The provider ends sessions, with no browser between (OpenID Connect Back-Channel Logout 1.0).
 *
 *     provider ─▶ POST logout_token=… ─▶ checks ─▶ sessions of that login, or of that user, are over ─▶ 204
 *
 * @module
 */
import { peekBody, respond, type App } from '@outerware/core'
import { methodNotAllowed } from '../answers/answers.ts'
import { OAuthError } from '../errors.ts'
import { tell } from '../gate/events.ts'
import type { Rooms } from '../gate/rooms.ts'
import { storeError } from '../store/asking.ts'
import { Once } from '../store/once.ts'
import { readLogoutToken, type LogoutToken } from './logout-token.ts'

/** The route that the provider calls. */
export function backchannelRoute(rooms: Rooms): App {
  const used = new Once('logout token', rooms.settings)
  return async (request, context) => {
    if (request.method !== 'POST') return methodNotAllowed(request, 'POST')
    try {
      const token = await logoutToken(rooms, request)
      const isUsed = await used.has(token.jti)
      if (typeof isUsed === 'object') throw isUsed
      if (isUsed) throw new OAuthError('ERR_LOGOUT_TOKEN', 'the logout token has been used before')
      await endSessions(rooms, token)
      // Not before it is done: a provider that was told of trouble may send it again.
      await used.add(token.jti, (token.exp + rooms.settings.clockTolerance) * 1000)
      return respond(null, { status: 204, headers: unstored })
    } catch (cause) {
      const error = cause instanceof OAuthError ? cause : storeError(cause)
      if (error.status >= 500) tell(rooms.settings.on.error, error)
      else tell(rooms.settings.on.refused, { status: 400, error, auth: undefined, request, context })
      return refusal(error)
    }
  }
}

/** Reads the token out of a form, and checks it. */
async function logoutToken({ settings, discovery }: Rooms, request: Request): Promise<LogoutToken> {
  const [type = ''] = (request.headers.get('content-type') ?? '').split(';')
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') unreadable('no form')
  const bytes = await peekBody(request, MOST_BYTES)
  if (bytes === undefined) unreadable('too large')
  const [token, ...more] = new URLSearchParams(new TextDecoder().decode(bytes)).getAll('logout_token')
  if (token === undefined || token === '' || more.length > 0) unreadable('not one logout_token')
  const provider = await discovery.find()
  if (provider instanceof OAuthError) throw provider
  const { clientId, clockTolerance } = settings
  return readLogoutToken(token, provider, { issuer: provider.server.issuer, clientId, clockTolerance })
}

/** With a `sid` it is that login alone, also where a `sub` is said; without one it is all of the user's (R48). */
async function endSessions({ settings, sessions, connections }: Rooms, { sid, sub }: LogoutToken): Promise<void> {
  const whose = sid === undefined ? 'sub' : 'sid'
  const value = sid ?? sub!
  await sessions.endAllOf(whose, value)
  connections.closeAllOf(whose, value)
  tell(settings.on.backchannelLogout, { sid, sub })
}

// A token has a kilobyte or two; keys in its header may make it longer.
const MOST_BYTES = 65_536

const unstored = [['cache-control', 'no-store']] as const

/** Every failure is a 400 (section 2.8), with an error as RFC 6749, 5.2 has it. */
function refusal({ message, status }: OAuthError): Response {
  const body = { error: status >= 500 ? 'temporarily_unavailable' : 'invalid_request', error_description: message }
  const headers = [['content-type', 'application/json'], ...unstored] as const
  return respond(`${JSON.stringify(body)}\n`, { status: 400, headers })
}

function unreadable(why: string): never {
  throw new OAuthError('ERR_LOGOUT_TOKEN', `the logout request is refused: ${why}`)
}
