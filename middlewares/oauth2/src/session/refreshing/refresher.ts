/**
 * Refreshing without races: requests side by side share one call, and late ones its result.
 *
 *     20 requests, old cookie ─▶ one call in flight ─▶ one new session ─▶ 20 answers with its cookie
 *     a late request, old cookie ─(within the grace)─▶ the same new session
 *
 * With a store it is so for all machines; see `Attempts`.
 *
 * @module
 */
import { OAuthError } from '../../errors.ts'
import type { Settings } from '../../settings/settings.ts'
import { newest, type Live } from '../live.ts'
import type { Sessions } from '../sessions.ts'
import type { Attempts } from './attempts.ts'
import { adopt, generationOf, secondsToWait, type Outcome, type Renewal } from './outcome.ts'

/** Refreshes the sessions of one gate. */
export class Refresher {
  readonly #graceMs: number
  readonly #attempts: Attempts
  readonly #sessions: Sessions
  readonly #flights = new Map<string, Flight>()

  constructor({ refresh }: Settings, attempts: Attempts, sessions: Sessions) {
    this.#graceMs = refresh === false ? 0 : refresh.grace * 1000
    this.#attempts = attempts
    this.#sessions = sessions
  }

  /**
   * Refreshes a session that is due; what it has become is then its `next`.
   *
   * @param header the cookies beside which the new session must fit
   */
  renew(live: Live, header: string | null): Renewal | Promise<Renewal> {
    const flight = this.#flights.get(generationOf(live))
    if (flight === undefined || flight.until <= Date.now()) return this.#start(live, header)
    return flight.outcome === undefined
      ? flight.landing.then((outcome) => adopt(live, outcome))
      : adopt(live, flight.outcome)
  }

  /** The browser has the new cookie on its way: from now on the old one is good for the grace only (R20). */
  delivered(live: Live): void {
    const flight = this.#flights.get(generationOf(live))
    if (flight === undefined || flight.outcome === undefined || flight.isDelivered) return
    flight.isDelivered = true
    flight.until = Date.now() + this.#graceMs
    if ('live' in flight.outcome) this.#attempts.delivered(live, flight.outcome.live)
  }

  /** See `Auth.accessToken`. */
  async accessToken(from: Live): Promise<string | undefined> {
    const live = newest(from)
    const { access, expiresAt = Infinity } = live.session.tokens
    if (Date.now() < Math.min(live.refreshAt, expiresAt * 1000)) return access
    if (live.refreshAt === Infinity) return undefined
    const renewal = await this.renew(live, null)
    if (renewal.live !== undefined) return renewal.live.session.tokens.access
    if (!('retryAfter' in renewal)) return undefined
    const { error, retryAfter } = renewal
    throw new OAuthError(error.code, error.message, { status: 503, retryAfter })
  }

  #start(live: Live, header: string | null): Promise<Renewal> {
    const landing = this.#attempts.run(live, header).then((outcome) => {
      flight.outcome = outcome
      flight.until = this.#keptUntil(outcome)
      if ('live' in outcome) this.#sessions.forget(live)
      return outcome
    })
    const flight: Flight = { until: Infinity, isDelivered: false, outcome: undefined, landing }
    this.#sweep()
    this.#flights.set(generationOf(live), flight)
    return landing.then((outcome) => adopt(live, outcome))
  }

  /** A new session waits for its browser; a failure is not tried again at once. */
  #keptUntil(outcome: Outcome): number {
    if ('live' in outcome) return outcome.live.endsAt
    return Date.now() + (outcome.isOver ? this.#graceMs : secondsToWait(outcome.error) * 1000)
  }

  #sweep(): void {
    const now = Date.now()
    for (const [generation, { until }] of this.#flights) {
      if (until > now && this.#flights.size < MOST_FLIGHTS) continue
      this.#flights.delete(generation)
    }
  }
}

/** A call to the provider, and then its result. */
interface Flight {
  readonly landing: Promise<Outcome>
  outcome: Outcome | undefined
  isDelivered: boolean
  /** Milliseconds since 1970. */
  until: number
}

const MOST_FLIGHTS = 10_000
