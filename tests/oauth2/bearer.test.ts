import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import type { Auth, OidcOptions } from '@outerware/oauth2'
import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair, UnsecuredJWT, SignJWT } from 'jose'
import { get, promisesMade, record, testContext } from '../support/index.ts'
import {
  browser,
  clientId,
  clientSecret,
  clock,
  forge,
  cookieFor,
  gateTo,
  origin,
  startFakeProvider,
  startProvider,
  whoAmI,
  type FakeProvider,
} from './support/index.ts'

const resource = `${origin}/.well-known/oauth-protected-resource`
const bearer = { audience: origin } as const

let fake: FakeProvider
beforeEach(async () => {
  fake = await startFakeProvider()
})

/** What a gate that takes tokens answers. */
async function ask(
  site: App,
  authorization: string | undefined,
  headers: Record<string, string> = {},
  path = '/api',
): Promise<Response> {
  const given = authorization === undefined ? {} : { authorization }
  return site(get(origin + path, { ...given, ...headers }), testContext())
}

const gate = (options: Partial<OidcOptions<readonly []>> = {}): App => gateTo(fake, { bearer, ...options })(whoAmI)

describe('a good token (RFC 9068)', () => {
  it('lets its user in, without a cookie, and says who it is (R35)', async () => {
    const token = await fake.accessToken({ email: 'ann@example.com', jti: 'token-1', scope: 'read' })
    let auth: Auth | undefined
    const app: App<{ auth: Auth }> = (_request, context) => ((auth = context.auth), respond('x'))
    const response = await ask(gateTo(fake, { bearer })(app), `Bearer ${token}`)
    expect([response.status, response.headers.getSetCookie()]).toEqual([200, []])
    expect(auth).toMatchObject({ kind: 'bearer', sub: 'ann', email: 'ann@example.com', sid: 'token-1' })
    expect(auth?.claims).toMatchObject({ scope: 'read', client_id: 'app' })
    expect(await auth?.accessToken()).toBe(token)
    expect(Object.isFrozen(auth?.claims)).toBe(true)
  })

  it.each(['bearer', 'BEARER', 'Bearer  '])('in any case of the scheme: %s', async (scheme) => {
    expect((await ask(gate(), `${scheme} ${await fake.accessToken()}`)).status).toBe(200)
  })

  it('marks the answer: private, and chosen by Authorization (R56)', async () => {
    const { headers } = await ask(gate(), `Bearer ${await fake.accessToken()}`)
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['private', 'cookie, authorization'])
  })

  it('brings identity headers, and made-up ones are removed (R52)', async () => {
    const inner = record()
    const site = gateTo(fake, { bearer, identityHeaders: { 'x-forwarded-user': 'sub' } })(inner)
    await ask(site, `Bearer ${await fake.accessToken()}`, { 'x-forwarded-user': 'root', x_forwarded_email: 'root' })
    expect(inner.requests[0]!.headers.get('x-forwarded-user')).toBe('ann')
    expect(inner.requests[0]!.headers.has('x_forwarded_email')).toBe(false)
  })

  it.each<[string, Partial<OidcOptions<readonly []>>]>([
    ['another audience of a list', { bearer: { audience: ['urn:api', origin] } }],
    ['an issuer given by name', { bearer: { audience: origin } }],
  ])('of %s', async (_what, options) => {
    expect((await ask(gate(options), `Bearer ${await fake.accessToken({ aud: ['urn:else', origin] })}`)).status).toBe(
      200,
    )
  })

  it.each(['', '/'])(
    'of an issuer that the options name with a slash too many or too few: its own ends in %j',
    async (end) => {
      const issuer = `${fake.issuer}${end}`
      fake.metadata['issuer'] = issuer
      const named = `${fake.issuer}${end === '' ? '/' : ''}`
      const site = gateTo({ issuer: named }, { bearer })(whoAmI)
      expect((await ask(site, `Bearer ${await fake.accessToken({ iss: issuer })}`)).status).toBe(200)
      expect((await ask(site, `Bearer ${await fake.accessToken({ iss: named })}`)).status).toBe(401)
    },
  )

  it('of a second issuer is checked with the keys of that one, found by RFC 8414 where it has no OpenID', async () => {
    const other = await startFakeProvider()
    other.wellKnown = 'oauth-authorization-server'
    const site = gate({ bearer: { audience: origin, issuers: [fake.issuer, other.issuer] } })
    expect((await ask(site, `Bearer ${await other.accessToken()}`)).status).toBe(200)
    expect((await ask(site, `Bearer ${await fake.accessToken()}`)).status).toBe(200)
    // Signed by one, said to be of the other.
    expect((await ask(site, `Bearer ${await other.accessToken({ iss: fake.issuer })}`)).status).toBe(401)
    expect((await ask(gate(), `Bearer ${await other.accessToken()}`)).status).toBe(401)
  })
})

