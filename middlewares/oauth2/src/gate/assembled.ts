/**
 * A gate, put together out of its parts.
 *
 * @module
 */
import type { App } from '@outerware/core'
import { Issuers } from '../bearer/issuers.ts'
import { metadataPath, metadataRoute } from '../bearer/resource.ts'
import { Verifier } from '../bearer/verify.ts'
import { callbackRoute } from '../login/callback.ts'
import { loginRoute } from '../login/login.ts'
import { PendingLogins } from '../login/pending.ts'
import { backchannelRoute } from '../logout/backchannel.ts'
import { Connections } from '../logout/connections.ts'
import { logoutRoute } from '../logout/logout.ts'
import { Discovery } from '../provider/discovery.ts'
import { discover } from '../provider/provider.ts'
import { Attempts } from '../session/refreshing/attempts.ts'
import { Refresher } from '../session/refreshing/refresher.ts'
import { Sessions } from '../session/sessions.ts'
import type { Settings } from '../settings/settings.ts'
import { tell } from './events.ts'
import { forwardRoute } from './forward-auth.ts'
import { gate } from './gate.ts'
import type { Rooms } from './rooms.ts'

/** Makes the gate that these settings describe. */
export function assembled(settings: Settings): (app: App<any>) => App {
  const rooms = roomsOf(settings)
  const { routes: paths, bearer, forwardAuth } = settings
  const routes = new Map<string, App>([
    [paths.login, loginRoute(rooms)],
    [paths.callback, callbackRoute(rooms)],
    [paths.logout, logoutRoute(rooms)],
  ])
  if (settings.backchannelLogout.isOpen) routes.set(paths.backchannelLogout, backchannelRoute(rooms))
  if (bearer !== undefined) routes.set(metadataPath(bearer), metadataRoute(bearer))
  if (forwardAuth !== undefined) routes.set(forwardAuth.path, forwardRoute(rooms, forwardAuth))
  return gate(rooms, routes)
}

function roomsOf(settings: Settings): Rooms {
  const { bearer } = settings
  const discovery = new Discovery(
    () => discover(settings),
    (error) => tell(settings.on.error, error),
  )
  const sessions: Sessions = new Sessions(settings, (live) => refresher.accessToken(live))
  const refresher: Refresher = new Refresher(settings, new Attempts(settings, discovery, sessions), sessions)
  const logins = new PendingLogins(settings)
  const connections = new Connections(sessions)
  const court = bearer && {
    settings,
    bearer,
    verifier: new Verifier(settings, bearer, new Issuers(settings, bearer, discovery)),
  }
  return { settings, discovery, sessions, refresher, logins, connections, court }
}
