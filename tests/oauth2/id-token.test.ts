import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { oidc, type OAuthError } from '@outerware/oauth2'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import {
  browser,
  clientId,
  clientSecret,
  clock,
  gateTo,
  origin,
  secret,
  startFakeProvider,
  whoAmI,
  type Browser,
  type FakeProvider,
  type Page,
} from './support/index.ts'

// The real provider signs no wrong tokens, so one that lies stands in for it.
let fake: FakeProvider
let ann: Browser
let refused: (OAuthError | undefined)[]
beforeEach(async () => {
  fake = await startFakeProvider()
  refused = []
  const on = { refused: ({ error }: { error: OAuthError | undefined }) => void refused.push(error), error: () => {} }
  ann = browser({ [origin]: gateTo(fake, { on, scope: 'openid' })(whoAmI) })
})

/** Begins a login, and gives what the browser was sent to the provider with. */
async function begin(): Promise<{ state: string; nonce: string }> {
  ann.jar.delete(origin)
  const { url } = await ann.open(`${origin}/page`, { stopAt: (next) => next.startsWith(fake.issuer) })
  const { state, nonce } = Object.fromEntries(new URL(url).searchParams)
  return { state: state!, nonce: nonce! }
}

const comeBack = (state: string): Promise<Page> =>
  ann.open(`${origin}/auth/callback?${new URLSearchParams({ code: 'code', state })}`)

/** Goes through login, with a token endpoint that answers with this ID token for the nonce of the login. */
async function loginWith(
  idToken: (nonce: string) => Promise<string>,
  more: Record<string, unknown> = {},
): Promise<Page> {
  const { state, nonce } = await begin()
  fake.token = async () => ({
    body: { access_token: 'access', token_type: 'Bearer', expires_in: 300, id_token: await idToken(nonce), ...more },
  })
  return comeBack(state)
}

// What a table says of now holds when its turn comes, too.
const time = clock()
time.stop()
afterAll(() => time.restore())
const now = (): number => Math.floor(Date.now() / 1000)

it('that is right signs in (R15)', async () => {
  const { status, text } = await loginWith((nonce) => fake.idToken({ nonce }))
  expect(status).toBe(200)
  expect(JSON.parse(text)).toMatchObject({ sub: 'ann' })
})

describe('claims (R15)', () => {
  it.each([
    ['the nonce of another login', { nonce: 'x'.repeat(43) }],
    ['no nonce', { nonce: undefined }],
    ['another issuer', { iss: 'https://evil.test' }],
    ['no issuer', { iss: undefined }],
    ['the audience of another client', { aud: 'other' }],
    ['no audience', { aud: undefined }],
    ['several audiences and no azp', { aud: [clientId, 'other'] }],
    ['another azp', { aud: [clientId, 'other'], azp: 'other' }],
    ['another azp, and us for its one audience', { azp: 'other' }],
    ['a session_expiry that is over: it would be asked for again and again', { session_expiry: now() - 1 }],
    ['an exp that is over', { iat: now() - 400, exp: now() - 60 }],
    ['no exp', { exp: undefined }],
    ['an iat in the future', { iat: now() + 120, exp: now() + 600 }],
    ['no iat', { iat: undefined }],
    ['an nbf in the future', { nbf: now() + 120 }],
    ['no sub', { sub: undefined }],
    ['an empty sub', { sub: '' }],
  ])('refuses an ID token with %s', async (_what, claims) => {
    const { status } = await loginWith((nonce) => fake.idToken({ nonce, ...claims }))
    expect(status).toBe(400)
    expect(refused).toMatchObject([{ code: 'ERR_ID_TOKEN' }])
    expect(ann.jar.get(origin)!.size).toBe(0)
  })

  it.each([
    ['exp is just over', { iat: now() - 300, exp: now() - 10 }],
    ['iat lies a little ahead', { iat: now() + 10, exp: now() + 300 }],
  ])('takes clocks that differ by less than clockTolerance: %s', async (_what, claims) => {
    expect((await loginWith((nonce) => fake.idToken({ nonce, ...claims }))).status).toBe(200)
  })

  it('takes several audiences with the right azp', async () => {
    expect((await loginWith((nonce) => fake.idToken({ nonce, aud: [clientId, 'api'], azp: clientId }))).status).toBe(
      200,
    )
  })

  it('wants auth_time when max_age was asked for, and holds it against the user', async () => {
    const options = { scope: 'openid', authorizationParams: { max_age: '60' }, on: { error: () => {} } }
    ann = browser({ [origin]: gateTo(fake, options)(whoAmI) })
    expect((await loginWith((nonce) => fake.idToken({ nonce }))).status).toBe(400)
    expect((await loginWith((nonce) => fake.idToken({ nonce, auth_time: now() - 3600 }))).status).toBe(400)
    expect((await loginWith((nonce) => fake.idToken({ nonce, auth_time: now() - 5 }))).status).toBe(200)
  })
})

