/**
 * Sessions on their way between cookies and the app: opened once, kept in the cache, written when they change.
 *
 *     Cookie ─▶ cache ─(hit)──────────────▶ Live ─▶ context.auth
 *               └─(miss)─▶ seal ─▶ checks ─▶ Live
 *
 * @module
 */
import { after } from '@outerware/core'
import { frozen } from './auth.ts'
import { Cache } from './cache.ts'
import { withoutOwn } from './cookies.ts'
import { liveOf, type AccessToken, type Live } from './live.ts'
import { Memory } from './memory.ts'
import { sealer, type Sealer } from './seal.ts'
import { SessionCookies } from './session-cookies.ts'
import { fitted, fromPayload, lastEnd, toPayload, type Dropped, type Session } from './session.ts'
import type { Settings } from './settings/settings.ts'

/** What a request brings. */
export interface Found {
  readonly live: Live | undefined
  /** There are cookies that open nothing: expired, tampered with, or ended (R32). */
  readonly stale: boolean
}

/** The sessions of one gate. */
export class Sessions {
  readonly #settings: Settings
  readonly #accessToken: AccessToken
  readonly #sealer: Sealer
  readonly #cookies: SessionCookies
  readonly #cache = new Cache<Live>()
  readonly #ended = new Memory()

  constructor(settings: Settings, accessToken: AccessToken) {
    const { issuer, clientId, secrets, cookie } = settings
    this.#settings = settings
    this.#accessToken = accessToken
    this.#sealer = sealer(secrets, `outerware oidc session ${issuer.href} ${clientId}`)
    this.#cookies = new SessionCookies(cookie)
  }

  /** The hot path: a session that is known, with nothing to do but let the request pass. */
  quiet(header: string): Live | undefined {
    const sealed = this.#cookies.read(header)
    const live = sealed === undefined ? undefined : this.#cache.get(sealed)
    return live !== undefined && Date.now() < live.quietUntil ? live : undefined
  }

  /** Finds the session of a Cookie header in the cache, or opens it. */
  find(header: string | null): Found | Promise<Found> {
    const sealed = header === null ? undefined : this.#cookies.read(header)
    if (sealed === undefined) return nobody
    const known = this.#cache.get(sealed)
    if (known === undefined) return after(this.#sealer.open(sealed), ({ payload }) => this.#accept(payload, sealed))
    if (known.endsAt > Date.now()) return { live: known, stale: false }
    this.#cache.delete(sealed)
    return stale
  }

  /**
   * Seals a session for the browser that has sent these cookies, and makes it fit beside them (R30).
   *
   * @returns `undefined` if it is too large
   */
  async issue(session: Session, header: string | null): Promise<{ live: Live; dropped: Dropped } | undefined> {
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

  /** The lines that bring a session into a browser. None, if it has ended meanwhile. */
  lines(live: Live, header: string | null): string[] {
    if (this.#ended.has(live.sid)) return []
    const maxAge = Math.max(1, Math.ceil((live.endsAt - Date.now()) / 1000))
    return this.#cookies.write(live.sealed, header, maxAge)
  }

  /** The lines that take the session out of a browser. */
  clear(header: string | null): string[] {
    return this.#cookies.clear(header)
  }

  /** Ends a login: here at once, for copies of its cookie too. Other processes know it by the cookie alone. */
  end(live: Live): void {
    this.#ended.add(live.sid, lastEnd(live.session, this.#settings.session) * 1000)
    this.#cache.deleteLogin(live.sid)
  }

  /** Takes one cookie out of the cache: its session has become another one. */
  forget(live: Live): void {
    this.#cache.delete(live.sealed)
  }

  #accept(payload: unknown, sealed: string): Found {
    const session = fromPayload(payload)
    // Asked after opening, which may take a while, and right before the cookie gets into the cache.
    if (session === undefined || this.#ended.has(session.sid)) return stale
    const live = liveOf(session, flat(sealed), this.#settings, this.#accessToken)
    if (live.endsAt <= Date.now()) return stale
    this.#cache.put(live)
    return { live, stale: false }
  }

  async #sealed(session: Session): Promise<Live> {
    const sealed = await this.#sealer.seal(toPayload(session))
    return liveOf(frozen(session), sealed, this.#settings, this.#accessToken)
  }

  async #touched(live: Live): Promise<Live> {
    const touched = await this.#sealed({ ...live.session, seenAt: Math.floor(Date.now() / 1000) })
    // Never over a refresh: the tokens of this session are spent then.
    return (live.next ??= touched)
  }
}

const nobody: Found = { live: undefined, stale: false }
const stale: Found = { live: undefined, stale: true }

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A string of its own: a slice of the Cookie header would keep the whole of it in memory. */
function flat(text: string): string {
  return decoder.decode(encoder.encode(text))
}
