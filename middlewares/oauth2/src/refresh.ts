/**
 * Refreshing without races, in one process: requests side by side share one call, and late ones its result.
 *
 *     20 requests, old cookie ─▶ one call in flight ─▶ one new session ─▶ 20 answers with its cookie
 *     a late request, old cookie ─(within the grace)─▶ the same new session
 *
 * @module
 */
import { OAuthError, type OAuthErrorCode } from './errors.ts'
import { tell } from './events.ts'
import { newest, type Live } from './live.ts'
import type { Discovery } from './discovery.ts'
import type { Provider } from './provider.ts'
import { keptClaims, type Session } from './session.ts'
import type { Sessions } from './sessions.ts'
import type { Settings } from './settings/settings.ts'
import { refresh, type Grant } from './tokens.ts'
import { translate } from './translate.ts'

/** What became of a session whose access token is at its end. */
export type Renewal =
  /** It goes on, with new tokens or with the old ones. */
  | { readonly live: Live }
  /** The provider has ended it (R21). */
  | { readonly live: undefined; readonly error: OAuthError }
  /** The provider is in trouble and the token has expired: try again, in so many seconds. */
  | { readonly live: undefined; readonly error: OAuthError; readonly retryAfter: number }

/** Refreshes the sessions of one gate. */
export class Refresher {
  readonly #settings: Settings
  readonly #discovery: Discovery<Provider>
  readonly #sessions: Sessions
  readonly #flights = new Map<string, Flight>()

  constructor(settings: Settings, discovery: Discovery<Provider>, sessions: Sessions) {
    this.#settings = settings
    this.#discovery = discovery
    this.#sessions = sessions
  }

  /**
   * Refreshes a session that is due; what it has become is then its `next`.
   *
   * @param header the cookies beside which the new session must fit
   */
  renew(live: Live, header: string | null): Renewal | Promise<Renewal> {
    const flight = this.#flights.get(keyOf(live))
    if (flight === undefined || flight.until <= Date.now()) return this.#start(live, header)
    return flight.outcome === undefined
      ? flight.landing.then((outcome) => adopt(live, outcome))
      : adopt(live, flight.outcome)
  }

  /** The browser has the new cookie on its way: from now on the old one is good for the grace only. */
  delivered(live: Live): void {
    const flight = this.#flights.get(keyOf(live))
    if (flight === undefined || flight.outcome === undefined || flight.isDelivered) return
    flight.isDelivered = true
    flight.until = Date.now() + this.#graceMs
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

  get #graceMs(): number {
    const { refresh: options } = this.#settings
    return options === false ? 0 : options.grace * 1000
  }

  #start(live: Live, header: string | null): Promise<Renewal> {
    const landing = this.#fly(live, header).then((outcome) => {
      flight.outcome = outcome
      flight.until = this.#keptUntil(outcome)
      if ('live' in outcome) this.#sessions.forget(live)
      return outcome
    })
    const flight: Flight = { until: Infinity, isDelivered: false, outcome: undefined, landing }
    this.#sweep()
    this.#flights.set(keyOf(live), flight)
    return landing.then((outcome) => adopt(live, outcome))
  }

  async #fly(live: Live, header: string | null): Promise<Outcome> {
    const { session } = live
    const provider = await this.#discovery.find()
    if (provider instanceof OAuthError) return { error: provider, isOver: false }
    try {
      const grant = await refresh(provider, session.tokens, session.claims.sub)
      const issued = await this.#sessions.issue(this.#renewed(session, grant), header)
      if (issued === undefined)
        throw new OAuthError('ERR_SESSION_SIZE', 'the refreshed session does not fit into cookies')
      tell(this.#settings.on.refresh, { sid: live.sid, auth: issued.live.auth })
      return { live: issued.live }
    } catch (cause) {
      const error = translate(cause, 'token')
      // Only the provider's clear no ends a session; its trouble, or a wrong setting here, does not.
      const isOver = endings.has(error.code)
      if (isOver) tell(this.#settings.on.refresh, { sid: live.sid, auth: undefined })
      else tell(this.#settings.on.error, error)
      return { error, isOver }
    }
  }

  #renewed(session: Session, { tokens, idToken, claims }: Grant): Session {
    const { session: options, neededClaims } = this.#settings
    const said =
      claims === undefined ? session.claims : { ...session.claims, ...keptClaims(claims, options.claims, neededClaims) }
    return {
      ...session,
      claims: said,
      tokens,
      idToken: idToken ?? session.idToken,
      seenAt: Math.floor(Date.now() / 1000),
    }
  }

  /** A new session waits for its browser; a failure is not tried again at once. */
  #keptUntil(outcome: Outcome): number {
    if ('live' in outcome) return outcome.live.endsAt
    return Date.now() + (outcome.isOver ? this.#graceMs : secondsToWait(outcome.error) * 1000)
  }

  #sweep(): void {
    const now = Date.now()
    for (const [key, { until }] of this.#flights) {
      if (until > now && this.#flights.size < MOST_FLIGHTS) continue
      this.#flights.delete(key)
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

type Outcome = { readonly live: Live } | { readonly error: OAuthError; readonly isOver: boolean }

const endings: ReadonlySet<OAuthErrorCode> = new Set(['ERR_GRANT_REFUSED', 'ERR_ID_TOKEN', 'ERR_SESSION_SIZE'])

const MOST_FLIGHTS = 10_000
const RETRY_SECONDS = 5

/** One generation of tokens: a provider that does not rotate gives the same refresh token again. */
function keyOf({ session: { tokens } }: Live): string {
  return `${tokens.expiresAt} ${tokens.refresh}`
}

function adopt(live: Live, outcome: Outcome): Renewal {
  if ('live' in outcome) {
    // It may have been prolonged meanwhile, or refreshed once more.
    const last = newest(live)
    if (last !== outcome.live && keyOf(last) === keyOf(live)) last.next = outcome.live
    return { live: newest(last) }
  }
  const { error, isOver } = outcome
  if (isOver) return { live: undefined, error }
  const { expiresAt = Infinity } = live.session.tokens
  // The old token is good yet: nobody need notice.
  if (Date.now() < expiresAt * 1000) return { live }
  return { live: undefined, error, retryAfter: secondsToWait(error) }
}

function secondsToWait(error: OAuthError): number {
  return Math.max(1, Math.min(error.retryAfter ?? RETRY_SECONDS, 60))
}
