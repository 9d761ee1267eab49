/**
 * An opened session, and all that can be told from it once: so a request has nothing to work out.
 *
 * @module
 */
import type { Fields } from '@outerware/core'
import { callApi, type Credentials } from '../gate/api-call.ts'
import type { ApiInit, Auth } from '../gate/auth.ts'
import { identityFields } from '../gate/identity.ts'
import { isAllowed } from '../gate/policy.ts'
import type { Settings } from '../settings/settings.ts'
import { endOf, refreshAt, touchAt, type Session } from './session.ts'

/** A session in memory. Times are milliseconds since 1970. */
export interface Live {
  readonly session: Session
  readonly sealed: string
  /** What its cookie holds: the seal, or the id that it has in the store. */
  readonly ticket: string
  readonly sid: string
  readonly auth: Auth
  /** The identity fields for the app inside. */
  readonly fields: Fields
  /** `allow` has nothing against this user; `allow.check` is not asked here. */
  readonly allowed: boolean
  readonly endsAt: number
  readonly refreshAt: number
  readonly touchAt: number
  /** Until then there is nothing to do but let the request pass. */
  readonly quietUntil: number
  /** Until then nobody need ask whether it was ended elsewhere. */
  checkedUntil: number
  /** What this session has become: refreshed, or prolonged. */
  next: Live | undefined
  /** It is being prolonged. */
  touching: Promise<Live> | undefined
}

/** Gives the access token of a session, refreshed if need be. */
export type AccessToken = (live: Live) => Promise<string | undefined>

/** A session and the seal that it came out of. */
export type Unsealed = Pick<Live, 'session' | 'sealed' | 'ticket'>

/** Makes the opened session. */
export function liveOf({ session, sealed, ticket }: Unsealed, settings: Settings, accessToken: AccessToken): Live {
  const { session: durations, allow, refresh, identityHeaders } = settings
  const allowed = isAllowed(session.claims, allow)
  const endsAt = endOf(session, durations) * 1000
  const refreshes = refresh === false ? Infinity : refreshAt(session.tokens, refresh.ahead) * 1000
  const touches = touchAt(session, durations) * 1000
  const live: Live = {
    session,
    sealed,
    ticket,
    sid: session.sid,
    auth: authOf(session, settings, {
      token: () => accessToken(live),
      key: () => newest(live).session.tokens.key,
    }),
    fields: identityFields(session.claims, identityHeaders),
    allowed,
    endsAt,
    refreshAt: refreshes,
    touchAt: touches,
    quietUntil: allowed && allow.check === undefined ? Math.min(endsAt, refreshes, touches) : 0,
    checkedUntil: Infinity,
    next: undefined,
    touching: undefined,
  }
  return live
}

/** What a session has become, as far as this process knows. */
export function newest(live: Live): Live {
  let last = live
  while (last.next !== undefined) last = last.next
  return last
}

/**
 * Notes what a session has become; whatever came first wins. Never in a circle: a store that has lost its last writes
 * gives back what was there before.
 */
export function become(live: Live, next: Live): Live {
  if (live.next === undefined && newest(next) !== live) live.next = next
  return newest(live)
}

function authOf({ sid, claims }: Session, settings: Settings, credentials: Credentials): Auth {
  const { site, routes } = settings
  const email = typeof claims['email'] === 'string' ? claims['email'] : undefined
  const logoutURL = site.origin + encodeURI(routes.logout)
  return Object.freeze({
    kind: 'session',
    sub: claims.sub,
    email,
    claims,
    sid,
    logoutURL,
    accessToken: credentials.token,
    fetch: (url: string | URL, init?: ApiInit) => callApi(settings, credentials, url, init),
  })
}
