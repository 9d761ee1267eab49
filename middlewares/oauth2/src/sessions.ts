/**
 * Sessions on their way between cookies and the app: opened once, kept in the cache, written when they change.
 *
 *     Cookie ─▶ seal, or id ─▶ store ─▶ seal ─▶ cache ─(hit)──────────────▶ Live ─▶ context.auth
 *                                              └─(miss)─▶ open ─▶ checks ─▶ Live
 *
 * @module
 */
import { frozen } from './auth.ts'
import { Cache } from './cache.ts'
import { withoutOwn } from './cookies.ts'
import { Denials } from './denials.ts'
import { OAuthError } from './errors.ts'
import { tell } from './events.ts'
import { become, liveOf, newest, type AccessToken, type Live, type Unsealed } from './live.ts'
import { Memory } from './memory.ts'
import type { Opened } from './open.ts'
import { sealer, type Sealer } from './seal.ts'
import { SessionCookies } from './session-cookies.ts'
import { fitted, fromPayload, lastEnd, toPayload, type Dropped, type Session } from './session.ts'
import type { Settings } from './settings/settings.ts'
import { whenThere, type Eventually } from './store/store.ts'
import { Vault, type Whose } from './store/vault.ts'

/** What a request brings. */
export interface Found {
  readonly live: Live | undefined
  /** There are cookies that open nothing: expired, tampered with, or ended (R32). */
  readonly stale: boolean
  /** Nobody can tell whether there is a session: the store gives no answer. */
  readonly trouble?: OAuthError
}

/** The seal that a ticket stands for, if the store can be asked. */
export type Loaded = Eventually<string | undefined | OAuthError>

/** The sessions of one gate. */
export class Sessions {
  readonly #settings: Settings
  readonly #accessToken: AccessToken
  readonly #sealer: Sealer
  readonly #cookies: SessionCookies
  readonly #vault: Vault | undefined
  readonly #denials: Denials | undefined
  readonly #cache = new Cache<Live>()
  readonly #ended = new Memory()
  #endings = 0
  #tellAgainAt = 0

  constructor(settings: Settings, accessToken: AccessToken) {
    const { issuer, clientId, secrets, cookie, session, backchannelLogout } = settings
    const { denylist } = backchannelLogout
    const realm = `${issuer.href} ${clientId}`
    this.#settings = settings
    this.#accessToken = accessToken
    this.#vault = session.store && new Vault(session.store, realm)
    this.#denials = denylist && new Denials(denylist.store, { ...denylist, realm })
    // What is in a store does not open as a cookie.
    this.#sealer = sealer(secrets, `outerware oidc ${this.#vault ? 'stored session' : 'session'} ${realm}`)
    this.#cookies = new SessionCookies(cookie)
  }

  /** What the session's cookies of a header hold. */
  ticket(header: string): string | undefined {
    return this.#cookies.read(header)
  }

