/**
 * Opening what a key has sealed: at once by `node:crypto`, which costs a fifth, or later by WebCrypto.
 *
 * @module
 */
import type { KeyObject } from 'node:crypto'
import { compactDecrypt } from 'jose'
import { decodeCanonical, isCanonical } from './base64url.ts'
import { nodeCrypto, type Key } from './keys.ts'

/** What came out of a seal: nothing, if it is not ours, not whole, or made for something else. */
export interface Opened {
  readonly payload?: unknown
}

/** The segments behind the header. */
export interface Parts {
  readonly sealed: string
  readonly iv: string
  readonly ciphertext: string
  readonly tag: string
}

/** Opens a seal whose form is known to be right. */
export type Opener = (parts: Parts, key: Key) => Opened | Promise<Opened>

/** Picks the way of opening that this platform has. */
export function opener(): Opener {
  const crypto = nodeCrypto()
  return crypto === undefined ? openLater : openAtOnce(crypto)
}

const openLater: Opener = async ({ sealed, iv, ciphertext, tag }, key) => {
  if (!isCanonical(iv) || !isCanonical(ciphertext) || !isCanonical(tag)) return {}
  try {
    const { plaintext } = await compactDecrypt(sealed, key.bytes)
    return decode(decoder.decode(plaintext))
  } catch {
    return {}
  }
}

const decoder = new TextDecoder()

function openAtOnce(crypto: typeof import('node:crypto')): Opener {
  const prepared = new WeakMap<Key, Prepared>()
  return (parts, key) => {
    const [iv, ciphertext, tag] = [parts.iv, parts.ciphertext, parts.tag].map(decodeCanonical)
    if (iv === undefined || ciphertext === undefined || tag === undefined) return {}
    const known = prepared.get(key)
    const { secret, aad } = known ?? prepare(crypto, key)
    if (known === undefined) prepared.set(key, { secret, aad })
    const decipher = crypto.createDecipheriv('aes-256-gcm', secret, iv, LENGTHS)
    decipher.setAAD(aad)
    decipher.setAuthTag(tag)
    const plaintext = decipher.update(ciphertext)
    try {
      decipher.final()
    } catch {
      return {}
    }
    return decode(plaintext.toString())
  }
}

/** What is the same for all that a key has sealed. */
interface Prepared {
  readonly secret: KeyObject
  readonly aad: Buffer
}

function prepare(crypto: typeof import('node:crypto'), { bytes, header }: Key): Prepared {
  return { secret: crypto.createSecretKey(bytes), aad: Buffer.from(header) }
}

const LENGTHS = { authTagLength: 16 } as const

/** It is authentic, so it is what was written: UTF-8, and JSON. */
function decode(plaintext: string): Opened {
  try {
    return { payload: JSON.parse(plaintext) }
  } catch {
    return {}
  }
}
