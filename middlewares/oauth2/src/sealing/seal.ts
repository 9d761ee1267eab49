/**
 * Sealing: a JWE in its compact form, `dir` with A256GCM (RFC 7516, RFC 7518). Encrypted, authenticated, named by `kid`.
 *
 *     payload ─▶ seal ─▶ header..iv.ciphertext.tag ─▶ open ─▶ payload, or nothing
 *
 * @module
 */
import { after } from '@outerware/core'
import { CompactEncrypt } from 'jose'
import { deriveKeys, headerLength, sealing, type Key } from './keys.ts'
import { opener, type Opened, type Parts } from './open.ts'

/** Seals and opens for one purpose. The first secret seals, all of them open. */
export interface Sealer {
  seal(payload: object): Promise<string>
  /** Opens at once on Node, later elsewhere. Never throws for what it is given. */
  open(sealed: string): Opened | Promise<Opened>
  /** How many characters the seal of a payload has, without making it. */
  lengthOf(payload: object): number
}

/**
 * Makes the sealer of one purpose.
 *
 * @param purpose goes into the keys: what is sealed for one purpose opens for no other (R28)
 */
export function sealer(secrets: readonly string[], purpose: string): Sealer {
  const keys = deriveKeys(secrets, purpose)
  const open = opener()
  return {
    async seal(payload) {
      const [key] = await keys
      return sealWith(key!, encode(payload))
    },
    open(sealed) {
      return after(keys, (known) => {
        const key = known.find(({ header }) => sealed.startsWith(`${header}..`))
        const parts = key && split(sealed, key.header.length + 2)
        return key === undefined || parts === undefined ? {} : open(parts, key)
      })
    },
    lengthOf(payload) {
      return headerLength + 2 + IV + 1 + Math.ceil((encode(payload).byteLength * 4) / 3) + 1 + TAG
    },
  }
}

// Characters of base64url for 12 bytes of nonce and 16 of tag.
const [IV, TAG] = [16, 22]

const encoder = new TextEncoder()

function encode(payload: object): Uint8Array {
  return encoder.encode(JSON.stringify(payload))
}

function sealWith(key: Key, plaintext: Uint8Array): Promise<string> {
  return new CompactEncrypt(plaintext).setProtectedHeader({ ...sealing, kid: key.kid }).encrypt(key.bytes)
}

/** Takes the segments apart. How they are spelt is for the opener to check: see base64url.ts. */
function split(sealed: string, start: number): Parts | undefined {
  const [iv, ciphertext, tag, more] = sealed.slice(start).split('.')
  if (iv === undefined || ciphertext === undefined || tag === undefined || more !== undefined) return undefined
  return iv.length === IV && tag.length === TAG ? { sealed, iv, ciphertext, tag } : undefined
}
