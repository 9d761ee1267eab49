import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import { memoryStore, type OAuthError, type OidcOptions, type SessionStore } from '@outerware/oauth2'
import { redisStore } from '@outerware/oauth2/redis'
import { get, testContext } from '../support/index.ts'
import {
  boundToken,
  browser,
  callBack,
  gateTo,
  logoutToken,
  origin,
  overRedis,
  startFakeProvider,
  whoAmI,
  type FakeProvider,
} from './support/index.ts'

// What is good once is good once on all machines that share a store.
let fake: FakeProvider
beforeEach(async () => {
  fake = await startFakeProvider()
})

type Options = Partial<OidcOptions<readonly []>>

const gate = (options: Options): App =>
  gateTo(fake, { scope: 'openid', bearer: { audience: origin }, ...options })(whoAmI)

async function ask(site: App, headers: Record<string, string>): Promise<number> {
  return (await site(get(`${origin}/`, headers), testContext())).status
}

overRedis('on two machines with one Redis', (redis) => {
  let stores: [SessionStore, SessionStore]
  beforeAll(async () => {
    stores = [redisStore(await redis().client()), redisStore(await redis().client())]
  })

  const kinds: [string, (store: SessionStore) => Options][] = [
    ['session.store', (store) => ({ session: { store } })],
    ['backchannelLogout.store', (store) => ({ backchannelLogout: { store } })],
    ['refresh.coordinator', (store) => ({ refresh: { coordinator: store } })],
  ]
  describe.each(kinds)('by %s', (_name, options) => {
    it('a DPoP proof is good once, on either (RFC 9449, 11.1)', async () => {
      const [one, two] = stores.map((store) => gate(options(store))) as [App, App]
      const proven = await boundToken(fake)
      expect([await ask(one, proven), await ask(two, proven), await ask(one, proven)]).toEqual([200, 401, 401])
      expect(await ask(two, await boundToken(fake))).toBe(200)
    })
  })

  it('a DPoP proof that comes 20 times at the same moment is good once', async () => {
    const sites = Array.from({ length: 20 }, (_, i) => gate({ session: { store: stores[i % 2]! } }))
    const proven = await boundToken(fake)
    const answers = await Promise.all(sites.map((site) => ask(site, proven)))
    expect(answers.filter((status) => status === 200)).toHaveLength(1)
    expect(answers.filter((status) => status === 401)).toHaveLength(19)
  })

  it('a logout token is good once, on either (R49)', async () => {
    const [one, two] = stores.map((store) => gate({ session: { store } })) as [App, App]
    const token = await logoutToken(fake)
    expect([await callBack(one, token), await callBack(two, token)].map(({ status }) => status)).toEqual([204, 400])
    expect((await callBack(two, await logoutToken(fake))).status).toBe(204)
  })

  it('a login comes back once, on either: its code is sent once (R12)', async () => {
    const [one, two] = stores.map((store) => gate({ session: { store } })) as [App, App]
    const ann = browser({ [origin]: one })
    const { url } = await ann.open(`${origin}/auth/login`, { stopAt: (next) => next.startsWith(fake.issuer) })
    const { state = '', nonce = '' } = Object.fromEntries(new URL(url).searchParams)
    const id_token = await fake.idToken({ nonce })
    fake.token = async () => ({ body: { access_token: 'access', token_type: 'Bearer', id_token } })
    const back = `${origin}/auth/callback?${new URLSearchParams({ code: 'code', state }).toString()}`
    const cookie = ann.cookieHeader(origin)
    const answers = [one, two].map((site) => site(get(back, { cookie, accept: 'text/html' }), testContext()))
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect([statuses.toSorted(), fake.count('/token')]).toEqual([[303, 400], 1])
  })

  it('nothing of it is there in clear', async () => {
    await redis().run('FLUSHALL')
    const proven = await boundToken(fake)
    await ask(gate({ session: { store: stores[0] } }), proven)
    const { jti } = JSON.parse(Buffer.from(proven.dpop.split('.')[1]!, 'base64url').toString())
    expect(await redis().dump()).toMatch(/^outerware:used:proof:[\w-]{43} 1$/)
    expect(await redis().dump()).not.toContain(jti)
  })
})

describe('a store that gives no answer', () => {
  it('makes it 503 for a proof, which may be good, and on.error hears of it', async () => {
    const errors: OAuthError[] = []
    const broken = (): never => {
      throw Object.assign(new Error('secret address'), { code: 'ECONNREFUSED' })
    }
    const store: SessionStore = { get: broken, set: broken, delete: broken }
    const site = gate({ backchannelLogout: { store }, on: { error: (error) => void errors.push(error) } })
    expect(await ask(site, await boundToken(fake))).toBe(503)
    expect(errors).toMatchObject([{ code: 'ERR_STORE' }])
    expect(errors[0]!.message).not.toContain('address')
  })
})

describe('a store in memory', () => {
  it('is not filled by strangers: proofs would push sessions out of it', async () => {
    const store = memoryStore()
    const { set } = store
    const keys: string[] = []
    store.set = (key, value, options) => {
      keys.push(key)
      return set.call(store, key, value, options)
    }
    const site = gate({ session: { store } })
    const proven = await boundToken(fake)
    expect([await ask(site, proven), await ask(site, proven), keys]).toEqual([200, 401, []])
  })
})
