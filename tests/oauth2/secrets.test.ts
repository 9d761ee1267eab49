import { beforeAll, beforeEach, expect, it } from '@jest/globals'
import { inspect } from 'node:util'
import type { App } from '@outerware/core'
import { memoryStore, type OAuthError, type SessionStore } from '@outerware/oauth2'
import { exportJWK, generateKeyPair } from 'jose'
import { get, testContext } from '../support/index.ts'
import {
  boundToken,
  browser,
  callBack,
  clientSecret,
  clock,
  gateTo,
  logoutToken,
  origin,
  secret,
  signInAs,
  startFakeProvider,
  startProvider,
  whoAmI,
  type TestProvider,
} from './support/index.ts'

// Everything that is written, sent or shown goes here, and is searched at the end of each test.
let shown: string[]
let provider: TestProvider
const written = { log: console.log, info: console.info, warn: console.warn, error: console.error }
beforeAll(async () => {
  provider = await startProvider()
})
beforeEach(() => {
  shown = []
  provider.interfere = undefined
})

/** Everything of a value that a log could print. */
const note = (...values: unknown[]): void =>
  void shown.push(inspect(values, { depth: 20, showHidden: true, getters: true }))

/** Runs with a console that is listened to. */
async function overheard<T>(run: () => Promise<T>): Promise<T> {
  Object.assign(console, { log: note, info: note, warn: note, error: note })
  try {
    return await run()
  } finally {
    Object.assign(console, written)
  }
}

/** Fails if one of these was shown, whole or in parts. */
function expectHidden(secrets: readonly (string | null | undefined)[]): void {
  for (const value of secrets) {
    expect(typeof value).toBe('string')
    for (const text of shown) expect(text).not.toContain(value!.slice(0, 24))
  }
}

it('a login, a refresh and a logout show no token, no code, no secret (R26)', async () => {
  const tokens: (string | undefined)[] = []
  const site: App = gateTo(provider)(async (request, context) => {
    tokens.push(await context.auth.accessToken())
    note([...request.headers], request.url)
    return new Response(context.auth.sub)
  })
  const ann = browser({ [origin]: site })
  const time = clock()
  const codes: string[] = []
  await overheard(async () => {
    const back = await ann.signIn(`${origin}/page`, 'ann', {
      stopAt: (url) => url.startsWith(`${origin}/auth/callback`),
    })
    codes.push(new URL(back.url).searchParams.get('code')!)
    const page = await ann.open(back.url)
    // The address of the callback is the provider's doing; what we send the browser to is ours.
    note(
      page.chain.slice(1),
      page.text,
      [...page.headers].filter(([name]) => name !== 'set-cookie'),
    )
    time.forward(560)
    const refreshed = await ann.open(`${origin}/`)
    note(
      refreshed.chain,
      refreshed.text,
      [...refreshed.headers].filter(([name]) => name !== 'set-cookie'),
    )
    const { url, chain } = await ann.open(`${origin}/auth/logout`, {
      stopAt: (next) => next.startsWith(provider.issuer),
    })
    note(url, chain)
  })
  time.restore()
  const refreshTokens = provider
    .bodies('/token')
    .map((body) => body.get('refresh_token'))
    .filter((token) => token !== null)
  const verifiers = provider
    .bodies('/token')
    .map((body) => body.get('code_verifier'))
    .filter((verifier) => verifier !== null)
  expect([new Set(tokens).size, refreshTokens.length, verifiers.length]).toEqual([2, 1, 1])
  expectHidden([...tokens, ...refreshTokens, ...verifiers, ...codes, clientSecret, secret])
})

