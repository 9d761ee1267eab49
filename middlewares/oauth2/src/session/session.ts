/**
 * A session: what it holds, how long it lasts, how it is written down, and what it loses when it is too large.
 *
 * @module
 */
import { frozen, type Claims } from '../gate/auth.ts'
import { readKey, type BoundKey } from '../provider/dpop.ts'

/** A login. Times are seconds since 1970. */
export interface Session {
  /** This login's own id, another one each time (R31). */
  readonly sid: string
  readonly claims: Claims
  /** To the millisecond: a logout of all of a user's sessions does not end the one that begins a moment later. */
  readonly startedAt: number
  /** When it was last seen, in steps of a twentieth of the time it may rest. */
  readonly seenAt: number
  /** The hint for signing out at the provider. */
  readonly idToken: string | undefined
  readonly tokens: Tokens
}

/** What the provider gave for calling APIs. */
export interface Tokens {
  readonly access: string
  /** When the access token expires, and how long it lived; `undefined` if the provider did not say. */
  readonly expiresAt: number | undefined
  readonly lifetime: number | undefined
  readonly refresh: string | undefined
  /** What they are bound to (DPoP). */
  readonly key: BoundKey | undefined
}

/** How long sessions last, in seconds. */
export interface Durations {
  readonly rollingDuration: number
  readonly absoluteDuration: number
}

/** When the session is over, whatever happens: at its absolute end, or when the provider says (IPSIE `session_expiry`). */
export function lastEnd({ startedAt, claims }: Session, { absoluteDuration }: Durations): number {
  const { session_expiry: expiry } = claims
  return Math.min(startedAt + absoluteDuration, typeof expiry === 'number' ? expiry : Infinity)
}

/** When the session is over if nobody comes any more. */
export function endOf(session: Session, durations: Durations): number {
  return Math.min(session.seenAt + durations.rollingDuration, lastEnd(session, durations))
}

/** When the session is to be prolonged; never, if it lasts to its last end already. */
export function touchAt(session: Session, durations: Durations): number {
  const { rollingDuration } = durations
  if (session.seenAt + rollingDuration >= lastEnd(session, durations)) return Infinity
  return session.seenAt + rollingDuration / 20
}

/** When the access token is to be refreshed: `ahead` of its end, or at half of its life if that is later. */
export function refreshAt({ expiresAt, lifetime, refresh }: Tokens, ahead: number): number {
  if (refresh === undefined || expiresAt === undefined) return Infinity
  return expiresAt - Math.min(ahead, (lifetime ?? 0) / 2)
}

/**
 * The session as it is sealed. Names are short: each byte is sent with every request.
 *
 * @param name the name that it has in a store: under another one it opens nothing
 */
export function toPayload({ sid, claims, startedAt, seenAt, idToken, tokens }: Session, name?: string): object {
  const { access, expiresAt, lifetime, refresh, key } = tokens
  return {
    v: VERSION,
    k: name,
    i: sid,
    c: claims,
    s: startedAt,
    u: seenAt,
    d: idToken,
    a: access,
    e: expiresAt,
    l: lifetime,
    r: refresh,
    p: key,
  }
}

/** Reads a payload back. What is not a session of this version, and of this name, is none. */
export function fromPayload(payload: unknown, name?: string): Session | undefined {
  if (!isRecord(payload) || payload['v'] !== VERSION || payload['k'] !== name) return undefined
  const {
    i: sid,
    c: claims,
    s: startedAt,
    u: seenAt,
    d: idToken,
    a: access,
    e: expiresAt,
    l: lifetime,
    r: refresh,
    p: key,
  } = payload
  if (typeof sid !== 'string' || !isClaims(claims) || typeof access !== 'string') return undefined
  if (typeof startedAt !== 'number' || typeof seenAt !== 'number') return undefined
  const tokens = {
    access,
    expiresAt: number(expiresAt),
    lifetime: number(lifetime),
    refresh: text(refresh),
    key: readKey(key),
  }
  return frozen({ sid, claims, startedAt, seenAt, idToken: text(idToken), tokens })
}

/** Claims of the protocol, of no use once they have been checked. */
const spent = new Set(['aud', 'azp', 'exp', 'iat', 'nbf', 'jti', 'nonce', 'at_hash', 'c_hash', 's_hash'])

/** The claims to keep. */
export function keptClaims(claims: Claims, named: readonly string[] | undefined, needed: readonly string[]): Claims {
  const isKept = (name: string): boolean => (named === undefined ? !spent.has(name) : named.includes(name))
  return pick(claims, (name) => isKept(name) || needed.includes(name) || standing.has(name))
}

/** The claims that stay for as long as the session, unless others are said. */
export function standingClaims(claims: Claims): Claims {
  return pick(claims, (name) => standing.has(name))
}

/** What went missing for want of room. */
export type Dropped = readonly ('id_token' | 'claims')[]

/**
 * Makes a session fit (R30): without its ID token, then without the claims that nobody named and few need.
 *
 * @param fits tells whether there is room for it
 * @param needed claims that stay in any case
 * @returns `undefined` if even that is too large
 */
export function fitted(
  session: Session,
  fits: (session: Session) => boolean,
  needed: readonly string[],
): { session: Session; dropped: Dropped } | undefined {
  if (fits(session)) return { session, dropped: [] }
  const hintless = { ...session, idToken: undefined }
  if (fits(hintless)) return { session: hintless, dropped: ['id_token'] }
  const claims = pick(session.claims, (name) => needed.includes(name) || common.has(name) || standing.has(name))
  const small = { ...hintless, claims }
  return fits(small) ? { session: small, dropped: ['id_token', 'claims'] } : undefined
}

const VERSION = 1

/** Claims that the gate itself needs. */
const standing = new Set(['sub', 'sid', 'session_expiry', 'acr', 'auth_time'])
/** Claims that most apps show, and that are short. */
const common = new Set(['iss', 'email', 'email_verified', 'name', 'preferred_username'])

function pick(claims: Claims, isKept: (name: string) => boolean): Claims {
  const kept = Object.entries(claims).filter(([name]) => isKept(name))
  return { sub: claims.sub, ...Object.fromEntries(kept) }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isClaims(value: unknown): value is Claims {
  return isRecord(value) && typeof value['sub'] === 'string'
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