  /** The seal that a ticket stands for: it is one, or the name of one in the store. */
  load(ticket: string): Loaded {
    return this.#vault === undefined ? ticket : this.#vault.load(ticket)
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

  /**
   * Seals a session for the browser that has sent these cookies: beside them it must fit (R30), or it goes into the store.
   *
   * @param ticket the one that it has already, if it is not new
   * @returns `undefined` if it is too large
   * @throws OAuthError
   */
  async issue(session: Session, header: string | null, ticket?: string): Promise<Issued | undefined> {
    if (this.#vault !== undefined) return { live: await this.#stored(this.#vault, session, ticket), dropped: [] }
    const { session: limits, cookie, neededClaims } = this.#settings
    const room = limits.maxHeaderBytes - (header === null ? 0 : withoutOwn(header, cookie).length)
    const bytesOf = (candidate: Session): number => this.#cookies.bytesOf(this.#sealer.lengthOf(toPayload(candidate)))
    const needed = [...neededClaims, ...(limits.claims ?? [])]
    const fit = fitted(session, (candidate) => bytesOf(candidate) <= room, needed)
    return fit && { live: await this.#sealed(fit.session), dropped: fit.dropped }
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
    if (this.#vault === undefined) return work(live)
    const { refresh, timeout } = this.#settings
    const ttl = refresh === false ? 10 : refresh.lockTTL
    // Who holds the lock may have two calls to the provider to wait for, and then the next one has.
    const patienceMs = timeout * 4000
    return this.#vault.alone(live.ticket, { ttl, patienceMs }, async () => work(await this.reread(live)))
  }

  /** The session as it is in the store now; `undefined` if it has ended. */
  async reread(live: Live): Promise<Live | undefined> {
    if (this.#vault === undefined) return live
    const found = await this.open(live.ticket, this.#vault.load(live.ticket))
    if (found.trouble !== undefined) throw found.trouble
    return found.live
  }

  /** Tells whether a session is over, however long ago it was last seen here. Where nobody can tell it is not. */
  async isOver(live: Live): Promise<boolean> {
    if (this.#ended.has(live.sid) || lastEnd(live.session, this.#settings.session) * 1000 <= Date.now()) return true
    if (this.#vault !== undefined) return (await this.#vault.load(live.ticket)) === undefined
    return (await this.#denials?.denies(live.session)) === true
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
    const left = secondsLeft(lastEnd(live.session, this.#settings.session))
    if (this.#vault !== undefined) await this.#vault.end(live.ticket, left)
    else await this.#denials?.deny('login', live.sid, left)
    this.#endHere(live)
  }

  /**
   * Ends the sessions of a login at the provider, or all of a user's.
   *
   * @throws OAuthError if the store cannot be told
   */
  async endAllOf(whose: Whose, value: string): Promise<void> {
    const longest = this.#settings.session.absoluteDuration
    // First what others ask, and what is opened meanwhile; then what is open.
    if (this.#vault?.isIndexed === true) await this.#vault.endAllOf(whose, value, longest)
    else await this.#denials?.deny(whose, value, longest)
    this.#endings += 1
    for (const live of this.#cache.values()) if (live.session.claims[whose] === value) this.#endHere(live)
  }

  /** Ends a session that can do no more: what is in a store, since a copy in a cookie may be an older one. */
  async giveUp(live: Live): Promise<void> {
    if (this.#vault !== undefined) await this.end(live)
  }

  /** Whoever signs in anew leaves no session behind in the store (R31). */
  async giveUpFormer(header: string | null): Promise<void> {
    const { live } = this.#vault === undefined ? nobody : await this.find(header)
    if (live !== undefined) await this.end(newest(live))
  }

  /** Takes one cookie out of the cache: its session has become another one. */
  forget(live: Live): void {
    this.#cache.delete(live.sealed)
  }

  #endHere(live: Live): void {
    this.#ended.add(live.sid, lastEnd(live.session, this.#settings.session) * 1000)
    this.#cache.deleteLogin(live.sid)
  }

  #unseal(ticket: string, sealed: string): Eventually<Found> {
    return whenThere(this.#sealer.open(sealed), ({ payload }: Opened) => {
      return whenThere(this.#vault?.nameOf(ticket), (name) => {
        const session = fromPayload(payload, name)
        return session === undefined ? stale : this.#accept(session, ticket, sealed)
      })
    })
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

  async #sealed(session: Session): Promise<Live> {
    const sealed = await this.#sealer.seal(toPayload(session))
    return this.#live({ session: frozen(session), sealed, ticket: sealed })
  }

  /** Seals a session and writes it down: under an id of its own, if it is new. */
  async #stored(vault: Vault, session: Session, known: string | undefined): Promise<Live> {
    const ticket = known ?? vault.newId()
    const sealed = await this.#sealer.seal(toPayload(session, await vault.nameOf(ticket)))
    const live = this.#live({ session: frozen(session), sealed, ticket })
    if (known === undefined) await vault.enlist(ticket, session, secondsLeft(lastEnd(session, this.#settings.session)))
    const stands = await vault.save(ticket, sealed, secondsLeft(live.endsAt / 1000))
    if (!stands) throw new OAuthError('ERR_SESSION_ENDED', 'the session was ended meanwhile')
    return live
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
  #prolonged(live: Live, now: Live | undefined): Promise<Live | undefined> {
    if (live.next !== undefined || now?.sealed !== live.sealed) return Promise.resolve(now)
    const touched = { ...live.session, seenAt: Math.floor(Date.now() / 1000) }
    return this.#vault === undefined ? this.#sealed(touched) : this.#stored(this.#vault, touched, live.ticket)
  }
}

/** A session that is written, and what went missing for want of room. */
export interface Issued {
  readonly live: Live
  readonly dropped: Dropped
}

const TELL_AGAIN_MS = 5000

/** Nobody has signed in. */
export const nobody: Found = { live: undefined, stale: false }
const stale: Found = { live: undefined, stale: true }

function secondsLeft(end: number): number {
  return end - Date.now() / 1000
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A string of its own: a slice of the Cookie header would keep the whole of it in memory. */
function flat(text: string): string {
  return decoder.decode(encoder.encode(text))
}
