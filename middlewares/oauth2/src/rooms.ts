/**
 * What the parts of one gate share: made once, by `oidc()`.
 *
 * @module
 */
import type { Court } from './bearer/judge.ts'
import type { Connections } from './connections.ts'
import type { PendingLogins } from './pending.ts'
import type { Discovery } from './discovery.ts'
import type { Provider } from './provider.ts'
import type { Refresher } from './refresh.ts'
import type { Sessions } from './sessions.ts'
import type { Settings } from './settings/settings.ts'

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
