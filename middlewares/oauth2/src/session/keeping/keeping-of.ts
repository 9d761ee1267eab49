/**
 * The choice between the ways of keeping sessions.
 *
 * @module
 */
import type { Settings } from '../../settings/settings.ts'
import { Denials } from './denials.ts'
import { InCookies } from './in-cookies.ts'
import { InStore } from './in-store.ts'
import type { Keeping } from './keeping.ts'

/** Makes what the options ask for, and the denylist where one is needed. */
export function keepingOf(settings: Settings): { keeping: Keeping; denials: Denials | undefined } {
  const { issuer, clientId, session, backchannelLogout } = settings
  const { denylist } = backchannelLogout
  const realm = `${issuer.href} ${clientId}`
  const denials = denylist && new Denials(denylist.store, { ...denylist, realm })
  const keeping =
    session.store === undefined
      ? new InCookies(settings, realm, denials)
      : new InStore(session.store, settings, { realm, denials })
  return { keeping, denials }
}
