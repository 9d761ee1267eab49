/**
 * The keys that a provider signs with: fetched when first needed, and once more for a key that is not known, since
 * providers change theirs.
 *
 *     token ─▶ keys known? ─▶ check ─▶ its key is not among them? ─▶ fetch ─▶ check
 *
 * @module
 */
import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { jwksCache, KEY_SELECTION, type AuthorizationServer, type JWKSCacheInput } from 'oauth4webapi'
import { OAuthError } from '../errors.ts'
import { Pause } from './pause.ts'
import { translate } from './translate.ts'

/** Checks a signature. */
export type Check<T> = (keys: Keys) => Promise<T>

/** The keys of one moment: for the protocol library, and for `jose`. */
export interface Keys {
  readonly server: AuthorizationServer
  /** Options for calls about this server: it has the keys, and fetches none. */
  readonly options: { readonly [jwksCache]: JWKSCacheInput }
  readonly find: JWTVerifyGetKey
}

/**
 * The keys of one provider.
 *
 * A crowd that comes at once fetches them once. An unknown key has them fetched again every ten seconds at most, so a
 * forged `kid` does not make us a nuisance. While the provider is in trouble the keys that were known are good.
 */
export class SigningKeys {
  readonly #server: AuthorizationServer
  readonly #timeout: number
  #remote: ReturnType<typeof createRemoteJWKSet> | undefined
  #known: Known | undefined
  #asking: Promise<Known> | undefined
  #trouble: OAuthError | undefined
  readonly #afterTrouble = new Pause()
  readonly #betweenLooks = new Pause()

  /** @param timeout seconds that the provider has for giving its keys */
  constructor(server: AuthorizationServer, timeout: number) {
    this.#server = server
    this.#timeout = timeout
  }

  /**
   * Runs a check, with other keys once more if that may help.
   *
   * @throws what the check throws; OAuthError if there are no keys to be had
   */
  async check<T>(check: Check<T>): Promise<T> {
    const used = await this.#current()
    try {
      return await check(this.#keysOf(used))
    } catch (error) {
      const next = isUnknownKey(error) ? await this.#renewed(used) : used
      if (next === used) throw error
      return check(this.#keysOf(next))
    }
  }

  /** The library keeps keys by the object that describes the server: with one of its own for each check it asks us. */
  #keysOf({ jwks, find }: Known): Keys {
    const uat = Math.floor(Date.now() / 1000)
    return { server: { ...this.#server }, options: { [jwksCache]: { jwks, uat } }, find }
  }

  async #current(): Promise<Known> {
    const known = this.#known
    if (known !== undefined && Date.now() < known.freshUntil) return known
    if (this.#afterTrouble.isOver) return this.#fetch()
    if (known === undefined) throw this.#trouble!
    return known
  }

  /** Looks for a key that is not among these; somebody else may have found others meanwhile. */
  async #renewed(used: Known): Promise<Known> {
    const isKept = !this.#afterTrouble.isOver || !this.#betweenLooks.isOver
    // Of a crowd the first one looks, and the others wait for what it finds.
    if (this.#known !== used || isKept) return this.#asking ?? this.#known ?? used
    this.#betweenLooks.begin(COOLDOWN_MS)
    return this.#fetch()
  }

  #fetch(): Promise<Known> {
    return (this.#asking ??= this.#fetched().finally(() => {
      this.#asking = undefined
    }))
  }

  async #fetched(): Promise<Known> {
    this.#remote ??= createRemoteJWKSet(new URL(this.#server.jwks_uri!), {
      timeoutDuration: Math.ceil(this.#timeout * 1000),
    })
    try {
      await this.#remote.reload()
    } catch (cause) {
      this.#trouble = unavailable(cause)
      this.#afterTrouble.begin(this.#known === undefined ? 1000 : KEPT_IN_TROUBLE_MS)
      if (this.#known === undefined) throw this.#trouble
      return this.#known
    }
    const jwks = this.#remote.jwks()!
    return (this.#known = { jwks, find: createLocalJWKSet(jwks), freshUntil: Date.now() + FRESH_MS })
  }
}

interface Known {
  readonly jwks: JSONWebKeySet
  readonly find: JWTVerifyGetKey
  /** Milliseconds since 1970. */
  readonly freshUntil: number
}

/** How long keys are taken without another look at them, and between two looks for an unknown one. */
const [FRESH_MS, COOLDOWN_MS] = [300_000, 10_000]
const KEPT_IN_TROUBLE_MS = 60_000

function isUnknownKey(error: unknown): boolean {
  const code = codeOf(error)
  return code === KEY_SELECTION || code === 'ERR_JWKS_NO_MATCHING_KEY'
}

/** The keys could not be fetched: no connection, no answer in time, none of use. */
function unavailable(cause: unknown): OAuthError {
  const code = codeOf(cause)
  if (code === 'ERR_JWKS_TIMEOUT')
    return new OAuthError('ERR_PROVIDER_UNREACHABLE', 'the keys endpoint gives no answer in time')
  if (typeof code === 'string' && code.startsWith('ERR_J'))
    return new OAuthError('ERR_PROVIDER_FAILED', `the provider gives no keys (${code})`)
  return translate(cause, 'keys')
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
