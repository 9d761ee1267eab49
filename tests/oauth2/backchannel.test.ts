import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import {
  github,
  memoryStore,
  oauth2,
  type BackchannelLogoutEvent,
  type OAuthError,
  type OidcOptions,
  type SessionStore,
} from '@outerware/oauth2'
import { redisStore } from '@outerware/oauth2/redis'
import { exportJWK, generateKeyPair } from 'jose'
import { createServer } from 'node:http'
import { get, listen, testContext } from '../support/index.ts'
import {
  browser,
  callBack,
  clock,
  gateTo,
  isSignedIn,
  logoutEvent,
  logoutToken,
  origin,
  overRedis,
  secret,
  signInAs,
  startFakeProvider,
  startProvider,
  whoAmI,
  type FakeProvider,
} from './support/index.ts'

let fake: FakeProvider
beforeAll(async () => {
  fake = await startFakeProvider()
})

type Options = Partial<OidcOptions<readonly []>>
const gate = (options: Options): App => gateTo(fake, { scope: 'openid', on: { error: () => {} }, ...options })(whoAmI)

/** What back-channel logout does, wherever sessions are; the sites are processes that share what they share. */
function endsSessions(makeSites: () => Promise<readonly [App, App]>): void {
  let sites: readonly [App, App]
  beforeEach(async () => {
    sites = await makeSites()
  })

  it('by sid: that login, and no other of the user (R48)', async () => {
    const [site] = sites
    const [one, two] = [
      await signInAs(fake, site, { sub: 'ann', sid: 'one' }),
      await signInAs(fake, site, { sub: 'ann', sid: 'two' }),
    ]
    const token = await logoutToken(fake, { claims: { sub: undefined, sid: 'one' } })
    expect((await callBack(site, token)).status).toBe(204)
    expect([await isSignedIn(one), await isSignedIn(two)]).toEqual([false, true])
  })

  it('by sid and sub: that login alone, too (R48)', async () => {
    const [site] = sites
    const [one, two] = [
      await signInAs(fake, site, { sub: 'ann', sid: 'three' }),
      await signInAs(fake, site, { sub: 'ann', sid: 'four' }),
    ]
    await callBack(site, await logoutToken(fake, { claims: { sub: 'ann', sid: 'three' } }))
    expect([await isSignedIn(one), await isSignedIn(two)]).toEqual([false, true])
  })

  it('by sub alone: all of the user, and nobody else (R48)', async () => {
    const [site] = sites
    const anns = [await signInAs(fake, site, { sub: 'ann', sid: 'five' }), await signInAs(fake, site, { sub: 'ann' })]
    const bob = await signInAs(fake, site, { sub: 'bob', sid: 'six' })
    await callBack(site, await logoutToken(fake, { claims: { sub: 'ann' } }))
    expect([...(await Promise.all(anns.map(isSignedIn))), await isSignedIn(bob)]).toEqual([false, false, true])
  })

  it('and the user can sign in again (R50)', async () => {
    const [site] = sites
    await signInAs(fake, site, { sub: 'ann', sid: 'seven' })
    await callBack(site, await logoutToken(fake, { claims: { sub: 'ann' } }))
    const again = await signInAs(fake, site, { sub: 'ann', sid: 'eight' })
    expect(await isSignedIn(again)).toBe(true)
    // The same sid, too: some providers go on with it.
    await callBack(site, await logoutToken(fake, { claims: { sid: 'eight' } }))
    expect(await isSignedIn(again)).toBe(false)
    expect(await isSignedIn(await signInAs(fake, site, { sub: 'ann', sid: 'eight' }))).toBe(true)
  })

  it('in another process as well', async () => {
    const [site, other] = sites
    const ann = await signInAs(fake, site, { sub: 'ann', sid: 'nine' })
    const there = browser({ [origin]: other })
    there.jar.set(origin, new Map(ann.jar.get(origin)))
    expect(await isSignedIn(there)).toBe(true)
    await callBack(site, await logoutToken(fake, { claims: { sid: 'nine' } }))
    const time = clock()
    // The stated lag of a denylist; with a store of sessions there is none.
    time.forward(5)
    expect(await isSignedIn(there)).toBe(false)
    time.restore()
  })

  it('of nobody who is here: that is no error', async () => {
    expect((await callBack(sites[0], await logoutToken(fake, { claims: { sub: 'nobody' } }))).status).toBe(204)
  })
}

/** Two processes with these options. */
const twoOf = (options: () => Promise<Options>) => async (): Promise<readonly [App, App]> => {
  const shared = await options()
  return [gate(shared), gate(shared)]
}

