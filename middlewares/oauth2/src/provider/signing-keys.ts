/**
 * The keys that a provider signs with: fetched when first needed, and once more for a key that is not known, since
 * providers change theirs.
 *
 * @module
 */
import {
  jwksCache,
  KEY_SELECTION,
  RESPONSE_IS_NOT_CONFORM,
  RESPONSE_IS_NOT_JSON,
  type AuthorizationServer,
  type ExportedJWKSCache,
  type JWKSCacheInput,
} from 'oauth4webapi'

/** Checks a signature. The options go to the protocol library, which keeps the keys in them. */
export type Check<T> = (server: AuthorizationServer, keys: KeyOptions) => Promise<T>

/** See {@link Check}. */
export interface KeyOptions {
  readonly [jwksCache]: JWKSCacheInput
}

/**
 * The keys of one provider.
 *
 * A crowd that comes at once fetches them once. An unknown key has them fetched again every ten seconds at most, so a
 * forged `kid` does not make us a nuisance. While the provider is in trouble the keys that were known are good.
 */
export class SigningKeys {
  readonly #server: AuthorizationServer
  #current: Generation
  #renewedAt = 0
  #known: ExportedJWKSCache['jwks'] | undefined
  #trouble: { readonly error: unknown; readonly until: number } | undefined

  constructor(server: AuthorizationServer) {
    this.#server = server
    this.#current = { server, cache: {}, first: undefined }
  }

  /**
   * Runs a check, with other keys once more if that may help.
   *
   * @throws what the check throws
   */
  async check<T>(check: Check<T>): Promise<T> {
    if (this.#trouble !== undefined && Date.now() < this.#trouble.until) throw this.#trouble.error
    const used = this.#current
    try {
      return await this.#run(used, check)
    } catch (error) {
      const next = used === this.#current ? this.#afterwards(error) : isUnknownKey(error) ? this.#current : undefined
      if (next === undefined) throw error
      this.#current = next
      return this.#run(next, check)
    }
  }

  /** The first check fetches the keys, the others wait for it. */
  async #run<T>(generation: Generation, check: Check<T>): Promise<T> {
    if (generation.first !== undefined) await generation.first
    const outcome = check(generation.server, { [jwksCache]: generation.cache })
    generation.first ??= outcome.then(noop, noop)
    try {
      return await outcome
    } finally {
      this.#known = generation.cache.jwks ?? this.#known
    }
  }

  /** What to try next; the library caches by the object that describes the server, so a copy begins anew. */
  #afterwards(error: unknown): Generation | undefined {
    const now = Math.floor(Date.now() / 1000)
    // Either way: a clock that was set back is no reason to wait for it.
    if (isUnknownKey(error) && Math.abs(now - this.#renewedAt) >= COOLDOWN) {
      this.#renewedAt = now
      return { server: { ...this.#server }, cache: {}, first: undefined }
    }
    if (!isTrouble(error)) return undefined
    if (this.#known === undefined) {
      this.#trouble = { error, until: Date.now() + 1000 }
      return undefined
    }
    // The library takes keys for fresh for 300 seconds: with these it asks again in a minute.
    return { server: { ...this.#server }, cache: { jwks: this.#known, uat: now - 240 }, first: undefined }
  }
}

interface Generation {
  readonly server: AuthorizationServer
  readonly cache: JWKSCacheInput
  first: Promise<void> | undefined
}

/** Seconds between two looks for an unknown key. */
const COOLDOWN = 10

function noop(): void {}

function isUnknownKey(error: unknown): boolean {
  return codeOf(error) === KEY_SELECTION
}

/** Tells whether the keys could not be fetched: no connection, no answer in time, none of use. */
export function isTrouble(error: unknown): boolean {
  const code = codeOf(error)
  if (code === RESPONSE_IS_NOT_CONFORM || code === RESPONSE_IS_NOT_JSON) return true
  const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined
  // What `fetch()` throws has no code of its own.
  return name === 'TimeoutError' || (name === 'TypeError' && code === undefined)
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