it('errors show none, whatever the provider answers, to hooks and to the console', async () => {
  const fake = await startFakeProvider()
  const errors: OAuthError[] = []
  const refused = ({ error }: { error: OAuthError | undefined }): void => void (error && errors.push(error))
  const site = gateTo(fake, { scope: 'openid', on: { refused } })(whoAmI)
  const hidden = {
    access_token: 'access-token-that-nobody-may-see',
    refresh_token: 'refresh-token-that-nobody-may-see',
  }
  const answers = [
    { status: 200, body: { ...hidden, token_type: 'mac' } },
    { status: 200, body: { ...hidden, token_type: 'Bearer' } },
    { status: 200, body: { ...hidden, token_type: 'Bearer', id_token: 'id-token-that-nobody-may-see.x.y' } },
    {
      status: 200,
      body: {
        ...hidden,
        token_type: 'Bearer',
        id_token: await fake.idToken({ nonce: 'nonce-that-nobody-may-see-now' }),
      },
    },
    { status: 200, body: { ...hidden, token_type: 'Bearer', expires_in: 'never', id_token: 'x' } },
    { status: 400, body: { error: 'invalid_grant', error_description: hidden.refresh_token, ...hidden } },
    { status: 401, body: { error: 'invalid_client', error_description: clientSecret } },
    { status: 500, body: hidden },
    { status: 200, body: JSON.stringify(hidden).slice(1) },
  ]
  await overheard(async () => {
    for (const answer of answers) {
      const ann = browser({ [origin]: site })
      const { url } = await ann.open(`${origin}/`, { stopAt: (next) => next.startsWith(fake.issuer) })
      fake.token = async () => answer
      const state = new URL(url).searchParams.get('state')
      const page = await ann.open(`${origin}/auth/callback?code=code-that-nobody-may-see-here&state=${state}`)
      expect(page.status).toBeGreaterThanOrEqual(400)
      note(page.text, [...page.headers])
    }
  })
  expect(errors).toHaveLength(answers.length)
  for (const error of errors) note(error, error.message, error.stack, JSON.stringify(error), Object.entries(error))
  const values = [
    ...Object.values(hidden),
    'id-token-that-nobody-may-see',
    'nonce-that-nobody-may-see-now',
    'code-that-nobody-may-see-here',
  ]
  expectHidden([...values, clientSecret, secret])
})

it('a refresh that fails shows none', async () => {
  const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
  await ann.signIn(`${origin}/`)
  const time = clock()
  time.forward(601)
  provider.interfere = (req, res) => {
    if (req.url !== '/token') return false
    res.writeHead(503).end('down')
    return true
  }
  await overheard(async () => note((await ann.open(`${origin}/`)).text))
  time.restore()
  expect(shown.some((text) => text.includes('ERR_PROVIDER_FAILED'))).toBe(true)
  expectHidden([clientSecret, secret])
  for (const text of shown) expect(text).not.toMatch(/refresh_token=|Bearer /)
})

it('the app cannot print the tokens by printing auth', async () => {
  let token: string | undefined
  const site = gateTo(provider)(async (_request, { auth }) => {
    note(auth)
    note(JSON.stringify(auth))
    token = await auth.accessToken()
    return new Response('x')
  })
  await browser({ [origin]: site }).signIn(`${origin}/`)
  expectHidden([token])
})

it('a 401 tells nobody who was there', async () => {
  const response = await gateTo(provider)(whoAmI)(get(`${origin}/`, { cookie: '__Host-oidc=x' }), testContext())
  expect(await response.text()).not.toMatch(/cookie|session|ann/i)
})

