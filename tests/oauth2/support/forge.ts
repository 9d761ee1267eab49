import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { clientId } from './provider.ts'
import { secret } from './site.ts'

/** A user's session, as it is sealed. */
export interface Forged {
  readonly sid: string
  readonly claims?: Record<string, unknown>
  /** What else the payload says. */
  readonly more?: Record<string, unknown>
}

/**
 * Makes the cookie of a session as the gate makes it, but thousands of them in a moment, with no login.
 *
 * It writes the format down a second time on purpose: a gate that opened its old cookies no more would sign everybody out.
 */
export function forge(issuer: string, { sid, claims = {}, more = {} }: Forged): string {
  const { bytes, header } = keyFor(issuer)
  const now = Math.floor(Date.now() / 1000)
  const payload = { v: 1, i: sid, c: { sub: 'ann', ...claims }, s: now, u: now, a: 'access', ...more }
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', bytes, iv).setAAD(Buffer.from(header))
  const text = Buffer.concat([cipher.update(JSON.stringify(payload)), cipher.final()])
  return [header, '', ...[iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.')
}

const keys = new Map<string, { readonly bytes: Buffer; readonly header: string }>()

function keyFor(issuer: string): { readonly bytes: Buffer; readonly header: string } {
  const known = keys.get(issuer)
  if (known !== undefined) return known
  const label = `outerware oidc session ${new URL(issuer).href} ${clientId}`
  const derived = Buffer.from(hkdfSync('sha256', secret, '', label, 38))
  const kid = derived.subarray(32).toString('base64url')
  const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid })).toString('base64url')
  const key = { bytes: derived.subarray(0, 32), header }
  keys.set(issuer, key)
  return key
}

/** The Cookie header of a seal: in one cookie, or in chunks. */
export function cookieFor(sealed: string): string {
  if (sealed.length <= 3800) return `__Host-oidc=${sealed}`
  return sealed
    .match(/.{1,3800}/g)!
    .map((chunk, i) => `__Host-oidc.${i}=${chunk}`)
    .join('; ')
}