describe('a token that is not good: 401 with invalid_token, never a redirect (R35, R36, R37)', () => {
  const now = Math.floor(Date.now() / 1000)
  it.each<[string, () => Promise<string>]>([
    ['an ID token', () => fake.idToken({ aud: origin, client_id: 'app', jti: '1' }, { typ: 'JWT' })],
    ['an ID token without typ', () => fake.idToken({ aud: origin, client_id: 'app', jti: '1' })],
    ['typ JWT', () => fake.accessToken({}, { typ: 'JWT' })],
    ['no typ', () => fake.accessToken({}, { typ: undefined })],
    ['another issuer', () => fake.accessToken({ iss: 'https://evil.test' })],
    ['an issuer with a slash more', () => fake.accessToken({ iss: `${fake.issuer}/` })],
    ['no issuer', () => fake.accessToken({ iss: undefined })],
    ['another audience', () => fake.accessToken({ aud: 'https://other.test' })],
    ['this client as the audience', () => fake.accessToken({ aud: clientId })],
    ['no audience', () => fake.accessToken({ aud: undefined })],
    ['expired', () => fake.accessToken({ exp: now - 60 })],
    ['without end', () => fake.accessToken({ exp: undefined })],
    ['issued in the future', () => fake.accessToken({ iat: now + 3600, exp: now + 7200 })],
    ['not yet good', () => fake.accessToken({ nbf: now + 3600 })],
    ['no iat', () => fake.accessToken({ iat: undefined })],
    ['no sub', () => fake.accessToken({ sub: undefined })],
    ['an empty sub', () => fake.accessToken({ sub: '' })],
    ['a sub that is no string', () => fake.accessToken({ sub: 7 })],
    ['no client_id', () => fake.accessToken({ client_id: undefined })],
    ['no jti', () => fake.accessToken({ jti: undefined })],
    ['bound to a certificate that nobody shows (R38)', () => fake.accessToken({ cnf: { 'x5t#S256': 'x' } })],
    ['bound to a key, with no proof (R38)', () => fake.accessToken({ cnf: { jkt: 'x' } })],
    ['a key of nobody', async () => fake.accessToken({}, {}, (await generateKeyPair('ES256')).privateKey)],
    ['a shared secret', () => hmac(fake)],
    ['no signature', async () => unsigned(await fake.accessToken())],
    ['a payload that was changed', async () => tampered(await fake.accessToken())],
    ['a signature that was cut', async () => (await fake.accessToken()).slice(0, -10)],
    ['opaque', async () => 'dGhpcyBpcyBub3QgYSBKV1Q'],
    ['two segments', async () => (await fake.accessToken()).split('.').slice(0, 2).join('.')],
    ['JSON that is none', async () => `${base64url.encode('{')}.${base64url.encode('{')}.x`],
  ])('%s', async (_what, make) => {
    const response = await ask(gate(), `Bearer ${await make()}`, { 'sec-fetch-mode': 'navigate', accept: 'text/html' })
    expect([response.status, response.headers.get('location')]).toEqual([401, null])
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer error="invalid_token", error_description="The token is expired, or not good here", ' +
        `resource_metadata="${resource}"`,
    )
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('is told to on.refused, without the token', async () => {
    const refused: unknown[] = []
    const token = await fake.accessToken({ aud: 'urn:other' })
    await ask(
      gate({ on: { refused: ({ status, error }) => void refused.push([status, error?.code]) } }),
      `Bearer ${token}`,
    )
    expect(refused).toEqual([[401, 'ERR_ACCESS_TOKEN']])
    expect(JSON.stringify(refused)).not.toContain(token.slice(-20))
  })
})

describe('what the challenge says (RFC 6750, section 3)', () => {
  it('no error code where no credentials came, and Bearer before the cookie', async () => {
    const response = await ask(gate(), undefined)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer resource_metadata="${resource}", Cookie realm="${origin}", form-action="${origin}/auth/login"`,
    )
  })

  it('nor where they are of another scheme, which no cookie makes good', async () => {
    const cookie = cookieFor(forge(fake.issuer, { sid: 'one' }))
    const response = await ask(gate(), 'Basic YTpi', { cookie })
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer resource_metadata="${resource}"`,
    ])
  })

  it.each(['Bearer', 'Bearer ', 'Bearer a b', 'Bearer a,b', 'Bearer "a"', 'Bearer a, Bearer b', 'Bearer ä'])(
    '400 with invalid_request: %s',
    async (authorization) => {
      const response = await ask(gate(), authorization)
      expect(response.status).toBe(400)
      expect(response.headers.get('www-authenticate')).toContain('error="invalid_request"')
    },
  )

  it('403 with insufficient_scope and the scopes that are wanted (R37)', async () => {
    const site = gate({ bearer: { audience: origin, scopes: ['read', 'write'] } })
    for (const scope of ['read', 'readwrite', undefined, 'read write2']) {
      const response = await ask(site, `Bearer ${await fake.accessToken({ scope })}`)
      expect(response.status).toBe(403)
      expect(response.headers.get('www-authenticate')).toBe(
        'Bearer error="insufficient_scope", error_description="The token lacks one of these scopes: read write", ' +
          `scope="read write", resource_metadata="${resource}"`,
      )
    }
    expect((await ask(site, `Bearer ${await fake.accessToken({ scope: 'write other read' })}`)).status).toBe(200)
    expect((await ask(site, undefined)).headers.get('www-authenticate')).toContain('Bearer scope="read write"')
  })
})

