/**
 * Refreshing sessions that are in cookies, on several machines: a store has a lock, and for a while what came of it.
 *
 *     machine one, old cookie ─▶ lock ─▶ provider ─▶ result, sealed ─▶ unlock
 *     machine two, old cookie ─▶ lock ─▶ result ─▶ unlock
 *
 * No session lives in the store: results are sealed for this purpose alone, so whoever reads them there gets no cookie.
 *
 * @module
 */
import { OAuthError } from '../../errors.ts'
import { digester, type Digest } from '../../sealing/digest.ts'
import { sealer, type Sealer } from '../../sealing/seal.ts'
import type { Settings } from '../../settings/settings.ts'
import { alone, type Lease } from '../../store/alone.ts'
import { asking } from '../../store/asking.ts'
import { insist } from '../../store/insist.ts'
import type { LockingStore, Release } from '../../store/store.ts'
import type { Live } from '../live.ts'
import { endOf, fromPayload, toPayload, type Durations, type Session } from '../session.ts'
import { generationOf } from './outcome.ts'

/** What the machines of one site share about refreshes. */
export class Coordinator {
  readonly #store: LockingStore
  readonly #durations: Durations
  readonly #lease: Lease
  readonly #realm: string
  readonly #sealer: Sealer
  readonly #sha256: Digest = digester()

  private constructor(store: LockingStore, lease: Lease, { issuer, clientId, secrets, session }: Settings) {
    this.#store = store
    this.#lease = lease
    this.#durations = session
    this.#realm = `${issuer.href} ${clientId}`
    this.#sealer = sealer(secrets, `outerware oidc refreshed session ${this.#realm}`)
  }

  /** Makes the coordinator that the options ask for. */
  static of(settings: Settings): Coordinator | undefined {
    const { refresh, timeout } = settings
    if (refresh === false || refresh.coordinator === undefined) return undefined
    // Who holds the lock may wait for the provider, its keys and UserInfo, and write twice.
    return new Coordinator(refresh.coordinator, { ttl: refresh.lockTTL, patienceMs: timeout * 5000 }, settings)
  }

  /**
   * Runs while no other machine refreshes the same tokens.
   *
   * @param work gets the session that another machine has made of this one, if there is one
   * @throws OAuthError
   */
  async alone<T>(live: Live, work: (known: Session | undefined) => Promise<T>): Promise<T> {
    const name = await this.#nameOf(live)
    const lock = (): Promise<Release> => this.#store.lock(keyOf(name), this.#lease.ttl)
    return alone(lock, this.#lease, async () => work(await this.#resultOf(name)))
  }

  /**
   * Keeps what a session has become for those who come late with the old cookie.
   *
   * @param seconds for how long; as long as the new session lasts, while no browser has it
   * @throws OAuthError
   */
  async keep(live: Live, { session }: Live, seconds?: number): Promise<void> {
    // A clock that was set back must not make a session its own successor.
    if (!isLater(session, live.session)) return
    const name = await this.#nameOf(live)
    const sealed = await this.#sealer.seal(toPayload(session, name))
    const ttl = seconds ?? endOf(session, this.#durations) - Date.now() / 1000
    await insist(async () => {
      const kept = await asking(() => this.#store.set(keyOf(name), sealed, { ttl: Math.max(1, Math.ceil(ttl)) }))
      if (kept instanceof OAuthError) throw kept
    })
  }

  /** What stands under this name opens under this name only. */
  async #resultOf(name: string): Promise<Session | undefined> {
    const sealed = await asking(() => this.#store.get(keyOf(name)))
    if (sealed instanceof OAuthError) throw sealed
    if (sealed === undefined || sealed === null) return undefined
    const { payload } = await this.#sealer.open(sealed)
    return fromPayload(payload, name)
  }

  /** One generation of tokens of one login; the tokens themselves are not to be had from it. */
  async #nameOf(live: Live): Promise<string> {
    return this.#sha256(`${this.#realm} ${live.sid} ${generationOf(live)}`)
  }
}

function keyOf(name: string): string {
  return `refreshed:${name}`
}

function isLater({ tokens: next }: Session, { tokens: last }: Session): boolean {
  return (next.expiresAt ?? Infinity) > (last.expiresAt ?? 0)
}
