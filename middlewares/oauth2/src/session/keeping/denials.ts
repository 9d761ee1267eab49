/**
 * The denylist of sessions that are in cookies alone: they cannot be deleted, so it is remembered that they have ended.
 *
 * It is bounded, by its store. One that is shared by several machines is asked again every few seconds.
 *
 * @module
 */
import { OAuthError } from '../../errors.ts'
import { digester, type Digest } from '../../sealing/digest.ts'
import { asking } from '../../store/asking.ts'
import { whenThere, type Eventually, type SessionStore } from '../../store/store.ts'
import type { Session } from '../session.ts'

/** Whose sessions have ended: one login here, one at the provider, or all of a user. */
export type Denied = 'login' | 'sid' | 'sub'

/** Which sessions of one gate have ended. */
export class Denials {
  /** How long an answer holds, in milliseconds; for ever if nobody else writes into the store. */
  readonly lagMs: number
  readonly #store: SessionStore
  readonly #realm: string
  readonly #sha256: Digest = digester()

  constructor(store: SessionStore, { realm, isShared }: { readonly realm: string; readonly isShared: boolean }) {
    this.#store = store
    this.#realm = realm
    this.lagMs = isShared ? LAG_MS : Infinity
  }

  /**
   * Ends what has begun until now; who signs in afterwards is welcome (R50).
   *
   * @param seconds how long the longest of these sessions could last
   */
  async deny(denied: Denied, value: string, seconds: number): Promise<void> {
    const key = await this.#keyOf(denied, value)
    const written = await asking(() =>
      this.#store.set(key, String(Date.now()), { ttl: Math.max(1, Math.ceil(seconds)) }),
    )
    if (written instanceof OAuthError) throw written
  }

  /** Tells whether a session has ended. */
  denies({ sid: login, claims, startedAt }: Session): Eventually<boolean | OAuthError> {
    const { sub, sid } = claims
    const asked: [Denied, string][] = [
      ['login', login],
      ['sub', sub],
    ]
    if (typeof sid === 'string') asked.push(['sid', sid])
    return any(
      asked.map(
        ([denied, value]) =>
          () =>
            this.#isBefore(denied, value, startedAt),
      ),
    )
  }

  #isBefore(denied: Denied, value: string, startedAt: number): Eventually<boolean | OAuthError> {
    return whenThere(this.#keyOf(denied, value), (key) =>
      whenThere(
        asking(() => this.#store.get(key)),
        (at) => {
          if (at instanceof OAuthError) return at
          if (at === undefined || at === null) return false
          // There is one login of that id, so no clock has a say in it. What is no time is no way in.
          return denied === 'login' || !(startedAt * 1000 > Number(at))
        },
      ),
    )
  }

  #keyOf(denied: Denied, value: string): Eventually<string> {
    return whenThere(this.#sha256(`${this.#realm} ${denied} ${value}`), (hash) => `denied:${denied}:${hash}`)
  }
}

const LAG_MS = 5000

/** Asks one after the other, until one says something else than no. */
function any([first, ...others]: readonly (() => Eventually<boolean | OAuthError>)[]): Eventually<
  boolean | OAuthError
> {
  if (first === undefined) return false
  return whenThere(first(), (answer) => (answer === false ? any(others) : answer))
}
