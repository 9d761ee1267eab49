import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import { memoryStore, type OidcOptions, type SessionStore } from '@outerware/oauth2'
import { redisStore } from '@outerware/oauth2/redis'
import { get, testContext } from '../support/index.ts'
import {
  browser,
  clock,
  gateTo,
  origin,
  overRedis,
  startProvider,
  whoAmI,
  type Browser,
  type Clock,
  type TestProvider,
} from './support/index.ts'

// Access tokens live for 600 seconds here, and are refreshed 60 before their end. Refresh tokens are good once.
let provider: TestProvider
let time: Clock
beforeAll(async () => {
  provider = await startProvider()
})
beforeEach(() => {
  provider.interfere = undefined
  time = clock()
})
afterEach(() => time.restore())

type Options = Partial<OidcOptions<readonly []>>

const machine = (store: SessionStore, options: Options = {}): App =>
  gateTo(provider, { on: { error: () => {} }, ...options, session: { store } })(whoAmI)

/** Signs in on the first of two machines. */
async function twoMachines(
  stores: readonly [SessionStore, SessionStore],
  options: Options = {},
): Promise<{ ann: Browser; cookie: string; one: App; two: App }> {
  const [one, two] = [machine(stores[0], options), machine(stores[1], options)]
  const ann = browser({ [origin]: one })
  await ann.signIn(`${origin}/`)
  return { ann, cookie: ann.cookieHeader(origin), one, two }
}

async function ask(site: App, cookie: string): Promise<{ status: number; token: unknown; lines: string[] }> {
  const response = await site(get(`${origin}/`, { cookie, accept: 'application/json' }), testContext())
  const { accessToken: token } = response.status === 200 ? Object(await response.json()) : {}
  return { status: response.status, token, lines: response.headers.getSetCookie() }
}

const refreshes = (): number =>
  provider.bodies('/token').filter((body) => body.get('grant_type') === 'refresh_token').length

/** Lets token requests take so long. */
function slow(ms: number): void {
  provider.interfere = async (req) => {
    if (req.url === '/token') await sleep(ms)
    return false
  }
}

function down(): void {
  provider.interfere = (req, res) => {
    if (req.url !== '/token') return false
    res.writeHead(503).end('{}')
    return true
  }
}

/** What holds on every store that has locks; each machine has its own view of it. */
function aSharedRefresh(view: () => Promise<SessionStore>): void {
  const views = async (): Promise<[SessionStore, SessionStore]> => [await view(), await view()]

  it('is one for 20 requests on each of two machines (R18, R19)', async () => {
    const { cookie, one, two } = await twoMachines(await views())
    time.forward(550)
    const count = refreshes()
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i % 2 === 0 ? one : two, cookie)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ token }) => token)).size).toBe(1)
    expect(refreshes() - count).toBe(1)
  })

  it('is waited for by a machine that comes while the provider is slow: the lease is renewed (R19)', async () => {
    const { cookie, one, two } = await twoMachines(await views(), { refresh: { lockTTL: 3 } })
    time.forward(550)
    slow(6500)
    const count = refreshes()
    const first = ask(one, cookie)
    await sleep(200)
    const [{ status, token }, other] = await Promise.all([first, ask(two, cookie)])
    expect([status, other.status, other.token]).toEqual([200, 200, token])
    expect(refreshes() - count).toBe(1)
  })

  it('holds for a late request with the old cookie, on either machine, however late (R20)', async () => {
    const { cookie, one, two } = await twoMachines(await views())
    time.forward(550)
    const { token, lines } = await ask(one, cookie)
    expect(lines).toEqual([expect.stringContaining(cookie)])
    const count = refreshes()
    time.forward(400)
    for (const site of [one, two]) expect(await ask(site, cookie)).toMatchObject({ status: 200, token })
    expect(refreshes() - count).toBe(0)
  })

  it('goes on in turns: each machine refreshes what the other has', async () => {
    const { cookie, one, two } = await twoMachines(await views())
    const count = refreshes()
    const tokens = new Set<unknown>()
    for (const site of [one, two, two, one, two]) {
      time.forward(560)
      const { status, token } = await ask(site, cookie)
      expect(status).toBe(200)
      tokens.add(token)
    }
    expect([tokens.size, refreshes() - count]).toEqual([5, 5])
  })

  it('that the provider answers with 503 loses nobody (R21)', async () => {
    const { cookie, one, two } = await twoMachines(await views())
    down()
    time.forward(550)
    for (const site of [one, two]) expect((await ask(site, cookie)).status).toBe(200)
    time.forward(60)
    for (const site of [one, two]) expect(await ask(site, cookie)).toMatchObject({ status: 503, lines: [] })
    provider.interfere = undefined
    time.forward(10)
    for (const site of [one, two]) expect((await ask(site, cookie)).status).toBe(200)
  })

  it('that the provider refuses ends the session everywhere, and is tried once (R21)', async () => {
    const { cookie, one, two } = await twoMachines(await views())
    time.forward(550)
    const count = refreshes()
    provider.interfere = (req, res) => {
      if (req.url !== '/token') return false
      res.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}')
      return true
    }
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => ask(i % 2 === 0 ? one : two, cookie)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    expect(refreshes() - count).toBe(1)
  })

  it('does not bring back a session that was signed out meanwhile on another machine', async () => {
    const { ann, cookie, one, two } = await twoMachines(await views())
    time.forward(550)
    let isAsked = (): void => {}
    const asked = new Promise<void>((resolve) => (isAsked = resolve))
    let answer = (): void => {}
    const held = new Promise<void>((resolve) => (answer = resolve))
    provider.interfere = async (req) => {
      if (req.url !== '/token') return false
      isAsked()
      await held
      return false
    }
    const late = ask(one, cookie)
    await asked
    const other = browser({ [origin]: two })
    other.jar.set(origin, new Map(ann.jar.get(origin)))
    expect((await other.fetch(`${origin}/auth/logout`)).status).toBe(303)
    answer()
    expect((await late).status).toBe(401)
    for (const site of [one, two]) expect((await ask(site, cookie)).status).toBe(401)
  })

  it('is not undone by another machine that prolongs the session', async () => {
    const { cookie, one, two } = await twoMachines(await views())
    // Due to be prolonged, and to be refreshed: at the same time, each on its machine.
    time.forward(5000)
    await Promise.all(Array.from({ length: 10 }, (_, i) => ask(i % 2 === 0 ? one : two, cookie)))
    const count = refreshes()
    time.forward(560)
    expect((await ask(two, cookie)).status).toBe(200)
    expect(refreshes() - count).toBe(1)
  })
}

