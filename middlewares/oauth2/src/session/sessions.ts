/**
 * Sessions on their way between cookies and the app: opened once, kept in the cache, written when they change.
 *
 *     Cookie ─▶ ticket ─▶ seal ─▶ cache ─(hit)──────────────▶ Live ─▶ context.auth
 *                                 └─(miss)─▶ open ─▶ checks ─▶ Live
 *
 * @module
 */
import { OAuthError } from '../errors.ts'
import { frozen } from '../gate/auth.ts'
import { tell } from '../gate/events.ts'
import { Memory } from '../gate/memory.ts'
import type { Opened } from '../sealing/open.ts'
import type { Settings } from '../settings/settings.ts'
import { whenThere, type Eventually } from '../store/store.ts'
import { Cache } from './cache.ts'
import type { Denials } from './keeping/denials.ts'
import { keepingOf, type Keeping, type Loaded, type Place, type Whose } from './keeping/keeping.ts'
import { become, liveOf, newest, type AccessToken, type Live, type Unsealed } from './live.ts'
import { SessionCookies } from './session-cookies.ts'
import { fromPayload, lastEnd, type Dropped, type Session } from './session.ts'

/** What a request brings. */
export interface Found {
  readonly live: Live | undefined
  /** There are cookies that open nothing: expired, tampered with, or ended (R32). */
  readonly stale: boolean
  /** Nobody can tell whether there is a session: the store gives no answer. */
  readonly trouble?: OAuthError
}

/** A session that is written, and what went missing for want of room. */
export interface Issued {
  readonly live: Live
  readonly dropped: Dropped
}

/** The sessions of one gate. */
export class Sessions {
  readonly #settings: Settings
  readonly #accessToken: AccessToken
  readonly #keeping: Keeping
  readonly #denials: Denials | undefined
  readonly #cookies: SessionCookies
  readonly #cache: Cache<Live>
  readonly #ended = new Memory()
  #endings = 0
  #tellAgainAt = 0

  constructor(settings: Settings, accessToken: AccessToken) {
    const { keeping, denials } = keepingOf(settings)
    this.#settings = settings
    this.#accessToken = accessToken
    this.#keeping = keeping
    this.#denials = denials
    this.#cookies = new SessionCookies(settings.cookie)
    this.#cache = new Cache(settings.session.cache)
  }

  /** What the session's cookies of a header hold. */
  ticket(header: string): string | undefined {
    return this.#cookies.read(header)
  }

  /** The seal that a ticket stands for. */
  load(ticket: string): Loaded {
    return this.#keeping.load(ticket)
  }

  /** The hot path: a session that is known, with nothing to do but let the request pass. */
  quiet(sealed: string): Live | undefined {
    const live = this.#cache.get(sealed)
    if (live === undefined) return undefined
    const now = Date.now()
    return now < live.quietUntil && now < live.checkedUntil ? live : undefined
  }

  /** Finds the session of a Cookie header. */
  find(header: string | null): Eventually<Found> {
    const ticket = header === null ? undefined : this.ticket(header)
    return ticket === undefined ? nobody : this.open(ticket, this.load(ticket))
  }

  /** Finds a session in the cache, or opens it. */
  open(ticket: string, loaded: Loaded): Eventually<Found> {
    return whenThere(loaded, (sealed) => {
      if (sealed === undefined) return stale
      if (sealed instanceof OAuthError) return this.#trouble(sealed)
      const known = this.#cache.get(sealed)
      if (known === undefined) return this.#unseal(ticket, sealed)
      if (known.endsAt > Date.now()) return this.#checked(known)
      this.#cache.delete(sealed)
      return stale
    })
  }

  /** The session as it is now, whatever others have made of it; `undefined` if it has ended. */
  async reread(live: Live): Promise<Live | undefined> {
    const loaded = this.load(live.ticket)
    if (loaded === live.sealed) return live
    const found = await this.open(live.ticket, loaded)
    if (found.trouble !== undefined) throw found.trouble
    return found.live
  }

