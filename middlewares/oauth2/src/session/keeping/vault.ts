/**
 * Sessions in a store: their ids are in the cookies, the hash of an id is the name in the store, the value is sealed.
 *
 *     __Host-oidc=id ─▶ SHA-256 ─▶ store ─▶ seal ─▶ session
 *
 * A session that was ended is remembered by its name, so that a refresh or a touch that was under way elsewhere does not
 * bring it back: they write first and look afterwards; ending remembers first and deletes afterwards.
 *
 * @module
 */
import { generateRandomState } from 'oauth4webapi'
import { OAuthError } from '../../errors.ts'
import { digester, type Digest } from '../../sealing/digest.ts'
import { alone, type Lease } from '../../store/alone.ts'
import { asking, storeError } from '../../store/asking.ts'
import { Queue } from '../../store/queue.ts'
import { whenThere, type Eventually, type SessionStore } from '../../store/store.ts'
import type { Session } from '../session.ts'
import type { Loaded, Whose } from './keeping.ts'

/** The sealed sessions of one gate. */
export class Vault {
  readonly #store: SessionStore
  readonly #realm: string
  readonly #sha256: Digest = digester()
  readonly #queue = new Queue()

  /** @param realm keeps users of several providers apart in one store */
  constructor(store: SessionStore, realm: string) {
    this.#store = store
    this.#realm = realm
  }

  /** Whether the store can tell the sessions of a user. */
  get isIndexed(): boolean {
    return this.#store.index !== undefined && this.#store.members !== undefined
  }

  /** An id for a new session: 256 random bits, another one at each login (R31). */
  newId(): string {
    return generateRandomState()
  }

  /** The name of a session in the store. Of something that is no id of ours it is `undefined`. */
  nameOf(id: string): Eventually<string | undefined> {
    return isId.test(id) ? this.#sha256(id) : undefined
  }

  /** Gives the seal of a session; `undefined` if there is none. */
  load(id: string): Loaded {
    return whenThere(this.nameOf(id), (name) => {
      if (name === undefined) return undefined
      return whenThere(
        asking(() => this.#store.get(`session:${name}`)),
        // Of a store that gives something else than was put into it there is nothing to be had.
        (value) => (typeof value === 'string' || value instanceof OAuthError ? value : undefined),
      )
    })
  }

  /**
   * Writes a session down.
   *
   * @param seconds how long it lasts
   * @returns whether it stands: it may have been ended meanwhile
   * @throws OAuthError
   */
  async save(id: string, sealed: string, seconds: number): Promise<boolean> {
    const name = await this.nameOf(id)
    return this.#asking(async () => {
      await this.#store.set(`session:${name}`, sealed, { ttl: Math.max(1, Math.ceil(seconds)) })
      const ended = (await this.#store.get(`ended:${name}`)) ?? undefined
      if (ended === undefined) return true
      await this.#store.delete(`session:${name}`)
      return false
    })
  }

  /** Enters a new session where its user is looked for. Done before it is written, so that no logout misses it. */
  async enlist(id: string, { claims }: Session, seconds: number): Promise<void> {
    if (!this.isIndexed) return
    const name = (await this.nameOf(id))!
    const ttl = Math.max(1, Math.ceil(seconds))
    const { sub, sid } = claims
    await this.#asking(async () => {
      await this.#store.index!(await this.#setOf('sub', sub), name, ttl)
      if (typeof sid === 'string') await this.#store.index!(await this.#setOf('sid', sid), name, ttl)
    })
  }

  /**
   * Ends a session.
   *
   * @param seconds how long it could have lasted
   * @throws OAuthError
   */
  async end(id: string, seconds: number): Promise<void> {
    const name = await this.nameOf(id)
    if (name !== undefined) await this.#asking(() => this.#endNamed(name, seconds))
  }

  /** Ends all sessions of a user, or of a login at the provider; for stores with an index. */
  async endAllOf(whose: Whose, value: string, seconds: number): Promise<void> {
    await this.#asking(async () => {
      const names = await this.#store.members!(await this.#setOf(whose, value))
      await Promise.all(names.map((name) => this.#endNamed(name, seconds)))
    })
  }

  /**
   * Runs alone: nobody else does anything with this session meanwhile, in this process or, if the store has locks, in
   * any other.
   *
   * @throws OAuthError if the store gives no lock
   */
  async alone<T>(id: string, lease: Lease, work: () => Promise<T>): Promise<T> {
    const name = (await this.nameOf(id))!
    return alone(() => this.#store.lock?.(name, lease.ttl) ?? this.#queue.take(name), lease, work)
  }

  async #endNamed(name: string, seconds: number): Promise<void> {
    // For as long as somebody could write it anew.
    await this.#store.set(`ended:${name}`, '1', { ttl: Math.max(60, Math.ceil(seconds)) })
    await this.#store.delete(`session:${name}`)
  }

  async #setOf(whose: Whose, value: string): Promise<string> {
    return `${whose}:${await this.#sha256(`${this.#realm} ${whose} ${value}`)}`
  }

  async #asking<T>(work: () => Eventually<T>): Promise<T> {
    try {
      return await work()
    } catch (cause) {
      throw storeError(cause)
    }
  }
}

const isId = /^[\w-]{43}$/
