import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { FakeProvider } from './fake-provider.ts'
import { origin } from './site.ts'

/** The fields of a request for `https://site.test/`, with a token that is bound to a key, and a proof for this request. */
export async function boundToken({ accessToken }: FakeProvider): Promise<Record<'authorization' | 'dpop', string>> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  const token = await accessToken({ cnf: { jkt: await calculateJwkThumbprint(jwk) } })
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  const said = { htm: 'GET', htu: `${origin}/`, jti: crypto.randomUUID(), ath: base64url.encode(new Uint8Array(hash)) }
  const dpop = await new SignJWT(said)
    .setIssuedAt()
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
    .sign(privateKey)
  return { authorization: `DPoP ${token}`, dpop }
}
