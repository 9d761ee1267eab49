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
import type { Settings } from '../settings/settings.ts'
import { whenThere, type Eventually } from '../store/store.ts'
import { Trouble } from '../store/trouble.ts'
import { Cache } from './cache.ts'
import { Endings } from './endings.ts'
import { keepingOf } from './keeping/keeping-of.ts'
import type { Keeping, Loaded, Place, Whose } from './keeping/keeping.ts'
import { newest, type AccessToken, type Live, type Unsealed } from './live.ts'

import { SessionCookies } from './session-cookies.ts'
import { lastEnd, type Dropped, type Session } from './session.ts'
import { Unsealer } from './unsealer.ts'

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
  readonly #keeping: Keeping
  readonly #cookies: SessionCookies
  readonly #unsealer: Unsealer
  readonly #cache: Cache<Live>
  readonly #endings: Endings
  /** Hears of the store's trouble. */
  readonly trouble: Trouble

  constructor(settings: Settings, accessToken: AccessToken) {
    const { keeping, denials } = keepingOf(settings)
    this.#settings = settings
    this.#keeping = keeping
    this.#cookies = new SessionCookies(settings.cookie)
    this.#unsealer = new Unsealer(settings, keeping, accessToken)
    this.#cache = new Cache(settings.session.cache)
    this.#endings = new Endings(settings.session, denials)
    this.trouble = new Trouble(settings.on.error)
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
      if (sealed instanceof OAuthError) return this.#untold(sealed)
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

  /**
   * Does something that nobody else may do with this session meanwhile, in any process that shares the store.
   *
   * @param work gets the session as it is now; `undefined` if it has ended
   * @throws OAuthError
   */
  alone<T>(live: Live, work: (now: Live | undefined) => Promise<T>): Promise<T> {
    return this.#keeping.alone(live, async () => work(await this.reread(live)))
  }

  /** When a session is over, however busy it is. Milliseconds since 1970. */
  endOf({ session }: Live): number {
    return lastEnd(session, this.#settings.session) * 1000
  }

  /** Tells whether a session is over, however long ago it was last seen here. Where nobody can tell it is not. */
  async isOver(live: Live): Promise<boolean> {
    const isPast = this.#endings.has(live) || this.endOf(live) <= Date.now()
    return isPast || this.#keeping.isOver(live)
  }

  /** The lines that bring a session into a browser. None, if it has ended meanwhile. */
  lines(live: Live, header: string | null): string[] {
    if (this.#endings.has(live)) return []
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
    await this.#keeping.end(live, (this.endOf(live) - Date.now()) / 1000)
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
    this.#endings.addAll()
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

  #endHere(live: Live): void {
    this.#endings.add(live)
    this.#cache.deleteLogin(live.sid)
  }

  #unseal(ticket: string, sealed: string): Eventually<Found> {
    return whenThere(this.#unsealer.open(ticket, sealed), (opened) => {
      if (opened === undefined) return stale
      const live = this.#endings.begin(opened)
      return whenThere(this.#checked(live), (found) => {
        if (found.live !== undefined) this.#cache.put(live)
        return found
      })
    })
  }

  #live(unsealed: Unsealed): Live {
    return this.#endings.begin(this.#unsealer.live(unsealed))
  }

  #checked(live: Live): Eventually<Found> {
    return whenThere(this.#endings.ask(live), (answer) => {
      if (answer instanceof OAuthError) return this.#untold(answer)
      if (!answer) return { live, stale: false }
      this.#cache.deleteLogin(live.sid)
      return stale
    })
  }

  #untold(trouble: OAuthError): Found {
    this.trouble.tell(trouble)
    return { live: undefined, stale: false, trouble }
  }
}

/** Nobody has signed in. */
export const nobody: Found = { live: undefined, stale: false }
const stale: Found = { live: undefined, stale: true }