describe('a token and cookies are never mixed (R40)', () => {
  it('a token that is not good is not made good by a session', async () => {
    const cookie = cookieFor(forge(fake.issuer, { sid: 'one' }))
    expect((await ask(gate(), undefined, { cookie })).status).toBe(200)
    expect((await ask(gate(), 'Bearer nonsense', { cookie })).status).toBe(401)
  })

  it('a good one is its own user, not that of the session, and the app sees no cookie of the gate', async () => {
    const cookie = cookieFor(forge(fake.issuer, { sid: 'one', claims: { sub: 'bob' } }))
    const inner = record()
    const context = testContext()
    const request = get(`${origin}/`, { cookie, authorization: `Bearer ${await fake.accessToken()}` })
    const response = await gateTo(fake, { bearer })(inner)(request, context)
    expect(context).toHaveProperty('auth.sub', 'ann')
    expect(inner.requests[0]!.headers.has('cookie')).toBe(false)
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('without the option the field is the business of the app, and no token opens anything', async () => {
    expect((await ask(gateTo(fake)(whoAmI), `Bearer ${await fake.accessToken()}`)).status).toBe(401)
    const inner = record()
    const cookie = cookieFor(forge(fake.issuer, { sid: 'one' }))
    await gateTo(fake)(inner)(get(`${origin}/`, { cookie, authorization: 'Bearer theirs' }), testContext())
    expect(inner.requests[0]!.headers.get('authorization')).toBe('Bearer theirs')
  })
})

describe('on public paths', () => {
  const open = (): App => gateTo(fake, { bearer, publicPaths: ['/public'] })(whoAmI)

  it('a good token says who is there', async () => {
    const response = await ask(open(), `Bearer ${await fake.accessToken()}`, {}, '/public')
    expect(await response.json()).toMatchObject({ sub: 'ann' })
  })

  it('another one is nobody’s, and caches are told that it may be somebody’s', async () => {
    const response = await ask(open(), 'Bearer nonsense', {}, '/public')
    expect([response.status, response.headers.get('vary')]).toEqual([200, 'authorization'])
    expect(await response.json()).not.toHaveProperty('sub')
  })
})

describe('allow', () => {
  it('is asked of tokens too: 403, and no error code, since no other scope would help', async () => {
    const site = gate({ allow: { groups: ['staff'] } })
    const response = await ask(site, `Bearer ${await fake.accessToken({ groups: ['guests'] })}`)
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([403, null])
    expect((await ask(site, `Bearer ${await fake.accessToken({ groups: ['staff'] })}`)).status).toBe(200)
  })

  it.each<[string, (auth: Auth) => boolean | Promise<boolean>]>([
    ['at once', ({ kind }) => kind === 'session'],
    ['later', async ({ kind }) => kind === 'session'],
  ])('check, which answers %s, hears that it is a token', async (_when, check) => {
    const token = await fake.accessToken()
    expect((await ask(gate({ allow: { check } }), `Bearer ${token}`)).status).toBe(403)
    const other = (auth: Auth): boolean | Promise<boolean> => check({ ...auth, kind: 'session' })
    expect((await ask(gate({ allow: { check: other } }), `Bearer ${token}`)).status).toBe(200)
  })
})

describe('keys of the issuer', () => {
  it('are fetched once for a crowd, and a token is checked once', async () => {
    const site = gate()
    const tokens = await Promise.all(Array.from({ length: 10 }, () => fake.accessToken()))
    const answers = await Promise.all([...tokens, ...tokens].map((token) => ask(site, `Bearer ${token}`)))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect([fake.count('/jwks'), fake.count('/.well-known/openid-configuration')]).toEqual([1, 1])
  })

  it('that have changed are fetched again, once for a crowd', async () => {
    const site = gate()
    expect((await ask(site, `Bearer ${await fake.accessToken()}`)).status).toBe(200)
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    fake.jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'two', alg: 'ES256', use: 'sig' }] }
    const tokens = await Promise.all(Array.from({ length: 10 }, () => fake.accessToken({}, { kid: 'two' }, privateKey)))
    const answers = await Promise.all(tokens.map((token) => ask(site, `Bearer ${token}`)))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(fake.count('/jwks')).toBe(2)
  })

  it('are fetched every ten seconds at most, whatever kid somebody makes up', async () => {
    const site = gate()
    const time = clock()
    time.stop()
    for (let i = 0; i < 20; i++) {
      expect((await ask(site, `Bearer ${await fake.accessToken({}, { kid: `made up ${i}` })}`)).status).toBe(401)
      time.forward(1)
    }
    time.restore()
    // At first; for the first of the unknown; ten seconds later.
    expect(fake.count('/jwks')).toBe(3)
  })

  it('are fetched for an unknown key though the clock has been set back since the last time', async () => {
    const site = gate()
    const time = clock()
    time.forward(3600)
    expect((await ask(site, `Bearer ${await fake.accessToken({}, { kid: 'made up' })}`)).status).toBe(401)
    time.restore()
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    fake.jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'two', alg: 'ES256' }] }
    expect((await ask(site, `Bearer ${await fake.accessToken({}, { kid: 'two' }, privateKey)}`)).status).toBe(200)
  })

  it('are not asked of an issuer that is not taken', async () => {
    const other = await startFakeProvider()
    await ask(gate(), `Bearer ${await other.accessToken()}`)
    expect([other.count('/jwks'), other.count('/.well-known/openid-configuration')]).toEqual([0, 0])
  })

  it('that were known are good while the issuer is in trouble', async () => {
    const site = gate()
    expect((await ask(site, `Bearer ${await fake.accessToken()}`)).status).toBe(200)
    fake.down = true
    const time = clock()
    time.forward(400)
    expect((await ask(site, `Bearer ${await fake.accessToken()}`)).status).toBe(200)
    time.restore()
  })

  it('that were never known make it 503 with Retry-After, not 401: the token may be good', async () => {
    const { jwks_uri: _, ...metadata } = fake.metadata
    fake.metadata = { ...metadata, jwks_uri: 'http://127.0.0.1:1/jwks' }
    const response = await ask(gate(), `Bearer ${await fake.accessToken()}`)
    expect([response.status, response.headers.get('retry-after'), response.headers.get('www-authenticate')]).toEqual([
      503,
      '5',
      null,
    ])
  })
})