describe('signature (R15)', () => {
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const unsigned = (nonce: string, header: object): string =>
    `${encode(header)}.${encode({ iss: fake.issuer, aud: clientId, sub: 'ann', nonce, iat: now(), exp: now() + 300 })}.`

  it.each([['none'], ['None'], ['HS256'], ['']])('refuses alg %p, also when the metadata offer it', async (alg) => {
    fake.metadata['id_token_signing_alg_values_supported'] = ['none', 'HS256', 'ES256']
    const { status } = await loginWith(async (nonce) => unsigned(nonce, { alg, kid: 'one' }))
    expect(status).toBe(400)
    expect(refused).toMatchObject([{ code: 'ERR_ID_TOKEN' }])
  })

  it('refuses HS256 with the client secret as its key', async () => {
    fake.metadata['id_token_signing_alg_values_supported'] = ['HS256', 'ES256']
    const { status } = await loginWith((nonce) =>
      new SignJWT({ iss: fake.issuer, aud: clientId, sub: 'ann', nonce, iat: now(), exp: now() + 300 })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode(clientSecret)),
    )
    expect(status).toBe(400)
  })

  it('refuses an alg that the provider has not registered', async () => {
    const { privateKey } = await generateKeyPair('RS256')
    expect((await loginWith((nonce) => fake.idToken({ nonce }, { alg: 'RS256' }, privateKey))).status).toBe(400)
  })

  it('refuses the key of somebody else', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    expect((await loginWith((nonce) => fake.idToken({ nonce }, {}, privateKey))).status).toBe(400)
    expect(refused).toMatchObject([{ code: 'ERR_ID_TOKEN' }])
  })

  it('refuses a key that the provider does not have', async () => {
    expect((await loginWith((nonce) => fake.idToken({ nonce }, { kid: 'two' }))).status).toBe(400)
  })

  it('refuses claims that were changed after signing', async () => {
    const { status } = await loginWith(async (nonce) => {
      const [header, payload = '', signature] = (await fake.idToken({ nonce })).split('.')
      const claims = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'admin' }
      return [header, encode(claims), signature].join('.')
    })
    expect(status).toBe(400)
  })

  it.each([['garbage'], ['a.b.c'], ['a.b'], [''], ['a.b.c.d.e']])('refuses %p', async (idToken) => {
    expect((await loginWith(async () => idToken)).status).toBe(400)
  })

  it('finds a key that the provider has just changed, and asks no more than once in ten seconds', async () => {
    expect((await loginWith((nonce) => fake.idToken({ nonce }))).status).toBe(200)
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    fake.jwks.keys = [{ ...(await exportJWK(publicKey)), kid: 'two', alg: 'ES256', use: 'sig' }]
    expect((await loginWith((nonce) => fake.idToken({ nonce }, { kid: 'two' }, privateKey))).status).toBe(200)
    expect(fake.count('/jwks')).toBe(2)
    for (const kid of ['three', 'four']) {
      expect((await loginWith((nonce) => fake.idToken({ nonce }, { kid }))).status).toBe(400)
    }
    expect(fake.count('/jwks')).toBe(2)
  })
})

