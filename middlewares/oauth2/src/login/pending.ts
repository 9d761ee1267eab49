/**
 * Logins that are under way: one sealed cookie for each, so that several tabs finish, each its own.
 *
 * The cookie holds one random secret, the PKCE verifier; state and nonce are hashes of it. So nothing can be mixed,
 * and whoever sees the state at the provider learns nothing.
 *
 * @module
 */
import { generateRandomCodeVerifier } from 'oauth4webapi'
import { clearCookie, ownCookies, setCookie, sizeOf, withoutOwn, type CookieKind } from '../gate/cookies.ts'
import { newKey, readKey, type BoundKey } from '../provider/dpop.ts'
import { sha256 } from '../sealing/digest.ts'
import { sealer, type Sealer } from '../sealing/seal.ts'
import type { Settings } from '../settings/settings.ts'
import { Once } from '../store/once.ts'
import type { Step } from './step-up.ts'

/** What a login needs to finish. */
export interface Pending {
  readonly verifier: string
  readonly state: string
  readonly nonce: string
  /** An absolute URL of the site. */
  readonly returnTo: string
  /** What the login has to be. */
  readonly step: Step
  /** What its tokens are to be bound to. */
  readonly key: BoundKey | undefined
}

/** A login that has begun, and the lines that let the browser remember it. */
export interface Begun extends Pending {
  readonly challenge: string
  readonly lines: readonly string[]
}

/** What the browser knows of the login that comes back. */
export interface Taken {
  /** `undefined` if the browser knows nothing of it, or it was used already. */
  readonly pending: Pending | undefined
  /** The lines that make the browser forget it, whatever comes of it (R12). */
  readonly lines: readonly string[]
}

/** The logins of one gate. */
export class PendingLogins {
  readonly #kind: CookieKind
  readonly #origin: string
  readonly #room: number
  readonly #sealer: Sealer
  readonly #isBound: boolean
  readonly #used: Once

  constructor(settings: Settings) {
    const { cookie, site, session, secrets, issuer, clientId, protocol } = settings
    this.#used = new Once('login', settings)
    this.#isBound = protocol.dpop
    this.#kind = cookie
    this.#origin = site.origin
    this.#room = session.maxHeaderBytes
    this.#sealer = sealer(secrets, `outerware oidc login ${issuer.href} ${clientId}`)
  }

  /** Begins a login. The oldest ones that the browser has give way to it, for number or for room (R33). */
  async begin(header: string | null, returnTo: string, step: Step): Promise<Begun> {
    const verifier = generateRandomCodeVerifier()
    const key = this.#isBound ? await newKey() : undefined
    const [{ state, nonce }, challenge] = await Promise.all([derived(verifier), sha256(verifier)])
    const { acr: c, maxAge: m } = step
    const sealed = await this.#sealer.seal({
      v: verifier,
      t: now(),
      r: returnTo.slice(this.#origin.length),
      c,
      m,
      k: key,
    })
    const name = `${this.#kind.name}.login.${now().toString(36)}-${idOf(state)}`
    const known = this.#cookies(header)
    const others = (header?.length ?? 0) - known.reduce((sum, cookie) => sum + sizeOf(...cookie), 0)
    const room = this.#room - others - sizeOf(name, sealed)
    const lines = [setCookie(this.#kind, name, sealed, LASTS), ...this.#evict(known, MOST - 1, room)]
    return { verifier, state, nonce, challenge, returnTo, step, key, lines }
  }

  /** Finds the login that a state belongs to. It is used up by this. */
  async take(header: string | null, state: string): Promise<Taken> {
    const known = this.#cookies(header).filter(([name]) => name.endsWith(`-${idOf(state)}`))
    const lines = known.map(([name]) => clearCookie(this.#kind, name))
    for (const [, sealed] of known) {
      const pending = await this.#open(sealed)
      if (pending === undefined || pending.state !== state) continue
      // Where the store cannot tell, the provider takes no code twice either.
      if ((await this.#used.take(state, Date.now() + LASTS * 1000)) !== false) return { pending, lines }
    }
    return { pending: undefined, lines }
  }

  /** Tells whether the browser has any login under way. */
  hasAny(header: string | null): boolean {
    return this.#cookies(header).length > 0
  }

  /** The lines that make room beside a session that takes so many bytes. */
  evict(header: string | null, sessionBytes: number): string[] {
    const others = header === null ? 0 : withoutOwn(header, this.#kind).length
    return this.#evict(this.#cookies(header), MOST, this.#room - others - sessionBytes)
  }

  #evict(known: readonly Known[], most: number, room: number): string[] {
    let [kept, left] = [0, room]
    const gone = known.filter((cookie) => {
      left -= sizeOf(...cookie)
      return left < 0 || ++kept > most
    })
    return gone.map(([name]) => clearCookie(this.#kind, name))
  }

  /** The newest first: the name tells when. */
  #cookies(header: string | null): Known[] {
    const prefix = `${this.#kind.name}.login.`
    return [...ownCookies(header, this.#kind)]
      .filter(([name]) => name.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? 1 : -1))
  }

  async #open(sealed: string): Promise<Pending | undefined> {
    const { payload } = await this.#sealer.open(sealed)
    if (typeof payload !== 'object' || payload === null) return undefined
    const { v: verifier, t: begunAt, r: path, c, m, k }: Partial<Record<string, unknown>> = Object(payload)
    if (typeof verifier !== 'string' || typeof begunAt !== 'number' || typeof path !== 'string') return undefined
    if (begunAt + LASTS < now()) return undefined
    const { state, nonce } = await derived(verifier)
    const step = { acr: Array.isArray(c) ? c.map(String) : undefined, maxAge: typeof m === 'number' ? m : undefined }
    return { verifier, state, nonce, returnTo: this.#origin + path, step, key: readKey(k) }
  }
}

/** The cookie of a login that the browser has begun. */
type Known = readonly [name: string, sealed: string]

/** How long a login may take, in seconds, and how many may be under way in one browser. */
const [LASTS, MOST] = [900, 5]

function idOf(state: string): string {
  return state.slice(0, 8)
}

/** What the provider sees of the secret. */
async function derived(verifier: string): Promise<{ state: string; nonce: string }> {
  const [state, nonce] = await Promise.all([sha256(`state ${verifier}`), sha256(`nonce ${verifier}`)])
  return { state, nonce }
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}
