/**
 * Opening what a key has sealed: at once by `node:crypto`, which costs a fifth, or later by WebCrypto.
 *
 * @module
 */
import { compactDecrypt } from 'jose'
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

const openLater: Opener = async ({ sealed }, key) => {
  try {
    const { plaintext } = await compactDecrypt(sealed, key.bytes)
    return decode(plaintext)
  } catch {
    return {}
  }
}

function openAtOnce(crypto: typeof import('node:crypto')): Opener {
  const aads = new WeakMap<Key, Buffer>()
  return ({ iv, ciphertext, tag }, key) => {
    const aad = aads.get(key) ?? Buffer.from(key.header)
    aads.set(key, aad)
    const decipher = crypto.createDecipheriv('aes-256-gcm', key.bytes, Buffer.from(iv, 'base64url'), {
      authTagLength: 16,
    })
    decipher.setAAD(aad)
    decipher.setAuthTag(Buffer.from(tag, 'base64url'))
    const plaintext = decipher.update(ciphertext, 'base64url')
    try {
      decipher.final()
    } catch {
      return {}
    }
    return decode(plaintext)
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function decode(plaintext: Uint8Array): Opened {
  try {
    return { payload: JSON.parse(decoder.decode(plaintext)) }
  } catch {
    return {}
  }
}
