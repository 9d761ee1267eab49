/**
 * What is good once: remembered in this process, and in the store that machines share, if there is one.
 *
 * @module
 */
import type { OAuthError } from '../errors.ts'
import { Memory } from '../gate/memory.ts'
import { digester, type Digest } from '../sealing/digest.ts'
import type { Settings } from '../settings/settings.ts'
import { alone, type Lease } from './alone.ts'
import { asking, storeError } from './asking.ts'
import { whenThere, type Eventually, type SessionStore } from './store.ts'

/** What has been used, of one kind: proofs, logout tokens, logins. */
export class Once {
  readonly #kind: string
  readonly #realm: string
  readonly #store: SessionStore | undefined
  readonly #here = new Memory()
  readonly #sha256: Digest = digester()

  constructor(kind: string, { issuer, clientId, shared }: Pick<Settings, 'issuer' | 'clientId' | 'shared'>) {
    this.#kind = kind
    this.#realm = `${issuer.href} ${clientId}`
    this.#store = shared
  }

  /**
   * Uses something up. Of several that try at the same moment one succeeds, on all machines if the store has locks.
   *
   * @param until milliseconds since 1970: afterwards it is refused for its age
   * @returns whether this was the first time; an error if the store cannot tell
   */
  take(name: string, until: number): Eventually<boolean | OAuthError> {
    return whenThere(this.#keyOf(name), (key) => {
      if (this.#here.has(key)) return false
      this.#here.add(key, until)
      return this.#store === undefined ? true : takeFrom(this.#store, key, until)
    })
  }

  /** Tells whether something was used, for work that may be done twice, and has to be done once. */
  has(name: string): Eventually<boolean | OAuthError> {
    return whenThere(this.#keyOf(name), (key) => {
      if (this.#here.has(key) || this.#store === undefined) return this.#here.has(key)
      return asking(() => whenThere(this.#store!.get(key), isThere))
    })
  }

  /** Remembers that something was used; where the store cannot be told, in this process. */
  add(name: string, until: number): Eventually<unknown> {
    return whenThere(this.#keyOf(name), (key) => {
      this.#here.add(key, until)
      return this.#store === undefined ? undefined : asking(() => this.#store!.set(key, '1', { ttl: secondsTo(until) }))
    })
  }

  /** The name itself may be long, and comes from strangers. */
  #keyOf(name: string): Eventually<string> {
    return whenThere(this.#sha256(`${this.#realm} ${name}`), (hash) => `used:${this.#kind}:${hash}`)
  }
}

async function takeFrom(store: SessionStore, key: string, until: number): Promise<boolean | OAuthError> {
  const take = async (): Promise<boolean> => {
    if (isThere(await store.get(key))) return false
    await store.set(key, '1', { ttl: secondsTo(until) })
    return true
  }
  try {
    return await (store.lock === undefined ? take() : alone(() => store.lock!(key, lease.ttl), lease, take))
  } catch (cause) {
    return storeError(cause)
  }
}

const lease: Lease = { ttl: 5, patienceMs: 5000 }

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined
}

function secondsTo(until: number): number {
  return Math.max(1, Math.ceil((until - Date.now()) / 1000))
}
