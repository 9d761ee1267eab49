/**
 * What the parts of one gate share: made once, by `oidc()`.
 *
 * @module
 */
import type { Court } from '../bearer/court.ts'
import type { PendingLogins } from '../login/pending.ts'
import type { Connections } from '../logout/connections.ts'
import type { Discovery } from '../provider/discovery.ts'
import type { Provider } from '../provider/provider.ts'
import type { Refresher } from '../session/refreshing/refresher.ts'
import type { Sessions } from '../session/sessions.ts'
import type { Settings } from '../settings/settings.ts'

/** The parts of a gate. */
export interface Rooms {
  readonly settings: Settings
  readonly discovery: Discovery<Provider>
  readonly sessions: Sessions
  readonly logins: PendingLogins
  readonly refresher: Refresher
  /** Judges tokens, where they are taken. */
  readonly court: Court | undefined
  readonly connections: Connections
}