  /**
   * Writes a session.
   *
   * @returns `undefined` if it is too large
   * @throws OAuthError
   */
  async issue(session: Session, place: Place): Promise<Issued | undefined> {
    const written = await this.#keeping.write(frozen(session), place)
    return written && { live: this.#live(written), dropped: written.dropped }
  }

  /** Prolongs a session: once for all requests that are under way. */
  touch(live: Live): Promise<Live> {
    return (live.touching ??= this.#touched(live))
  }

  /**
   * Does something that nobody else may do with this session meanwhile, in any process that shares the store.
   *
   * @param work gets the session as it is now; `undefined` if it has ended
   * @throws OAuthError
   */
  alone<T>(live: Live, work: (now: Live | undefined) => Promise<T>): Promise<T> {
    return this.#keeping.alone(live, async () => work(await this.reread(live)))
  }

  /** Tells whether a session is over, however long ago it was last seen here. Where nobody can tell it is not. */
  async isOver(live: Live): Promise<boolean> {
    const isPast = this.#ended.has(live.sid) || this.#lastEnd(live) * 1000 <= Date.now()
    return isPast || this.#keeping.isOver(live)
  }

  /** The lines that bring a session into a browser. None, if it has ended meanwhile. */
  lines(live: Live, header: string | null): string[] {
    if (this.#ended.has(live.sid)) return []
    const maxAge = Math.max(1, Math.ceil((live.endsAt - Date.now()) / 1000))
    return this.#cookies.write(live.ticket, header, maxAge)
  }

  /** The lines that take the session out of a browser. */
  clear(header: string | null): string[] {
    return this.#cookies.clear(header)
  }

  /**
   * Ends a login, for copies of its cookie too: with a store everywhere, with a denylist where that is asked, else in
   * this process.
   *
   * @throws OAuthError if the store cannot be told
   */
  async end(live: Live): Promise<void> {
    await this.#keeping.end(live, this.#lastEnd(live) - Date.now() / 1000)
    this.#endHere(live)
  }

  /**
   * Ends the sessions of a login at the provider, or all of a user's.
   *
   * @throws OAuthError if the store cannot be told
   */
  async endAllOf(whose: Whose, value: string): Promise<void> {
    // First what others ask, and what is opened meanwhile; then what is open.
    await this.#keeping.endAllOf(whose, value, this.#settings.session.absoluteDuration)
    this.#endings += 1
    for (const live of this.#cache.values()) if (live.session.claims[whose] === value) this.#endHere(live)
  }

  /** Takes out of the store what can do no more. In a cookie it may be an older copy, so that is left alone. */
  async giveUp(live: Live | undefined): Promise<void> {
    if (live !== undefined && this.#settings.session.store !== undefined) await this.end(newest(live))
  }

  /** Takes one cookie out of the cache: its session has become another one. */
  forget(live: Live): void {
    this.#cache.delete(live.sealed)
  }

  #lastEnd({ session }: Live): number {
    return lastEnd(session, this.#settings.session)
  }

  #endHere(live: Live): void {
    this.#ended.add(live.sid, this.#lastEnd(live) * 1000)
    this.#cache.deleteLogin(live.sid)
  }

  #unseal(ticket: string, sealed: string): Eventually<Found> {
    return whenThere(this.#keeping.sealer.open(sealed), ({ payload }: Opened) =>
      whenThere(this.#keeping.nameOf(ticket), (name) => {
        const session = fromPayload(payload, name)
        return session === undefined ? stale : this.#accept(session, ticket, sealed)
      }),
    )
  }

  #accept(session: Session, ticket: string, sealed: string): Eventually<Found> {
    const kept = flat(sealed)
    const live = this.#live({ session, sealed: kept, ticket: ticket === sealed ? kept : flat(ticket) })
    if (live.endsAt <= Date.now()) return stale
    return whenThere(this.#checked(live), (found) => {
      if (found.live !== undefined) this.#cache.put(live)
      return found
    })
  }

  #live(unsealed: Unsealed): Live {
    const live = liveOf(unsealed, this.#settings, this.#accessToken)
    if (this.#denials !== undefined) live.checkedUntil = 0
    return live
  }

  /**
   * Asks whether a session was ended elsewhere. This comes after opening, which may take a while, and right before the
   * session gets into the cache.
   */
  #checked(live: Live): Eventually<Found> {
    const found = { live, stale: false }
    if (this.#ended.has(live.sid)) return stale
    if (this.#denials === undefined || Date.now() < live.checkedUntil) return found
    const { lagMs } = this.#denials
    const endings = this.#endings
    return whenThere(this.#denials.denies(live.session), (answer) => {
      if (answer instanceof OAuthError) return this.#trouble(answer)
      // It may have ended while the list was read.
      if (endings !== this.#endings) return this.#checked(live)
      if (answer) this.#endHere(live)
      if (this.#ended.has(live.sid)) return stale
      live.checkedUntil = Date.now() + lagMs
      return found
    })
  }

  /** Told once in a while: each request meets it anew. */
  #trouble(error: OAuthError): Found {
    if (Date.now() >= this.#tellAgainAt) {
      this.#tellAgainAt = Date.now() + TELL_AGAIN_MS
      tell(this.#settings.on.error, error)
    }
    return { live: undefined, stale: false, trouble: error }
  }

  async #touched(live: Live): Promise<Live> {
    try {
      const touched = await this.alone(live, (now) => this.#prolonged(live, now))
      // Never over a refresh: the tokens of this session are spent then.
      return touched === undefined ? newest(live) : become(live, touched)
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      // It can be done at the next request.
      live.touching = undefined
      this.#trouble(error)
      return live
    }
  }

  /** What another machine has written meanwhile is not written over. */
  async #prolonged(live: Live, now: Live | undefined): Promise<Live | undefined> {
    if (live.next !== undefined || now?.sealed !== live.sealed) return now
    const touched = { ...live.session, seenAt: Math.floor(Date.now() / 1000) }
    const issued = await this.issue(touched, { ticket: live.ticket, header: null })
    return issued?.live
  }
}

const TELL_AGAIN_MS = 5000

/** Nobody has signed in. */
export const nobody: Found = { live: undefined, stale: false }
const stale: Found = { live: undefined, stale: true }

/** A string of its own: a slice of the Cookie header would keep the whole of it in memory, this one a character more. */
function flat(text: string): string {
  return ` ${text}`.slice(1)
}
