/**
 * Sessions on their way into browsers: written when they begin and change, and ended. How they are found again is the
 * business of `Lookup`.
 *
 * @module
 */
import { frozen } from '../gate/auth.ts'
import type { Settings } from '../settings/settings.ts'
import { Trouble } from '../store/trouble.ts'
import { Cache } from './cache.ts'
import { Endings } from './endings.ts'
import { keepingOf } from './keeping/keeping-of.ts'
import type { Keeping, Place, Whose } from './keeping/keeping.ts'
import { newest, type AccessToken, type Live } from './live.ts'
import { Lookup } from './lookup.ts'
import { SessionCookies } from './session-cookies.ts'
import { lastEnd, type Dropped, type Session } from './session.ts'
import { Unsealer } from './unsealer.ts'

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
  /** Finds the sessions of requests. */
  readonly lookup: Lookup

  constructor(settings: Settings, accessToken: AccessToken) {
    const { keeping, denials } = keepingOf(settings)
    const cookies = new SessionCookies(settings.cookie)
    const unsealer = new Unsealer(settings, keeping, accessToken)
    const cache = new Cache<Live>(settings.session.cache)
    const endings = new Endings(settings.session, denials)
    const trouble = new Trouble(settings.on.error)
    this.#settings = settings
    this.#keeping = keeping
    this.#cookies = cookies
    this.#unsealer = unsealer
    this.#cache = cache
    this.#endings = endings
    this.trouble = trouble
    this.lookup = new Lookup({ cookies, keeping, unsealer, cache, endings, trouble })
  }

  /** The session as it is now, whatever others have made of it; `undefined` if it has ended. */
  async reread(live: Live): Promise<Live | undefined> {
    const loaded = this.lookup.load(live.ticket)
    if (loaded === live.sealed) return live
    const found = await this.lookup.open(live.ticket, loaded)
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
    if (written === undefined) return undefined
    return { live: this.#endings.begin(this.#unsealer.live(written)), dropped: written.dropped }
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
}