describe('the cache of tokens', () => {
  it('answers for a known token at once: no promise is made, nobody is asked', async () => {
    const site = gateTo(fake, { bearer })(() => respond('x'))
    const request = get(`${origin}/`, { authorization: `Bearer ${await fake.accessToken()}` })
    await site(request, testContext())
    const context = testContext()
    expect(promisesMade(() => site(request, context))).toBe(0)
    expect(fake.count('/jwks')).toBe(1)
  })

  it('lets none live longer than it says', async () => {
    const site = gate()
    const time = clock()
    time.stop()
    const token = await fake.accessToken({ exp: Math.floor(Date.now() / 1000) + 100 })
    expect((await ask(site, `Bearer ${token}`)).status).toBe(200)
    time.forward(125)
    // The clock of the issuer may be 30 seconds off.
    expect((await ask(site, `Bearer ${token}`)).status).toBe(200)
    time.forward(10)
    expect((await ask(site, `Bearer ${token}`)).status).toBe(401)
    time.restore()
  })

  it('looks again after five minutes, so that a key that was withdrawn is not good for long', async () => {
    const site = gate()
    const token = await fake.accessToken({ exp: Math.floor(Date.now() / 1000) + 3600 })
    expect((await ask(site, `Bearer ${token}`)).status).toBe(200)
    const { publicKey } = await generateKeyPair('ES256')
    fake.jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'two', alg: 'ES256', use: 'sig' }] }
    const time = clock()
    time.forward(301)
    expect((await ask(site, `Bearer ${token}`)).status).toBe(401)
    time.restore()
  })

  it('takes the whole token for the key: another one with the same end is another one', async () => {
    const site = gate()
    const token = await fake.accessToken()
    expect((await ask(site, `Bearer ${token}`)).status).toBe(200)
    expect((await ask(site, `Bearer ${tampered(token)}`)).status).toBe(401)
  })
})