describe('the provider ends sessions in memoryStore(),', () => {
  endsSessions(twoOf(async () => ({ session: { store: memoryStore() } })))
})

describe('the provider ends sessions in a store without an index,', () => {
  const plain = (): SessionStore => {
    const store = memoryStore()
    return {
      get: async (key) => store.get(key),
      set: (key, value, options) => store.set(key, value, options),
      delete: (key) => store.delete(key),
    }
  }
  endsSessions(twoOf(async () => ({ session: { store: plain() } })))
})

describe('the provider ends sessions in cookies, by a denylist that is shared (R51),', () => {
  endsSessions(twoOf(async () => ({ backchannelLogout: { store: memoryStore() } })))
})

describe('the provider ends sessions in cookies, by a denylist of the one process (R51),', () => {
  endsSessions(async () => {
    const site = gate({ backchannelLogout: true })
    return [site, site]
  })
})

overRedis('the provider ends sessions over Redis,', (redis) => {
  const store = async (): Promise<SessionStore> => redisStore(await redis().client())
  describe('in the store,', () => {
    endsSessions(async () => [gate({ session: { store: await store() } }), gate({ session: { store: await store() } })])
  })
  describe('in cookies, by a denylist,', () => {
    endsSessions(async () => [
      gate({ backchannelLogout: { store: await store() } }),
      gate({ backchannelLogout: { store: await store() } }),
    ])
  })
})

describe('the denylist of sessions in cookies', () => {
  it('is asked at a hit too: a known cookie opens nothing any more (rules 1 and 6)', async () => {
    const site = gate({ backchannelLogout: true })
    const ann = await signInAs(fake, site, { sub: 'ann', sid: 'one' })
    const cookie = ann.cookieHeader(origin)
    const ask = async (): Promise<number> => (await site(get(`${origin}/`, { cookie }), testContext())).status
    expect([await ask(), await ask()]).toEqual([200, 200])
    await callBack(site, await logoutToken(fake, { claims: { sid: 'one' } }))
    expect([await ask(), await ask()]).toEqual([401, 401])
  })

  it('is asked once more right before a cookie gets into the cache: a logout may come while it is opened (rule 6)', async () => {
    const inner = memoryStore()
    let onLook = async (): Promise<void> => {}
    const store: SessionStore = {
      set: (key, value, options) => inner.set(key, value, options),
      delete: (key) => inner.delete(key),
      async get(key) {
        const value = await inner.get(key)
        await onLook()
        return value
      },
    }
    const ann = await signInAs(fake, gate({ backchannelLogout: { store } }), { sub: 'ann', sid: 'one' })
    const cookie = ann.cookieHeader(origin)
    // A process that has not seen the cookie yet.
    const site = gate({ backchannelLogout: { store } })
    const token = await logoutToken(fake, { claims: { sid: 'one' } })
    let looks = 0
    onLook = async () => {
      // After the last of its three looks: login, sub, sid.
      if (++looks === 3) expect((await callBack(site, token)).status).toBe(204)
    }
    const ask = async (): Promise<number> => (await site(get(`${origin}/`, { cookie }), testContext())).status
    expect([await ask(), await ask()]).toEqual([401, 401])
  })

  it('is told of a local sign-out too, where it is shared: a copy of the cookie opens nothing elsewhere', async () => {
    const store = memoryStore()
    const [site, other] = [gate({ backchannelLogout: { store } }), gate({ backchannelLogout: { store } })]
    const ann = await signInAs(fake, site, { sub: 'ann', sid: 'one' })
    const copy = browser({ [origin]: other })
    copy.jar.set(origin, new Map(ann.jar.get(origin)))
    await ann.fetch(`${origin}/auth/logout`)
    expect(await isSignedIn(copy)).toBe(false)
  })

  it('ends the login that was signed out, though another machine with a fast clock has begun it', async () => {
    const store = memoryStore()
    const [site, other] = [gate({ backchannelLogout: { store } }), gate({ backchannelLogout: { store } })]
    const time = clock()
    time.forward(25)
    const ann = await signInAs(fake, site, { sub: 'ann', sid: 'one' })
    time.restore()
    const copy = browser({ [origin]: other })
    copy.jar.set(origin, new Map(ann.jar.get(origin)))
    await ann.fetch(`${origin}/auth/logout`)
    expect(await isSignedIn(copy)).toBe(false)
  })

  it('that gives no answer lets nobody pass whom it has not judged, and signs nobody out', async () => {
    const store = {
      set: () => {},
      delete: () => {},
      get: async (): Promise<string> => Promise.reject(new Error('x')),
    }
    const site = gate({ backchannelLogout: { store } })
    const ann = await signInAs(fake, site, { sub: 'ann', sid: 'one' })
    const { status, headers } = await ann.fetch(`${origin}/`)
    expect([status, headers.getSetCookie()]).toEqual([503, []])
  })

  it('that gives something else than was put into it lets nobody pass', async () => {
    const get = (key: string) => (key.startsWith('denied:sub:') ? 'no time' : undefined)
    const site = gate({ backchannelLogout: { store: { get, set: () => {}, delete: () => {} } } })
    expect(await isSignedIn(await signInAs(fake, site, { sub: 'ann', sid: 'one' }))).toBe(false)
  })

  it('keeps a sid where only some claims are kept', async () => {
    const site = gate({ backchannelLogout: true, session: { claims: ['email'] } })
    const ann = await signInAs(fake, site, { sub: 'ann', sid: 'one' })
    await callBack(site, await logoutToken(fake, { claims: { sid: 'one' } }))
    expect(await isSignedIn(ann)).toBe(false)
  })
})

