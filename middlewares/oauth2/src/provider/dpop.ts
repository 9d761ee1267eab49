/**
 * Tokens that are good in our hands only: each call shows that this site has the key they are bound to (DPoP, RFC 9449).
 *
 * Every login has a key of its own, sealed with it, so no machine has to keep any.
 *
 * @module
 */
import { exportJWK, importJWK } from 'jose'
import * as oauth from 'oauth4webapi'

/** The private key of a login, on P-256: the members of its JWK that differ from key to key. */
export interface BoundKey {
  readonly d: string
  readonly x: string
  readonly y: string
}

/** Makes the key of a login. */
export async function newKey(): Promise<BoundKey> {
  const { privateKey } = await oauth.generateKeyPair(ALG, { extractable: true })
  const { d, x, y } = await exportJWK(privateKey)
  return Object.freeze({ d: d!, x: x!, y: y! })
}

/** Reads a key out of what was sealed. */
export function readKey(value: unknown): BoundKey | undefined {
  const { d, x, y }: Partial<Record<'d' | 'x' | 'y', unknown>> = Object(value)
  return typeof d === 'string' && typeof x === 'string' && typeof y === 'string' ? { d, x, y } : undefined
}

/** What names the key in the authorization request (section 10): so a stolen code is of no use either. */
export async function thumbprintOf(key: BoundKey): Promise<string> {
  return (await handleOf(key)).calculateThumbprint()
}

/** An option of calls, with the key; nothing without one. */
export interface Bound {
  readonly DPoP?: oauth.DPoPHandle
}

/** Makes a call, and once more if the server wants its nonce in the proof (section 8). */
export async function bound<T>(key: BoundKey | undefined, call: (bound: Bound) => Promise<T>): Promise<T> {
  if (key === undefined) return call({})
  const DPoP = await handleOf(key)
  try {
    return await call({ DPoP })
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error
    return call({ DPoP })
  }
}

const ALG = 'ES256'

/** The handles remember the nonces of servers, so each is made once. */
const handles = new WeakMap<BoundKey, Promise<oauth.DPoPHandle>>()

function handleOf(key: BoundKey): Promise<oauth.DPoPHandle> {
  const known = handles.get(key) ?? makeHandle(key)
  handles.set(key, known)
  return known
}

async function makeHandle({ d, x, y }: BoundKey): Promise<oauth.DPoPHandle> {
  const half = { kty: 'EC', crv: 'P-256', x, y }
  const [privateKey, publicKey] = await Promise.all([
    importJWK({ ...half, d }, ALG),
    importJWK(half, ALG, { extractable: true }),
  ])
  if (privateKey instanceof Uint8Array || publicKey instanceof Uint8Array) throw new TypeError('no key pair')
  return oauth.DPoP({ [oauth.clockSkew]: 0 }, { privateKey, publicKey })
}