describe('a refresh over memoryStore(), shared by two gates of one process', () => {
  let store: SessionStore
  beforeAll(() => {
    store = memoryStore()
  })
  aSharedRefresh(async () => store)
})

overRedis('a refresh over one Redis', (redis) => {
  const view = async (): Promise<SessionStore> => redisStore(await redis().client())
  aSharedRefresh(view)

  it('is done in place of a machine that died at it, when its lease is over', async () => {
    const store = await view()
    const { cookie, one } = await twoMachines([store, store])
    const name = createHash('sha256').update(cookie.replace('__Host-oidc=', '')).digest('base64url')
    await redis().run('SET', `outerware:lock:${name}`, 'of a dead machine', 'PX', '700')
    time.forward(550)
    const count = refreshes()
    expect((await ask(one, cookie)).status).toBe(200)
    expect(refreshes() - count).toBe(1)
  })

  it('survives a Redis that stands still for a while', async () => {
    const { cookie, one, two } = await twoMachines([await view(), await view()])
    time.forward(550)
    redis().pause(true)
    const answers = [ask(one, cookie), ask(two, cookie)]
    await sleep(500)
    redis().pause(false)
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200])
  })
})

describe('a store without locks', () => {
  const lockless = (): SessionStore => {
    const store = memoryStore()
    return {
      get: async (key) => store.get(key),
      set: async (key, value, options) => store.set(key, value, options),
      delete: async (key) => store.delete(key),
    }
  }

  it('has one refresh in each process', async () => {
    const store = lockless()
    const { cookie, one } = await twoMachines([store, store])
    time.forward(550)
    const count = refreshes()
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(one, cookie)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(refreshes() - count).toBe(1)
  })

  it('is read again before a refusal ends a session: another machine was quicker (R21)', async () => {
    const store = lockless()
    const { cookie, one, two } = await twoMachines([store, store])
    time.forward(550)
    let isFirst = true
    provider.interfere = async (req, res) => {
      if (req.url !== '/token' || !isFirst) return false
      isFirst = false
      // While the first machine waits for its answer, the second refreshes.
      expect((await ask(two, cookie)).status).toBe(200)
      res.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}')
      return true
    }
    const [first, second] = [await ask(one, cookie), await ask(two, cookie)]
    expect([first.status, second.status, first.token]).toEqual([200, 200, second.token])
  })
})

describe('a store that fails for a moment, just when the new tokens are to be written', () => {
  it('is asked again: the old tokens are spent', async () => {
    const store = memoryStore()
    let failures = 0
    const shaky: SessionStore = {
      get: (key) => store.get(key),
      delete: (key) => store.delete(key),
      set: async (key, value, options) => {
        if (failures-- > 0) throw new Error('LOADING')
        return store.set(key, value, options)
      },
    }
    const { cookie, one, two } = await twoMachines([shaky, store])
    time.forward(550)
    failures = 2
    const { status, token } = await ask(one, cookie)
    expect([status, (await ask(two, cookie)).token]).toEqual([200, token])
  })
})