describe('the token answer', () => {
  it.each([
    ['without an access token', { access_token: undefined }],
    ['with a token type that nobody knows', { token_type: 'mac' }],
    ['without an ID token', { id_token: undefined }],
  ])('%s is refused', async (_what, changes) => {
    expect((await loginWith((nonce) => fake.idToken({ nonce }), changes)).status).toBe(400)
  })

  it.each([
    ['html', { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } }, 502],
    ['a redirect', { status: 302, body: '', headers: { location: '/elsewhere' } }, 502],
    ['429', { status: 429, body: { error: 'slow_down' } }, 502],
    ['400 without words', { status: 400, body: '' }, 502],
    ['an error with a name that is no name', { status: 400, body: { error: '<script>' } }, 400],
  ])('%s is answered with a page', async (_what, answer, status) => {
    const { state } = await begin()
    fake.token = async () => answer
    const page = await comeBack(state)
    expect(page.status).toBe(status)
    expect(page.text).not.toContain('script')
  })
})

describe('client authentication', () => {
  /** How the token endpoint was shown the secret. */
  const shown = async (
    options: Record<string, unknown>,
    methods?: readonly string[],
  ): Promise<'basic' | 'post' | 'none'> => {
    if (methods === undefined) delete fake.metadata['token_endpoint_auth_methods_supported']
    else fake.metadata['token_endpoint_auth_methods_supported'] = methods
    ann = browser({ [origin]: gateTo(fake, { scope: 'openid', ...options })(whoAmI) })
    const seen: ('basic' | 'post' | 'none')[] = []
    fake.token = async (body) => {
      seen.push(body.has('client_secret') ? 'post' : body.has('client_id') ? 'none' : 'basic')
      return { status: 400, body: { error: 'invalid_grant' } }
    }
    await comeBack((await begin()).state)
    return seen[0]!
  }
  const both = ['client_secret_basic', 'client_secret_post']

  it.each([
    ['a plain secret', { clientSecret: 'plain123' }, both, 'basic'],
    ['a secret that basic would encode (c13)', { clientSecret: 'GOCSPX-a_b.c' }, both, 'post'],
    ['such a secret, where only basic is offered', { clientSecret: 'GOCSPX-a_b.c' }, ['client_secret_basic'], 'basic'],
    ['a plain secret, where only post is offered', { clientSecret: 'plain123' }, ['client_secret_post'], 'post'],
    ['metadata that do not say', { clientSecret: 'GOCSPX-a_b.c' }, undefined, 'basic'],
    ['clientAuth by name', { clientSecret: 'GOCSPX-a_b.c', clientAuth: 'client_secret_basic' }, both, 'basic'],
    ['clientAuth none', { clientAuth: 'none' }, both, 'none'],
  ])('with %s', async (_what, options, methods, wanted) => {
    expect(await shown(options, methods)).toBe(wanted)
  })

  it('without a secret, as a public client', async () => {
    const seen: URLSearchParams[] = []
    const options = {
      issuer: fake.issuer,
      clientId,
      baseURL: origin,
      secret,
      scope: 'openid',
      allowInsecureRequests: true,
    }
    ann = browser({ [origin]: oidc(options)(whoAmI) })
    fake.token = async (body) => (seen.push(body), { status: 400, body: { error: 'invalid_grant' } })
    await comeBack((await begin()).state)
    expect([seen[0]?.get('client_id'), seen[0]?.has('client_secret')]).toEqual([clientId, false])
  })

  it('by a function of oauth4webapi', async () => {
    const clientAuth = (_as: unknown, _client: unknown, body: URLSearchParams): void => body.set('client_secret', 'own')
    expect(await shown({ clientAuth })).toBe('post')
  })
})
