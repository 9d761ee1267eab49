/**
 * Sessions in a store: the cookie holds an id. The store is asked at each request, so what has ended is over at once.
 *
 * @module
 */
import { OAuthError } from '../../errors.ts'
import { sealer, type Sealer } from '../../sealing/seal.ts'
import type { Settings } from '../../settings/settings.ts'
import type { Eventually, SessionStore } from '../../store/store.ts'
import type { Live } from '../live.ts'
import { endOf, lastEnd, toPayload, type Session } from '../session.ts'
import type { Denials } from './denials.ts'
import type { Keeping, Loaded, Place, Whose, Written } from './keeping.ts'
import { Vault } from './vault.ts'

/** Keeps sessions in a store. */
export class InStore implements Keeping {
  readonly sealer: Sealer
  readonly #settings: Settings
  readonly #vault: Vault
  readonly #denials: Denials | undefined

  constructor(
    store: SessionStore,
    settings: Settings,
    { realm, denials }: { realm: string; denials: Denials | undefined },
  ) {
    this.#settings = settings
    this.#denials = denials
    this.#vault = new Vault(store, realm)
    // What is in a store opens in no cookie, and the other way round.
    this.sealer = sealer(settings.secrets, `outerware oidc stored session ${realm}`)
  }

  load(ticket: string): Loaded {
    return this.#vault.load(ticket)
  }

  nameOf(ticket: string): Eventually<string | undefined> {
    return this.#vault.nameOf(ticket)
  }

  async write(session: Session, { ticket: known }: Place): Promise<Written> {
    const { session: durations } = this.#settings
    const ticket = known ?? this.#vault.newId()
    const sealed = await this.sealer.seal(toPayload(session, await this.nameOf(ticket)))
    if (known === undefined) await this.#vault.enlist(ticket, session, secondsTo(lastEnd(session, durations)))
    const stands = await this.#vault.save(ticket, sealed, secondsTo(endOf(session, durations)))
    if (!stands) throw new OAuthError('ERR_SESSION_ENDED', 'the session was ended meanwhile')
    return { session, sealed, ticket, dropped: [] }
  }

  alone<T>({ ticket }: Live, work: () => Promise<T>): Promise<T> {
    const { refresh, timeout } = this.#settings
    // Who holds the lock may wait for the provider, its keys and UserInfo, and write twice.
    const lease = { ttl: refresh === false ? 10 : refresh.lockTTL, patienceMs: timeout * 5000 }
    return this.#vault.alone(ticket, lease, work)
  }

  end({ ticket }: Live, seconds: number): Promise<void> {
    return this.#vault.end(ticket, seconds)
  }

  async endAllOf(whose: Whose, value: string, seconds: number): Promise<void> {
    if (this.#vault.isIndexed) await this.#vault.endAllOf(whose, value, seconds)
    else await this.#denials?.deny(whose, value, seconds)
  }

  async isOver({ ticket, session }: Live): Promise<boolean> {
    return (await this.load(ticket)) === undefined || (await this.#denials?.denies(session)) === true
  }
}

function secondsTo(end: number): number {
  return end - Date.now() / 1000
}
