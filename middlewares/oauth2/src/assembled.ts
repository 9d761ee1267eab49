/**
 * A gate, put together out of its parts.
 *
 * @module
 */
import type { App } from '@outerware/core'
import { Issuers } from './bearer/issuers.ts'
import { metadataPath, metadataRoute } from './bearer/resource.ts'
import { Verifier } from './bearer/verify.ts'
import { callbackRoute } from './callback.ts'
import { Discovery } from './discovery.ts'
import { tell } from './events.ts'
import { forwardRoute } from './forward-auth.ts'
import { gate } from './gate.ts'
import { loginRoute } from './login.ts'
import { logoutRoute } from './logout.ts'
import { PendingLogins } from './pending.ts'
import { discover } from './provider.ts'
import { Refresher } from './refresh.ts'
import type { Rooms } from './rooms.ts'
import { Sessions } from './sessions.ts'
import type { Settings } from './settings/settings.ts'

/** Makes the gate that these settings describe. */
export function assembled(settings: Settings): (app: App<any>) => App {
  const discovery = new Discovery(
    () => discover(settings),
    (error) => tell(settings.on.error, error),
  )
  const sessions: Sessions = new Sessions(settings, (live) => refresher.accessToken(live))
  const refresher: Refresher = new Refresher(settings, discovery, sessions)
  const { bearer } = settings
  const court = bearer && {
    settings,
    bearer,
    verifier: new Verifier(settings, bearer, new Issuers(settings, bearer, discovery)),
  }
  const rooms: Rooms = { settings, discovery, sessions, refresher, logins: new PendingLogins(settings), court }
  const routes = new Map<string, App>([
    [settings.routes.login, loginRoute(rooms)],
    [settings.routes.callback, callbackRoute(rooms)],
    [settings.routes.logout, logoutRoute(rooms)],
  ])
  if (bearer !== undefined) routes.set(metadataPath(bearer), metadataRoute(bearer))
  const { forwardAuth } = settings
  if (forwardAuth !== undefined) routes.set(forwardAuth.path, forwardRoute(rooms, forwardAuth))
  return gate(rooms, routes)
}