describe('a logout token is refused (R47)', () => {
  let site: App
  let refused: (OAuthError | undefined)[]
  beforeAll(() => {
    const on = { refused: ({ error }: { error: OAuthError | undefined }) => void refused.push(error) }
    site = gate({ session: { store: memoryStore() }, on: { ...on, error: () => {} } })
  })
  beforeEach(() => {
    refused = []
  })

  /** Sends it, and sees that nobody is signed out by it. */
  async function expectRefused(token: string): Promise<void> {
    const ann = await signInAs(fake, site, { sub: 'ann', sid: 'one' })
    const response = await callBack(site, token)
    expect([response.status, response.headers.get('cache-control')]).toEqual([400, 'no-store'])
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
    expect(refused).toMatchObject([{ code: 'ERR_LOGOUT_TOKEN' }])
    expect(await isSignedIn(ann)).toBe(true)
  }

  const now = (): number => Math.floor(Date.now() / 1000)

  it.each<[string, Record<string, unknown>]>([
    ['of another issuer', { iss: 'https://evil.test' }],
    ['of an issuer that is spelt another way', { iss: '%ISSUER%/' }],
    ['without an issuer', { iss: undefined }],
    ['for another client', { aud: 'other' }],
    ['without an audience', { aud: undefined }],
    ['without iat', { iat: undefined }],
    ['with an iat in the future', { iat: now() + 3600, exp: now() + 7200 }],
    ['without exp', { exp: undefined }],
    ['that has expired', { iat: now() - 600, exp: now() - 60 }],
    ['without jti', { jti: undefined }],
    ['with a jti that is no text', { jti: 7 }],
    ['with an empty jti', { jti: '' }],
    ['without events', { events: undefined }],
    ['with events that are no object', { events: logoutEvent }],
    ['with events in a list', { events: [logoutEvent] }],
    ['with another event', { events: { 'http://schemas.openid.net/event/other': {} } }],
    ['with an event that is no object', { events: { [logoutEvent]: true } }],
    ['with an event that is null', { events: { [logoutEvent]: null } }],
    ['with neither sub nor sid', { sub: undefined }],
    ['with a sub that is no text', { sub: ['ann'] }],
    ['with an empty sid', { sid: '' }],
    ['with a sid that is no text', { sid: { one: 1 } }],
    ['with a nonce: it may be an ID token', { nonce: 'x' }],
    ['with a nonce that is null', { nonce: null }],
  ])('%s', async (_what, claims) => {
    const { iss } = claims
    const changed = typeof iss === 'string' ? { ...claims, iss: iss.replace('%ISSUER%', fake.issuer) } : claims
    await expectRefused(await logoutToken(fake, { claims: changed }))
  })

  it.each([
    ['whose typ is that of another token', { typ: 'JWT' }],
    ['whose typ is that of an access token', { typ: 'at+jwt' }],
    ['with a critical extension that nobody knows', { crit: ['unheard'], unheard: true }],
    ['with a key that the provider does not have', { kid: 'other' }],
  ])('%s', async (_what, header) => {
    await expectRefused(await logoutToken(fake, { header }))
  })

  it.each([['logout+jwt'], ['LOGOUT+JWT'], ['application/logout+jwt'], [undefined]])(
    'but not for a typ of %p',
    async (typ) => {
      expect((await callBack(site, await logoutToken(fake, { header: { typ }, claims: { sub: 'x' } }))).status).toBe(
        204,
      )
    },
  )

  it('by an ID token of the provider', async () => {
    await expectRefused(await fake.idToken({ nonce: 'x' }))
    await expectRefusedAgain(await fake.idToken())
  })

  const expectRefusedAgain = (token: string): Promise<void> => {
    refused = []
    return expectRefused(token)
  }

  it('signed by somebody else, under the name of the right key', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    await expectRefused(await logoutToken(fake, { key: privateKey }))
  })

  it('signed by a key that it brings along', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(publicKey)
    await expectRefused(await logoutToken(fake, { key: privateKey, header: { jwk } }))
  })

  it('with alg none', async () => {
    const token = await logoutToken(fake)
    const payload = token.split('.')[1]
    const header = Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString('base64url')
    await expectRefused(`${header}.${payload}.`)
  })

  it('signed with the client secret, or with the public key as a secret', async () => {
    const secrets = ['a-secret.that_basic~encoding-changes', JSON.stringify(fake.jwks.keys[0])]
    for (const secret of secrets) {
      refused = []
      const key = Buffer.from(secret)
      await expectRefused(await logoutToken(fake, { key, header: { alg: 'HS256' } }))
    }
  })

  it('with claims that were changed after signing', async () => {
    const [header, payload, signature] = (await logoutToken(fake)).split('.')
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString())
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'ann' })).toString('base64url')
    await expectRefused([header, `${changed.slice(0, -2)}AA`, signature].join('.'))
  })

  it.each([['garbage'], ['a.b.c'], ['a.b'], ['..'], ['a.b.c.d.e'], ['null']])('that is %j', expectRefused)

  it('that was used before, until it expires (R49)', async () => {
    const token = await logoutToken(fake, { claims: { sub: 'bob' } })
    expect((await callBack(site, token)).status).toBe(204)
    await expectRefused(token)
  })
})

