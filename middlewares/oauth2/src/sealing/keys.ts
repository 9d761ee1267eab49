/**
 * Keys for sealing: one for each secret and purpose, by HKDF-SHA256 (RFC 5869).
 *
 * A login's cookie is no session and a session of another client is none here: each has a key of its own.
 *
 * @module
 */
import { base64url } from 'jose'

/** A key, and the protected header of what it seals. */
export interface Key {
  /** 256 bits. */
  readonly bytes: Uint8Array
  /** Names the key without telling anything of it. */
  readonly kid: string
  /** The first segment of the JWE, always these very characters. */
  readonly header: string
}

/** The algorithm and the encryption of everything that is sealed. */
export const sealing = { alg: 'dir', enc: 'A256GCM' } as const

/**
 * Derives the keys of one purpose, in the order of the secrets.
 *
 * At once on Node, where HKDF is at hand; later where there is WebCrypto alone.
 */
export function deriveKeys(secrets: readonly string[], purpose: string): Key[] | Promise<Key[]> {
  const derive = hkdfSync()
  if (derive !== undefined) return secrets.map((secret) => keyOf(derive(secret, purpose)))
  return Promise.all(secrets.map(async (secret) => keyOf(await hkdf(secret, purpose))))
}

// 32 bytes of key, and 6 more that name it.
const LENGTH = 38

/** How many characters the header has, the same for every key. */
export const headerLength: number = keyOf(new Uint8Array(LENGTH)).header.length

function keyOf(derived: Uint8Array): Key {
  const kid = base64url.encode(derived.subarray(32))
  const header = base64url.encode(JSON.stringify({ ...sealing, kid }))
  return { bytes: derived.subarray(0, 32), kid, header }
}

function hkdfSync(): ((secret: string, purpose: string) => Uint8Array) | undefined {
  const crypto = nodeCrypto()
  return crypto && ((secret, purpose) => new Uint8Array(crypto.hkdfSync('sha256', secret, '', purpose, LENGTH)))
}

async function hkdf(secret: string, purpose: string): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveBits'])
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(purpose) }
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, LENGTH * 8))
}

const encoder = new TextEncoder()

/** `node:crypto` where there is one, with no import that other platforms would stumble over. */
export function nodeCrypto(): typeof import('node:crypto') | undefined {
  return globalThis.process?.getBuiltinModule?.('node:crypto')
}