describe('a token that is bound to a key (DPoP, RFC 9449; R38)', () => {
  const proof = async (
    token: string,
    keys: Pair,
    claims: Record<string, unknown> = {},
  ): Promise<Record<string, string>> => {
    const ath = base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))))
    const jwk = await exportJWK(keys.publicKey)
    const said = { htm: 'GET', htu: `${origin}/api`, jti: crypto.randomUUID(), ath, ...claims }
    const dpop = await new SignJWT(said)
      .setIssuedAt()
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .sign(keys.privateKey)
    return { dpop }
  }
  const pair = async (): Promise<{ keys: Pair; token: string }> => {
    const keys = await generateKeyPair('ES256', { extractable: true })
    return {
      keys,
      token: await fake.accessToken({ cnf: { jkt: await calculateJwkThumbprint(await exportJWK(keys.publicKey)) } }),
    }
  }

  it('is good with a proof for this very request, each time another one', async () => {
    const site = gate()
    const { keys, token } = await pair()
    for (let i = 0; i < 2; i++) expect((await ask(site, `DPoP ${token}`, await proof(token, keys))).status).toBe(200)
  })

  it('is not good otherwise, and the challenge is one of DPoP', async () => {
    const site = gate()
    const { keys, token } = await pair()
    const used = await proof(token, keys)
    expect((await ask(site, `DPoP ${token}`, used)).status).toBe(200)
    const wrong = [
      used,
      {},
      await proof(token, await generateKeyPair('ES256', { extractable: true })),
      await proof(token, keys, { htu: `${origin}/other` }),
      await proof(token, keys, { htm: 'POST' }),
      await proof('another', keys),
    ]
    for (const headers of wrong) {
      const response = await ask(site, `DPoP ${token}`, headers)
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_token", .*algs="RS256 /)
    }
    expect((await ask(site, `Bearer ${token}`)).status).toBe(401)
    expect((await ask(site, `Bearer ${token}`, await proof(token, keys))).status).toBe(401)
  })
})

