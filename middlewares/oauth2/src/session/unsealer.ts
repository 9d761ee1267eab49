/**
 * Opening a seal, and making of it what requests work with.
 *
 *     seal ─▶ decipher ─▶ a session of this version, for this name? ─▶ Live
 *
 * @module
 */
import type { Opened } from '../sealing/open.ts'
import type { Settings } from '../settings/settings.ts'
import { whenThere, type Eventually } from '../store/store.ts'
import type { Keeping } from './keeping/keeping.ts'
import { liveOf, type AccessToken, type Live, type Unsealed } from './live.ts'
import { fromPayload } from './session.ts'

/** Opens the seals of one gate. */
export class Unsealer {
  readonly #settings: Settings
  readonly #keeping: Keeping
  readonly #accessToken: AccessToken

  constructor(settings: Settings, keeping: Keeping, accessToken: AccessToken) {
    this.#settings = settings
    this.#keeping = keeping
    this.#accessToken = accessToken
  }

  /**
   * Opens a seal.
   *
   * @returns `undefined` if it is none of ours, or its session is at its end
   */
  open(ticket: string, sealed: string): Eventually<Live | undefined> {
    return whenThere(this.#keeping.sealer.open(sealed), ({ payload }: Opened) =>
      whenThere(this.#keeping.nameOf(ticket), (name) => {
        const session = fromPayload(payload, name)
        if (session === undefined) return undefined
        const kept = flat(sealed)
        const live = this.live({ session, sealed: kept, ticket: ticket === sealed ? kept : flat(ticket) })
        return live.endsAt <= Date.now() ? undefined : live
      }),
    )
  }

  /** The same for a session that was written just now. */
  live(unsealed: Unsealed): Live {
    return liveOf(unsealed, this.#settings, this.#accessToken)
  }
}

/** A string of its own: a slice of the Cookie header would keep the whole of it in memory. */
function flat(text: string): string {
  return ` ${text}`.slice(1)
}
