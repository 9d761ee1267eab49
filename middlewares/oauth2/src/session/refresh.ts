/**
 * Refreshing without races: requests side by side share one call, and late ones its result.
 *
 *     20 requests, old cookie ─▶ one call in flight ─▶ one new session ─▶ 20 answers with its cookie
 *     a late request, old cookie ─(within the grace)─▶ the same new session
 *
 * With a store it is so for all machines: lock, read again, refresh only if nobody else has, write, unlock.
 *
 * @module
 */
import { OAuthError, type OAuthErrorCode } from '../errors.ts'
import { tell } from '../gate/events.ts'
import type { Discovery } from '../provider/discovery.ts'
import type { Provider } from '../provider/provider.ts'
import { refresh, type Grant } from '../provider/tokens.ts'
import { translate } from '../provider/translate.ts'
import type { Settings } from '../settings/settings.ts'
import { become, newest, type Live } from './live.ts'
import { keptClaims, type Session } from './session.ts'
import type { Sessions } from './sessions.ts'

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
    const provider = await this.#discovery.find()
    if (provider instanceof OAuthError) return { error: provider, isOver: false }
    try {
      return await this.#sessions.alone(live, async (now) => {
        if (now === undefined) return { error: endedElsewhere(), isOver: true }
        // Another machine has been here.
        return keyOf(now) === keyOf(live) ? this.#attempt(provider, now, header) : { live: now }
      })
    } catch (cause) {
      return { error: this.#told(cause), isOver: false }
    }
  }

  async #attempt(provider: Provider, live: Live, header: string | null): Promise<Outcome> {
    try {
      return { live: await this.#refreshed(provider, live, header) }
    } catch (cause) {
      const error = translate(cause, 'token')
      // Only the provider's clear no ends a session; its trouble, or a wrong setting here, does not (R21).
      return endings.has(error.code) ? this.#over(live, error) : { error: this.#told(error), isOver: false }
    }
  }

  async #refreshed(provider: Provider, live: Live, header: string | null): Promise<Live> {
    const { session, sid, ticket } = live
    const grant = await refresh(provider, session.tokens, session.claims.sub)
    const issued = await insist(() => this.#sessions.issue(this.#renewed(session, grant), { header, ticket }))
    if (issued === undefined)
      throw new OAuthError('ERR_SESSION_SIZE', 'the refreshed session does not fit into cookies')
    tell(this.#settings.on.refresh, { sid, auth: issued.live.auth })
    return issued.live
  }

  async #over(live: Live, error: OAuthError): Promise<Outcome> {
    // Where the store has no lock, another machine may have spent the refresh token in our place.
    const now = await this.#sessions.reread(live)
    if (now !== undefined && keyOf(now) !== keyOf(live)) return { live: now }
    await this.#sessions.giveUp(live)
    tell(this.#settings.on.refresh, { sid: live.sid, auth: undefined })
    return { error, isOver: true }
  }

  #told(cause: unknown): OAuthError {
    const error = translate(cause, 'token')
    tell(this.#settings.on.error, error)
    return error
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

const endings: ReadonlySet<OAuthErrorCode> = new Set([
  'ERR_GRANT_REFUSED',
  'ERR_ID_TOKEN',
  'ERR_SESSION_SIZE',
  'ERR_SESSION_ENDED',
])

function endedElsewhere(): OAuthError {
  return new OAuthError('ERR_SESSION_ENDED', 'the session was ended elsewhere')
}

const MOST_FLIGHTS = 10_000
const RETRY_SECONDS = 5

/** The old tokens are spent: what the provider gave for them must not get lost by a moment's trouble of the store. */
async function insist<T>(write: () => Promise<T>, tries = 3): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof OAuthError) || error.code !== 'ERR_STORE' || tries <= 1) throw error
    await new Promise((resolve) => setTimeout(resolve, 200))
    return insist(write, tries - 1)
  }
}

/** One generation of tokens: a provider that does not rotate gives the same refresh token again. */
function keyOf({ session: { tokens } }: Live): string {
  return `${tokens.expiresAt} ${tokens.refresh}`
}

function adopt(live: Live, outcome: Outcome): Renewal {
  if ('live' in outcome) {
    // It may have been prolonged meanwhile, or refreshed once more.
    const last = newest(live)
    return { live: keyOf(last) === keyOf(live) ? become(last, outcome.live) : last }
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