describe('the metadata of the resource (RFC 9728; R39)', () => {
  it('are public, for scripts of any page, and name resource, issuers and scopes', async () => {
    const site = gate({ bearer: { audience: origin, scopes: ['read'] } })
    const response = await ask(
      site,
      undefined,
      { origin: 'https://client.test' },
      '/.well-known/oauth-protected-resource',
    )
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(await response.json()).toEqual({
      resource: origin,
      authorization_servers: [fake.issuer],
      scopes_supported: ['read'],
      bearer_methods_supported: ['header'],
    })
  })

  it('are found where the challenge says, for a site below a path too', async () => {
    const site = gate({ baseURL: `${origin}/app`, bearer: { audience: 'urn:api', issuers: ['https://op.test/'] } })
    const url = `${resource}/app`
    expect((await ask(site, undefined)).headers.get('www-authenticate')).toContain(`resource_metadata="${url}"`)
    const response = await ask(site, undefined, {}, new URL(url).pathname)
    expect(await response.json()).toMatchObject({
      resource: `${origin}/app`,
      authorization_servers: ['https://op.test/'],
    })
  })

  it('are not there where no tokens are taken', async () => {
    expect((await ask(gateTo(fake)(whoAmI), undefined, {}, '/.well-known/oauth-protected-resource')).status).toBe(401)
  })

  it('answer OPTIONS, which browsers ask first, and no POST', async () => {
    const path = `${origin}/.well-known/oauth-protected-resource`
    const ask = async (method: string): Promise<number> =>
      (await gate()(new Request(path, { method }), testContext())).status
    expect([await ask('OPTIONS'), await ask('HEAD'), await ask('POST')]).toEqual([204, 200, 405])
  })
})

describe('tokens of a real provider', () => {
  let token: string
  let site: App
  beforeAll(async () => {
    const info = { scope: 'read write', audience: origin, accessTokenFormat: 'jwt', accessTokenTTL: 600 }
    const provider = await startProvider(
      {
        features: {
          clientCredentials: { enabled: true },
          resourceIndicators: { enabled: true, getResourceServerInfo: () => info, defaultResource: () => origin },
        },
        scopes: ['openid', 'read', 'write'],
      },
      { grant_types: ['authorization_code', 'refresh_token', 'client_credentials'] },
    )
    const body = new URLSearchParams({ grant_type: 'client_credentials', resource: origin, scope: 'read' })
    body.set('client_id', clientId)
    body.set('client_secret', clientSecret)
    const answer: { access_token?: string } = Object(
      await (await fetch(`${provider.issuer}/token`, { method: 'POST', body })).json(),
    )
    token = answer.access_token!
    site = gateTo(provider, { bearer: { audience: origin, scopes: ['read'] } })(whoAmI)
  })

  it('are taken', async () => {
    const response = await ask(site, `Bearer ${token}`)
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ sub: clientId })])
  })

  it('stand beside the sessions of its browsers', async () => {
    const ann = browser({ [origin]: site })
    expect(JSON.parse((await ann.signIn(`${origin}/`)).text)).toMatchObject({ sub: 'ann' })
    const response = await ann.fetch(`${origin}/`, { headers: { authorization: `Bearer ${token}` } })
    expect(await response.json()).toMatchObject({ sub: clientId })
  })
})

type Pair = Awaited<ReturnType<typeof generateKeyPair>>

function unsigned(token: string): string {
  const claims = JSON.parse(new TextDecoder().decode(base64url.decode(token.split('.')[1]!)))
  const [, payload] = new UnsecuredJWT(claims).encode().split('.')
  return `${base64url.encode(JSON.stringify({ alg: 'none', typ: 'at+jwt' }))}.${payload}.`
}

async function hmac(provider: FakeProvider): Promise<string> {
  const claims = JSON.parse(new TextDecoder().decode(base64url.decode((await provider.accessToken()).split('.')[1]!)))
  // The public key, which everybody knows, as a shared secret.
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: 'one', typ: 'at+jwt' })
    .sign(new TextEncoder().encode(JSON.stringify(provider.jwks.keys[0])))
}

function tampered(token: string): string {
  const [header, payload, signature] = token.split('.')
  const claims = JSON.parse(new TextDecoder().decode(base64url.decode(payload!)))
  return `${header}.${base64url.encode(JSON.stringify({ ...claims, sub: 'root' }))}.${signature}`
}
