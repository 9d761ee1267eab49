/**
 * Finding the session of a request: opened once, and then known.
 *
 *     Cookie ─▶ ticket ─▶ seal ─▶ cache ─(hit)──────────────▶ Live ─▶ context.auth
 *                                 └─(miss)─▶ open ─▶ checks ─▶ Live
 *
 * @module
 */
import { OAuthError } from '../errors.ts'
import { whenThere, type Eventually } from '../store/store.ts'
import type { Trouble } from '../store/trouble.ts'
import type { Cache } from './cache.ts'
import type { Endings } from './endings.ts'
import type { Keeping, Loaded } from './keeping/keeping.ts'
import type { Live } from './live.ts'
import type { SessionCookies } from './session-cookies.ts'
import type { Unsealer } from './unsealer.ts'

/** What a request brings. */
export interface Found {
  readonly live: Live | undefined
  /** There are cookies that open nothing: expired, tampered with, or ended (R32). */
  readonly stale: boolean
  /** Nobody can tell whether there is a session: the store gives no answer. */
  readonly trouble?: OAuthError
}

/** What sessions are found by. */
export interface Means {
  readonly cookies: SessionCookies
  readonly keeping: Keeping
  readonly unsealer: Unsealer
  readonly cache: Cache<Live>
  readonly endings: Endings
  /** Hears of the store's trouble. */
  readonly trouble: Trouble
}

/** Finds the sessions of one gate. */
export class Lookup {
  readonly #cookies: SessionCookies
  readonly #keeping: Keeping
  readonly #unsealer: Unsealer
  readonly #cache: Cache<Live>
  readonly #endings: Endings
  readonly #trouble: Trouble

  constructor({ cookies, keeping, unsealer, cache, endings, trouble }: Means) {
    this.#cookies = cookies
    this.#keeping = keeping
    this.#unsealer = unsealer
    this.#cache = cache
    this.#endings = endings
    this.#trouble = trouble
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

  #checked(live: Live): Eventually<Found> {
    return whenThere(this.#endings.ask(live), (answer) => {
      if (answer instanceof OAuthError) return this.#untold(answer)
      if (!answer) return { live, stale: false }
      this.#cache.deleteLogin(live.sid)
      return stale
    })
  }

  #untold(trouble: OAuthError): Found {
    this.#trouble.tell(trouble)
    return { live: undefined, stale: false, trouble }
  }
}

/** Nobody has signed in. */
export const nobody: Found = { live: undefined, stale: false }
const stale: Found = { live: undefined, stale: true }
