import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import { listen } from '../../support/index.ts'
import { clientId } from './provider.ts'
import { stopLater } from './stop.ts'

/** A provider that can be made to lie: only for what the real one cannot be brought to do. */
export interface FakeProvider {
  readonly issuer: string
  /** Changes the metadata, before they are first read. */
  metadata: Record<string, unknown>
  /** What the token endpoint answers: a body, or a status with one. */
  token: (body: URLSearchParams) => Promise<Answer>
  /** What UserInfo answers. */
  userInfo: () => Answer
  /** How often a path was asked for. */
  count(path: string): number
  /** It answers everything with 503. */
  down: boolean
  /** Where its metadata are: the name behind `/.well-known/`. */
  wellKnown: string
  readonly signingKey: CryptoKey
  /** The public keys. */
  jwks: { keys: object[] }
  /** Makes an ID token that is right, but for these changes. */
  idToken(claims?: Record<string, unknown>, header?: Record<string, unknown>, key?: CryptoKey): Promise<string>
  /** Makes an access token (RFC 9068) for `https://site.test` that is right, but for these changes. */
  accessToken(claims?: Record<string, unknown>, header?: Record<string, unknown>, key?: CryptoKey): Promise<string>
}

export interface Answer {
  readonly status?: number
  readonly body: unknown
  readonly headers?: Record<string, string>
}

export async function startFakeProvider(): Promise<FakeProvider> {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const calls: string[] = []
  const listening = await listen((req, res) => void answer(req, res))
  stopLater(() => listening.close())
  const issuer = listening.url
  const now = (): number => Math.floor(Date.now() / 1000)

  const fake: FakeProvider = {
    issuer,
    metadata: {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      id_token_signing_alg_values_supported: ['ES256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    },
    token: async () => ({ body: { access_token: 'access', token_type: 'Bearer', id_token: await fake.idToken() } }),
    userInfo: () => ({ body: { sub: 'ann' } }),
    down: false,
    wellKnown: 'openid-configuration',
    signingKey: privateKey,
    count: (path) => calls.filter((call) => call === path).length,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] },
    idToken: (claims = {}, header = {}, key = privateKey) =>
      new SignJWT({ iss: issuer, aud: clientId, sub: 'ann', iat: now(), exp: now() + 300, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
        .sign(key),
    accessToken: (claims = {}, header = {}, key = privateKey) =>
      new SignJWT({ ...fresh(), iss: issuer, aud: 'https://site.test', sub: 'ann', client_id: 'app', ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt', ...header })
        .sign(key),
  }
  const fresh = (): Record<string, unknown> => ({ iat: now(), exp: now() + 300, jti: randomUUID() })

  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const path = (req.url ?? '').split('?', 1)[0] ?? ''
    calls.push(path)
    let text = ''
    for await (const chunk of req) text += String(chunk)
    const { status = 200, body, headers } = await reply(path, new URLSearchParams(text))
    res.writeHead(status, { 'content-type': 'application/json', ...headers })
    res.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  const reply = async (path: string, body: URLSearchParams): Promise<Answer> => {
    if (fake.down) return { status: 503, body: {} }
    if (path === `/.well-known/${fake.wellKnown}`) return { body: fake.metadata }
    if (path === '/jwks') return { body: fake.jwks }
    if (path === '/token') return fake.token(body)
    if (path === '/userinfo') return fake.userInfo()
    return { status: 404, body: {} }
  }
  return fake
}