it('a store that fails, and logouts that the provider sends, show no token and no id', async () => {
  const fake = await startFakeProvider()
  const inner = memoryStore()
  const failure = Object.assign(new Error('cannot reach redis://user:password-of-the-store@10.0.0.1'), {
    code: 'EPIPE',
  })
  let isDown = false
  const orFail = <T>(value: T): T => {
    if (isDown) throw failure
    return value
  }
  const store: SessionStore = {
    get: async (key) => orFail(inner.get(key)),
    set: async (key, value, options) => orFail(inner.set(key, value, options)),
    delete: async (key) => orFail(inner.delete(key)),
    index: (set, key, ttl) => inner.index!(set, key, ttl),
    members: (set) => inner.members!(set),
  }
  const site = gateTo(fake, { scope: 'openid', session: { store }, on: { refused: ({ error }) => note(error) } })(
    whoAmI,
  )
  const tokens: string[] = []
  let id = ''
  await overheard(async () => {
    const ann = await signInAs(fake, site, { sub: 'ann', sid: 'one' })
    id = ann.jar.get(origin)!.get('__Host-oidc')!.value
    isDown = true
    for (const path of ['/', '/auth/logout']) note((await ann.open(origin + path)).text)
    tokens.push(await logoutToken(fake, { claims: { sub: 'ann' } }))
    note(await (await callBack(site, tokens[0]!)).text())
    isDown = false
    tokens.push(
      await logoutToken(fake, { claims: { nonce: 'x' } }),
      await logoutToken(fake, { claims: { sub: 'ann' } }),
    )
    for (const token of tokens.slice(1)) note(await (await callBack(site, token)).text())
  })
  expect(shown.some((text) => text.includes('ERR_STORE'))).toBe(true)
  expect(shown.some((text) => text.includes('ERR_LOGOUT_TOKEN'))).toBe(true)
  const parts = tokens.flatMap((token) => token.split('.').slice(1))
  expectHidden([id, ...parts, 'password-of-the-store', clientSecret, secret])
})

it('a token of an API client is in no answer, no event and no line, good or not (R26)', async () => {
  const fake = await startFakeProvider()
  const good = await fake.accessToken({ scope: 'read' })
  const wrong = await fake.accessToken({ aud: 'urn:other', scope: 'read' })
  const narrow = await fake.accessToken({ scope: 'none' })
  const on = { refused: note, error: note }
  const site = gateTo(fake, { bearer: { audience: origin, scopes: ['read'] }, on })(() => new Response('x'))
  await overheard(async () => {
    for (const token of [good, wrong, narrow, `${good}x`, `${good} x`]) {
      // The event has the request too, whose fields the app may log or not: it is not what the gate says.
      const hidden = new Request(`${origin}/`, { headers: { authorization: `Bearer ${token}` } })
      Object.defineProperty(hidden, inspect.custom, { value: () => 'the request' })
      const response = await site(hidden, testContext())
      note([...response.headers], await response.text())
    }
  })
  expectHidden([good, wrong, narrow].map((token) => token.slice(-60)))
})

it('neither the key of a login nor that of the client is shown where they are refused (R26)', async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const clientKey = await exportJWK(privateKey)
  const own = await startProvider({ features: { dPoP: { enabled: true } } })
  const ann = browser({ [origin]: gateTo(own, { dpop: true, clientKey, on: { refused: note, error: note } })(whoAmI) })
  await overheard(async () => {
    const page = await ann.signIn(`${origin}/`)
    expect(page.status).toBe(502)
    note(page, [...ann.jar])
  })
  expectHidden([clientKey.d])
})

it('a token that is bound to a key, and its proof, are in no answer, no event and no line, good or not (R26)', async () => {
  const fake = await startFakeProvider()
  const store = memoryStore()
  const site = gateTo(fake, { bearer: { audience: origin }, session: { store }, on: { refused: note, error: note } })(
    () => new Response('x'),
  )
  const good = await boundToken(fake)
  const { dpop } = await boundToken(fake)
  const statuses: number[] = []
  await overheard(async () => {
    // The second time the proof is used up; the others are those of another token, no proof, and no scheme for it.
    const as = { authorization: good.authorization.replace('DPoP', 'Bearer') }
    for (const headers of [good, good, { ...good, dpop }, { authorization: good.authorization }, as]) {
      const request = get(`${origin}/`, headers)
      Object.defineProperty(request, inspect.custom, { value: () => 'the request' })
      const response = await site(request, testContext())
      statuses.push(response.status)
      note([...response.headers], await response.text())
    }
  })
  expect(statuses).toEqual([200, 401, 401, 401, 401])
  const parts = [good.authorization.slice(5), good.dpop, dpop].flatMap((token) => token.split('.').slice(1))
  expectHidden(parts)
})
