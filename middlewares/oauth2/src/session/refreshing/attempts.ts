/**
 * One attempt at a refresh, alone among all machines that share a store: lock, read again, refresh only if nobody else
 * has, write, unlock.
 *
 * @module
 */
import { OAuthError, type OAuthErrorCode } from '../../errors.ts'
import { tell } from '../../gate/events.ts'
import type { Discovery } from '../../provider/discovery.ts'
import type { Provider } from '../../provider/provider.ts'
import { refresh } from '../../provider/tokens.ts'
import { translate } from '../../provider/translate.ts'
import type { Settings } from '../../settings/settings.ts'
import { storeError } from '../../store/asking.ts'
import { insist } from '../../store/insist.ts'
import type { Place } from '../keeping/keeping.ts'
import type { Live } from '../live.ts'
import type { Session } from '../session.ts'
import type { Sessions } from '../sessions.ts'
import { Coordinator } from './coordinator.ts'
import { generationOf, type Outcome } from './outcome.ts'
import { renewed } from './renewed.ts'

/** Asks the provider for new tokens, for the sessions of one gate. */
export class Attempts {
  readonly #settings: Settings
  readonly #discovery: Discovery<Provider>
  readonly #sessions: Sessions
  readonly #coordinator: Coordinator | undefined

  constructor(settings: Settings, discovery: Discovery<Provider>, sessions: Sessions) {
    this.#settings = settings
    this.#discovery = discovery
    this.#sessions = sessions
    this.#coordinator = Coordinator.of(settings)
  }

  /**
   * Refreshes a session, or finds what another machine has made of it.
   *
   * @param header the cookies beside which the new session must fit
   */
  async run(live: Live, header: string | null): Promise<Outcome> {
    const provider = await this.#discovery.find()
    if (provider instanceof OAuthError) return { error: provider, isOver: false }
    try {
      const coordinator = this.#coordinator
      if (coordinator === undefined) return await this.#alone(provider, live, header)
      return await this.#coordinated(coordinator, provider, live, header)
    } catch (cause) {
      return { error: this.#told(cause), isOver: false }
    }
  }

  /** What another machine keeps for late requests is theirs for the grace only. */
  delivered(live: Live, next: Live): void {
    const { refresh: options } = this.#settings
    if (this.#coordinator !== undefined && options !== false)
      void this.#keep(this.#coordinator, live, next, options.grace)
  }

  #alone(provider: Provider, live: Live, header: string | null): Promise<Outcome> {
    return this.#sessions.alone(live, async (now) => {
      if (now === undefined) return { error: endedElsewhere(), isOver: true }
      // Another machine has been here.
      if (generationOf(now) !== generationOf(live)) return { live: now }
      return this.#judged(now, () => this.#refreshed(provider, now, header))
    })
  }

  async #coordinated(
    coordinator: Coordinator,
    provider: Provider,
    live: Live,
    header: string | null,
  ): Promise<Outcome> {
    let isLate = false
    const outcome = await coordinator.alone(live, async (known): Promise<Outcome> => {
      isLate = known !== undefined
      if (known !== undefined) return this.#judged(live, () => this.#issued(known, { header }))
      const made = await this.#alone(provider, live, header)
      if ('live' in made) await this.#keep(coordinator, live, made.live)
      return made
    })
    // A cookie may be several generations old.
    const isDue = isLate && 'live' in outcome && Date.now() >= outcome.live.refreshAt
    return isDue ? this.#coordinated(coordinator, provider, outcome.live, header) : outcome
  }

  /** Whatever becomes of this, the session goes on: its old tokens are spent. */
  async #keep(coordinator: Coordinator, live: Live, next: Live, seconds?: number): Promise<void> {
    try {
      await coordinator.keep(live, next, seconds)
    } catch (cause) {
      this.#sessions.trouble.tell(storeError(cause))
    }
  }

  async #judged(live: Live, make: () => Promise<Live>): Promise<Outcome> {
    try {
      return { live: await make() }
    } catch (cause) {
      const error = translate(cause, 'token')
      // Only the provider's clear no ends a session; its trouble, or a wrong setting here, does not (R21).
      return endings.has(error.code) ? this.#over(live, error) : { error: this.#told(error), isOver: false }
    }
  }

  async #refreshed(provider: Provider, { session, sid, ticket }: Live, header: string | null): Promise<Live> {
    const grant = await refresh(provider, session.tokens, session.claims.sub)
    // The old tokens are spent: what the provider gave for them must not get lost by a moment's trouble of the store.
    const made = await renewed(provider, this.#settings, session, grant)
    const next = await insist(() => this.#issued(made, { header, ticket }))
    tell(this.#settings.on.refresh, { sid, auth: next.auth })
    return next
  }

  async #issued(session: Session, place: Place): Promise<Live> {
    const issued = await this.#sessions.issue(session, place)
    if (issued !== undefined) return issued.live
    throw new OAuthError('ERR_SESSION_SIZE', 'the refreshed session does not fit into cookies')
  }

  async #over(live: Live, error: OAuthError): Promise<Outcome> {
    // Where the store has no lock, another machine may have spent the refresh token in our place.
    const now = await this.#sessions.reread(live)
    if (now !== undefined && generationOf(now) !== generationOf(live)) return { live: now }
    await this.#sessions.giveUp(live)
    tell(this.#settings.on.refresh, { sid: live.sid, auth: undefined })
    return { error, isOver: true }
  }

  #told(cause: unknown): OAuthError {
    const error = translate(cause, 'token')
    tell(this.#settings.on.error, error)
    return error
  }
}

const endings: ReadonlySet<OAuthErrorCode> = new Set([
  'ERR_GRANT_REFUSED',
  'ERR_ID_TOKEN',
  'ERR_SESSION_SIZE',
  'ERR_SESSION_ENDED',
])

function endedElsewhere(): OAuthError {
  return new OAuthError('ERR_SESSION_ENDED', 'the session was ended elsewhere')
}
