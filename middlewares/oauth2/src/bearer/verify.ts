/**
 * Access tokens in the form of a JWT (RFC 9068), checked once and then known until they end.
 *
 *     token ─▶ known? ─▶ Bearer
 *                └─(no)─▶ issuer ─▶ its keys ─▶ typ, iss, aud, exp, iat, signature ─▶ Bearer
 *
 * @module
 */
import type { Fields } from '@outerware/core'
import * as oauth from 'oauth4webapi'
import { OAuthError } from '../errors.ts'
import { callApi } from '../gate/api-call.ts'
import { frozen, type Auth, type Claims } from '../gate/auth.ts'
import { identityFields } from '../gate/identity.ts'
import { isAllowed } from '../gate/policy.ts'
import { unproven } from '../provider/unproven.ts'
import { Cache } from '../session/cache.ts'
import type { Settings } from '../settings/settings.ts'
import { Once } from '../store/once.ts'
import { Trouble } from '../store/trouble.ts'
import { signatures } from './challenge.ts'
import type { Issuers } from './issuers.ts'
import type { BearerSettings } from './resource.ts'

/** A token that was found good. */
export interface Bearer {
  /** The token itself. */
  readonly sealed: string
  /** Its `jti`. */
  readonly sid: string
  readonly auth: Auth
  readonly fields: Fields
  /** `allow` has nothing against this user; `allow.check` is not asked here. */
  readonly allowed: boolean
  /** It has every scope that is wanted. */
  readonly inScope: boolean
  /** When the token ends, by a clock that may be off. Milliseconds since 1970. */
  readonly expiresAt: number
  /** Until then it need not be checked again. Milliseconds since 1970. */
  readonly endsAt: number
}

/** A token as it came. */
export interface Presented {
  readonly token: string
  readonly scheme: 'Bearer' | 'DPoP'
  readonly method: string
  /** The address that the client has used. */
  readonly url: string
  readonly proof: string | null
}

/** Checks the tokens of one gate. */
export class Verifier {
  readonly #settings: Settings
  readonly #bearer: BearerSettings
  readonly #issuers: Issuers
  readonly #cache: Cache<Bearer>
  readonly #proofs: Once
  readonly #trouble: Trouble

  constructor(settings: Settings, bearer: BearerSettings, issuers: Issuers) {
    this.#settings = settings
    this.#cache = new Cache(settings.session.cache)
    this.#bearer = bearer
    this.#issuers = issuers
    this.#proofs = new Once('proof', settings)
    this.#trouble = new Trouble(settings.on.error)
  }

  /**
   * Gives what a token stands for: at once, if it is known.
   *
   * @returns an error of code `ERR_ACCESS_TOKEN` for a token that is not good, another if that cannot be told now
   */
  verify(presented: Presented): Bearer | OAuthError | Promise<Bearer | OAuthError> {
    const known = this.#cache.get(presented.token)
    // What is bound to a key has a proof of its own for each request.
    if (known === undefined || presented.scheme === 'DPoP' || presented.proof !== null) return this.#check(presented)
    if (known.endsAt > Date.now()) return known
    this.#cache.delete(presented.token)
    return this.#check(presented)
  }

  async #check(presented: Presented): Promise<Bearer | OAuthError> {
    const { iss, aud } = unproven(presented.token)
    const issuer = await this.#issuers.find(iss)
    if (issuer === undefined) return notGood('the access token is of no issuer that is taken')
    if (issuer instanceof OAuthError) return issuer
    const { audiences } = this.#bearer
    const audience = audiences.find((name) => [aud].flat().includes(name)) ?? audiences[0]!
    const { clockTolerance } = this.#settings
    const options = { signingAlgorithms: [...signatures], [oauth.clockTolerance]: clockTolerance, ...issuer.http }
    try {
      const claims = await issuer.keys.check((keys) =>
        oauth.validateJwtAccessToken(keys.server, requestOf(presented), audience, { ...options, ...keys.options }),
      )
      return await this.#accept(presented, claims)
    } catch (error) {
      if (error instanceof OAuthError) return error
      return notGood(error instanceof Error ? error.message : 'it fails a check')
    }
  }

  async #accept({ token, proof }: Presented, claims: oauth.JWTAccessTokenClaims): Promise<Bearer | OAuthError> {
    const [now, tolerance] = [Date.now(), this.#settings.clockTolerance * 1000]
    if (claims.iat * 1000 > now + tolerance) return notGood('unexpected JWT "iat" claim value, it is in the future')
    if (claims.sub === '') return notGood('unexpected JWT "sub" claim value, it is empty')
    const isFresh = proof === null || (await this.#use(proof))
    if (isFresh !== true) return isFresh === false ? notGood('the DPoP proof was used before') : isFresh
    const good = this.#bearerOf(token, claims, claims.exp * 1000 + tolerance)
    if (proof === null) this.#cache.put(good)
    return good
  }

  /** A proof is for one request (RFC 9449, 11.1), and taken for five minutes to either side of its time. */
  async #use(proof: string): Promise<boolean | OAuthError> {
    const { jti } = unproven(proof)
    if (typeof jti !== 'string') return false
    const isFirst = await this.#proofs.take(jti, Date.now() + 2 * KEPT_MS)
    if (typeof isFirst === 'object') this.#trouble.tell(isFirst)
    return isFirst
  }

  #bearerOf(token: string, said: oauth.JWTAccessTokenClaims, expiresAt: number): Bearer {
    const { allow, identityHeaders, site, routes } = this.#settings
    const claims: Claims = frozen({ ...said })
    const { sub, jti: sid } = said
    const email = typeof claims['email'] === 'string' ? claims['email'] : undefined
    const logoutURL = site.origin + encodeURI(routes.logout)
    const accessToken = (): Promise<string | undefined> =>
      Promise.resolve(Date.now() < said.exp * 1000 ? token : undefined)
    const credentials = { token: accessToken, key: () => undefined }
    const fetch: Auth['fetch'] = (url, init) => callApi(this.#settings, credentials, url, init)
    const auth: Auth = Object.freeze({ kind: 'bearer', sub, email, claims, sid, logoutURL, accessToken, fetch })
    const scopes = new Set(said.scope?.split(' '))
    return {
      sealed: token,
      sid,
      auth,
      fields: identityFields(claims, identityHeaders),
      allowed: isAllowed(claims, allow),
      inScope: this.#bearer.scopes.every((scope) => scopes.has(scope)),
      expiresAt,
      endsAt: Math.min(expiresAt, Date.now() + KEPT_MS),
    }
  }
}

/** How long a token is taken without another look at it: a key that was withdrawn is not good for much longer. */
const KEPT_MS = 300_000

/** The request as its client has made it: what a proof is about. */
function requestOf({ token, scheme, method, url, proof }: Presented): Request {
  const headers = { authorization: `${scheme} ${token}`, ...(proof !== null && { dpop: proof }) }
  return new Request(url, { method, headers })
}

function notGood(message: string): OAuthError {
  return new OAuthError('ERR_ACCESS_TOKEN', message)
}
