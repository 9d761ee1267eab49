/**
 * SHA-256 in base64url: at once on Node, later where there is WebCrypto alone.
 *
 * @module
 */
import { base64url } from 'jose'
import { nodeCrypto } from './keys.ts'

/** Hashes a text. */
export type Digest = (text: string) => string | Promise<string>

/** Picks the way of hashing that this platform has. */
export function digester(): Digest {
  const crypto = nodeCrypto()
  if (crypto === undefined) return sha256
  // Of Node 20.12 and later; it makes no object, and takes half the time.
  if (typeof crypto.hash === 'function') return (text) => crypto.hash('sha256', text, 'base64url')
  return (text) => crypto.createHash('sha256').update(text).digest('base64url')
}

/** The same, always later. */
export async function sha256(text: string): Promise<string> {
  return base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}