describe('the route', () => {
  let site: App
  beforeAll(() => {
    site = gate({ session: { store: memoryStore() } })
  })

  it('takes POST only (R46)', async () => {
    const { status, headers } = await site(get(`${origin}/auth/backchannel-logout`), testContext())
    expect([status, headers.get('allow')]).toEqual([405, 'POST'])
  })

  it.each<[string, RequestInit]>([
    ['another type', { headers: { 'content-type': 'application/json' }, body: '{}' }],
    ['no token', { body: 'a=b' }],
    ['an empty token', { body: 'logout_token=' }],
    ['two tokens', { body: 'logout_token=a&logout_token=b' }],
    ['no body', { body: null }],
    ['a body that is too large', { body: `logout_token=${'x'.repeat(70_000)}` }],
  ])('answers 400 to %s, with no-store (R46)', async (_what, { headers = {}, body }) => {
    const type = { 'content-type': 'application/x-www-form-urlencoded', ...Object(headers) }
    const request = get(`${origin}/auth/backchannel-logout`, type, { method: 'POST', body: body ?? null })
    const response = await site(request, testContext())
    expect([response.status, response.headers.get('cache-control')]).toEqual([400, 'no-store'])
  })

  it('is checked by the keys that are known from logins: they are fetched once', async () => {
    const other = await startFakeProvider()
    const there = gateTo(other, { scope: 'openid', session: { store: memoryStore() } })(whoAmI)
    const ann = await signInAs(other, there, { sub: 'ann' })
    expect((await callBack(there, await logoutToken(other))).status).toBe(204)
    expect([await isSignedIn(ann), other.count('/jwks')]).toEqual([false, 1])
  })

  it('may be signed by a key that the provider has just changed to', async () => {
    const other = await startFakeProvider()
    const there = gateTo(other, { scope: 'openid', session: { store: memoryStore() } })(whoAmI)
    expect((await callBack(there, await logoutToken(other))).status).toBe(204)
    const { privateKey: key, publicKey } = await generateKeyPair('ES256')
    other.jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'two', alg: 'ES256', use: 'sig' }] }
    const header = { kid: 'two' }
    expect((await callBack(there, await logoutToken(other, { header, key }))).status).toBe(204)
    expect((await callBack(there, await logoutToken(other, { header: { kid: 'three' } }))).status).toBe(400)
    expect(other.count('/jwks')).toBe(2)
  })

  it('answers 400 while the provider gives no keys, and takes the token later', async () => {
    const other = await startFakeProvider()
    const errors: OAuthError[] = []
    const there = gateTo(other, {
      session: { store: memoryStore() },
      on: { error: (error) => void errors.push(error) },
    })(whoAmI)
    const { jwks } = other
    const token = await logoutToken(other)
    Object.assign(other, { jwks: 'no keys' })
    const response = await callBack(there, token)
    expect([response.status, await response.json()]).toMatchObject([400, { error: 'temporarily_unavailable' }])
    expect(errors).toMatchObject([{ code: 'ERR_PROVIDER_FAILED' }])
    Object.assign(other, { jwks })
    const time = clock()
    // A provider in trouble is left alone for a second.
    time.forward(2)
    expect((await callBack(there, token)).status).toBe(204)
    time.restore()
  })

  it('answers 400 while the store cannot be told, and takes the same token later', async () => {
    const store = memoryStore()
    const { members } = store
    const there = gate({ session: { store } })
    const ann = await signInAs(fake, there, { sub: 'ann' })
    const token = await logoutToken(fake)
    store.members = async () => Promise.reject(new Error('x'))
    expect([(await callBack(there, token)).status, await isSignedIn(ann)]).toEqual([400, true])
    store.members = members!.bind(store)
    expect([(await callBack(there, token)).status, await isSignedIn(ann)]).toEqual([204, false])
  })

  it('is not there without the option: cookies alone cannot be ended', async () => {
    const { status } = await callBack(gate({}), await logoutToken(fake))
    expect(status).toBe(401)
    expect((await callBack(gate({ session: { store: memoryStore() }, backchannelLogout: false }), 'x')).status).toBe(
      401,
    )
  })

  it('is not there for oauth2(): a provider without OpenID Connect has no logout tokens', async () => {
    const provider = github()
    const site = oauth2({ provider, clientId: 'site', baseURL: origin, secret, session: { store: memoryStore() } })(
      whoAmI,
    )
    expect((await callBack(site, 'x')).status).toBe(401)
  })

  it('lies elsewhere by option', async () => {
    const there = gate({ backchannelLogout: true, routes: { backchannelLogout: '/hooks/signed-out' } })
    const body = new URLSearchParams({ logout_token: await logoutToken(fake) }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
    const request = get(`${origin}/hooks/signed-out`, headers, { method: 'POST', body })
    expect((await there(request, testContext())).status).toBe(204)
  })

  it('tells on.backchannelLogout whose sessions have ended', async () => {
    const events: BackchannelLogoutEvent[] = []
    const there = gate({ backchannelLogout: true, on: { backchannelLogout: (event) => void events.push(event) } })
    await callBack(there, await logoutToken(fake, { claims: { sid: 'one' } }))
    await callBack(there, await logoutToken(fake, { claims: { sub: 'bob' } }))
    expect(events).toEqual([
      { sid: 'one', sub: 'ann' },
      { sid: undefined, sub: 'bob' },
    ])
  })

  it('needs no cookie and no Origin, and is no place to be sent to after login', async () => {
    const ann = await signInAs(fake, site, { sub: 'ann' })
    const { headers } = await ann.fetch(`${origin}/auth/logout?returnTo=/auth/backchannel-logout`)
    expect(headers.get('location')).toBe(`${origin}/`)
  })
})

it('a user who signs out at a real provider is signed out here', async () => {
  const pages = {
    logoutSource: (ctx: { body: unknown }, form: string) => void (ctx.body = form),
    postLogoutSuccessSource: (ctx: { body: unknown }) => void (ctx.body = 'bye'),
  }
  const server = createServer((req, res) => listener(req, res))
  const { url, close } = await listen(server)
  const real = await startProvider(
    { features: { backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true, ...pages } } },
    {
      redirect_uris: [`${url}/auth/callback`],
      post_logout_redirect_uris: [`${url}/auth/logout`],
      backchannel_logout_uri: `${url}/auth/backchannel-logout`,
      backchannel_logout_session_required: true,
    },
  )
  const events: BackchannelLogoutEvent[] = []
  const site = gateTo(real, {
    baseURL: url,
    allowInsecureRequests: true,
    session: { store: memoryStore() },
    on: { backchannelLogout: (event) => void events.push(event) },
  })(whoAmI)
  const listener = toNode(site)
  const ann = browser({})
  expect((await ann.signIn(`${url}/`)).status).toBe(200)
  const form = await ann.open(`${real.issuer}/session/end`)
  const { warn } = console
  console.warn = () => {} // It calls back to loopback, of which it warns.
  await ann.submit(form, { logout: 'yes' })
  console.warn = warn
  expect((await ann.fetch(`${url}/`)).status).toBe(303)
  expect(events).toEqual([{ sid: expect.any(String), sub: 'ann' }])
  await close()
})
