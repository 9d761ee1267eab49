import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import { memoryStore, type Auth, type OAuthError, type OidcOptions, type SessionStore } from '@outerware/oauth2'
import { redisStore } from '@outerware/oauth2/redis'
import { get, testContext } from '../support/index.ts'
import {
  browser,
  clientId,
  clientSecret,
  clock,
  gateTo,
  origin,
  overRedis,
  secret,
  startProvider,
  whoAmI,
  type Clock,
  type TestProvider,
} from './support/index.ts'
import { stopLater } from './support/stop.ts'

// Sessions in cookies alone, on two machines. Access tokens live for 600 seconds here, and are refreshed 60 before their
// end; refresh tokens are good once, and the provider takes whoever uses one twice for a thief.
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

interface Machines {
  /** The cookie of a user who has signed in on machine one. */
  readonly cookie: string
  readonly one: App
  readonly two: App
  /** Who was there on machine one, as its app has seen it. */
  readonly seen: Auth[]
  readonly errors: OAuthError[]
}

async function twoMachines(
  stores: readonly [SessionStore, SessionStore] | undefined,
  refresh: Exclude<Options['refresh'], false> = {},
): Promise<Machines> {
  const [seen, errors]: [Auth[], OAuthError[]] = [[], []]
  const [one, two] = [0, 1].map((i) => {
    const coordinator = stores === undefined ? {} : { coordinator: stores[i]! }
    const gate = gateTo(provider, {
      refresh: { ...coordinator, ...refresh },
      on: { error: (error) => void errors.push(error) },
    })
    return gate((request, context) => {
      if (i === 0) seen.push(context.auth)
      return whoAmI(request, context)
    })
  })
  const ann = browser({ [origin]: one! })
  await ann.signIn(`${origin}/`)
  return { cookie: ann.cookieHeader(origin), one: one!, two: two!, seen, errors }
}

/** A request with exactly these cookies, and the session's cookie of its answer. */
async function ask(site: App, cookie: string): Promise<{ status: number; token: unknown; next: string | undefined }> {
  const response = await site(get(`${origin}/`, { cookie, accept: 'application/json' }), testContext())
  const { accessToken: token } = response.status === 200 ? Object(await response.json()) : {}
  const line = response.headers.getSetCookie().find((each) => each.startsWith('__Host-oidc=e'))
  return { status: response.status, token, next: line?.split(';', 1)[0] }
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

/** A machine: a process that shares nothing with this one but Redis. */
async function machine(options: object, redis: string): Promise<{ url: string; stop(): Promise<void> }> {
  const fromSource = ['--conditions=@outerware/source', `--import=${resolve('tools/typescript.js')}`]
  const child = spawn(
    process.execPath,
    [...fromSource, 'tests/oauth2/machine.child.ts', JSON.stringify(options), redis],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await once(child, 'exit')
  }
  stopLater(stop)
  const [url] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
  if (typeof url === 'number' || url === null) throw new Error('the machine does not start')
  return { url: String(url).trim(), stop }
}

/** A store, and who hears what results are written into it. */
function watching(store: SessionStore, hear: (key: string, value: string) => void): SessionStore {
  return {
    get: (key) => store.get(key),
    delete: (key) => store.delete(key),
    lock: (key, ttl) => store.lock!(key, ttl),
    set: (key, value, options) => {
      if (key.startsWith('refreshed:')) hear(key, value)
      return store.set(key, value, options)
    },
  }
}

/** What holds for every store that has locks; each machine has its own view of it. */
function aCoordinatedRefresh(view: () => Promise<SessionStore>): void {
  const views = async (): Promise<[SessionStore, SessionStore]> => [await view(), await view()]

  it('is one for 20 requests on each of two machines (R18, R19)', async () => {
    const { cookie, one, two } = await twoMachines(await views())
    time.forward(550)
    const count = refreshes()
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i % 2 === 0 ? one : two, cookie)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ token }) => token)).size).toBe(1)
    expect(refreshes() - count).toBe(1)
    // Whichever answer comes last, its cookie is good on both.
    for (const { next, token } of [answers[0]!, answers[1]!]) {
      for (const site of [one, two]) expect(await ask(site, next!)).toMatchObject({ status: 200, token })
    }
    expect(refreshes() - count).toBe(1)
  })

  it('is waited for by a machine that comes while the provider is slow: the lease is renewed (R19)', async () => {
    const { cookie, one, two } = await twoMachines(await views(), { lockTTL: 3 })
    time.forward(550)
    slow(6500)
    const count = refreshes()
    const first = ask(one, cookie)
    await sleep(200)
    const [{ status, token }, other] = await Promise.all([first, ask(two, cookie)])
    expect([status, other.status, other.token]).toEqual([200, 200, token])
    expect(refreshes() - count).toBe(1)
  })

  it('goes on in turns: each machine refreshes what the other has', async () => {
    const { cookie, one, two } = await twoMachines(await views())
    const count = refreshes()
    let last = cookie
    const tokens = new Set<unknown>()
    for (const site of [one, two, two, one, two]) {
      time.forward(560)
      const { status, token, next } = await ask(site, last)
      expect(status).toBe(200)
      last = next!
      tokens.add(token)
    }
    expect([tokens.size, refreshes() - count]).toEqual([5, 5])
  })

  it('that brought its result to no browser waits for it on all machines, however late it comes', async () => {
    const { cookie, two, seen } = await twoMachines(await views())
    time.forward(550)
    const count = refreshes()
    // As an open WebSocket does, long after its answer has gone out.
    const token = await seen.at(-1)!.accessToken()
    time.forward(400)
    expect(await ask(two, cookie)).toMatchObject({ status: 200, token })
    expect(refreshes() - count).toBe(1)
  })

  it('is found through several generations by a cookie that old', async () => {
    const { cookie, two, seen } = await twoMachines(await views())
    const count = refreshes()
    for (let i = 0; i < 2; i++) {
      time.forward(560)
      await seen.at(-1)!.accessToken()
    }
    time.forward(560)
    const { status, next } = await ask(two, cookie)
    expect([status, refreshes() - count]).toEqual([200, 3])
    expect((await ask(two, next!)).status).toBe(200)
  })

  it('that the provider answers with 503 loses nobody (R21)', async () => {
    const { cookie, one, two } = await twoMachines(await views())
    provider.interfere = (req, res) => {
      if (req.url !== '/token') return false
      res.writeHead(503).end('{}')
      return true
    }
    time.forward(550)
    for (const site of [one, two]) expect((await ask(site, cookie)).status).toBe(200)
    time.forward(60)
    for (const site of [one, two]) expect((await ask(site, cookie)).status).toBe(503)
    provider.interfere = undefined
    time.forward(10)
    for (const site of [one, two]) expect((await ask(site, cookie)).status).toBe(200)
  })
}

describe('a refresh that memoryStore() coordinates, for two gates of one process', () => {
  let store: SessionStore
  beforeAll(() => {
    store = memoryStore()
  })
  aCoordinatedRefresh(async () => store)

  it('holds for a late request with the old cookie for the grace, and no longer (R20)', async () => {
    const { cookie, one, two } = await twoMachines([store, store])
    time.stop()
    time.forward(550)
    const { token } = await ask(one, cookie)
    time.forward(25)
    expect(await ask(two, cookie)).toMatchObject({ status: 200, token })
    time.forward(40)
    // The provider sees a refresh token for the second time: an old cookie in a stranger's hands would look so.
    expect((await ask(two, cookie)).status).toBe(401)
  })

  it('keeps nothing that opens a session, and no token (R26, R28)', async () => {
    const values = new Map<string, string>()
    const watched = watching(store, (key, value) => void values.set(key, value))
    const { cookie, one, two } = await twoMachines([watched, watched])
    time.forward(550)
    const { token } = await ask(one, cookie)
    const refreshToken = provider.bodies('/token').at(-1)!.get('refresh_token')
    const [[name, value]] = [...values] as [[string, string]]
    expect(`${name} ${value}`).not.toContain(String(token))
    expect(`${name} ${value}`).not.toContain(String(refreshToken))
    for (const site of [one, two]) expect((await ask(site, `__Host-oidc=${value}`)).status).toBe(401)
  })
})

overRedis('a refresh that one Redis coordinates', (redis) => {
  const view = async (): Promise<SessionStore> => redisStore(await redis().client())
  aCoordinatedRefresh(view)

  it('leaves behind what is sealed, and only for a while', async () => {
    const store = redisStore(await redis().client(), { prefix: 'own:' })
    const { cookie, one } = await twoMachines([store, store])
    const kept = async (): Promise<string[]> => {
      const keys = await redis().run('KEYS', 'own:*')
      return Array.isArray(keys) ? keys.map(String).filter((key) => !key.startsWith('own:used:login:')) : []
    }
    expect(await kept()).toEqual([])
    time.forward(550)
    await ask(one, cookie)
    const keys = await kept()
    expect(keys).toEqual([expect.stringMatching(/^own:refreshed:[\w-]{43}$/)])
    for (let tries = 0; tries < 500; tries++) {
      if (Number(await redis().run('TTL', keys[0]!)) <= 30) return
      await sleep(20)
    }
    throw new Error('the result is kept for longer than the grace')
  })

  it('is one for two machines that are processes of their own', async () => {
    time.restore()
    const lasting = { IdToken: 600, Interaction: 600, RefreshToken: 600, Session: 600, Grant: 600 }
    // Due after eight seconds, half of their life.
    const rotating = await startProvider({ ttl: { ...lasting, AccessToken: 16 } })
    const site = { clientId, clientSecret, baseURL: origin, secret }
    const options = { ...site, issuer: rotating.issuer, allowInsecureRequests: true }
    const machines = await Promise.all([0, 1].map(() => machine(options, redis().url)))
    const here = gateTo(rotating, { refresh: { coordinator: await view() } })(whoAmI)
    const ann = browser({ [origin]: here })
    await ann.signIn(`${origin}/`)
    const count = rotating.count('/token')
    await sleep(8500)
    const headers = { cookie: ann.cookieHeader(origin), accept: 'application/json' }
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => fetch(machines[i % 2]!.url, { headers })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const bodies = await Promise.all(answers.map(async (answer) => Object(await answer.json())))
    expect(new Set(bodies.map(({ token }) => token)).size).toBe(1)
    expect(new Set(bodies.map(({ machine: pid }) => pid)).size).toBe(2)
    expect(rotating.count('/token') - count).toBe(1)
    for (const { stop } of machines) await stop()
  })

  it('is not done without its lock: a Redis that is gone loses nobody', async () => {
    const client = await redis().client()
    const { cookie, one, errors } = await twoMachines([redisStore(client), await view()])
    time.forward(550)
    client.destroy()
    const count = refreshes()
    expect((await ask(one, cookie)).status).toBe(200)
    time.forward(60)
    expect((await ask(one, cookie)).status).toBe(503)
    expect([refreshes() - count, new Set(errors.map(({ code }) => code))]).toEqual([0, new Set(['ERR_STORE'])])
    await client.connect()
    time.forward(10)
    expect((await ask(one, cookie)).status).toBe(200)
  })
})

describe('a coordinator that somebody else writes into', () => {
  it('hands nobody the session of another: a result opens under its own name only', async () => {
    const store = memoryStore()
    const names: string[] = []
    const watched = watching(store, (key) => void names.push(key))
    const ann = await twoMachines([watched, watched])
    const bob = await twoMachines([watched, watched])
    time.forward(550)
    const { token } = await ask(ann.one, ann.cookie)
    const stolen = String(await store.get(names[0]!))
    const forged: SessionStore = { ...watched, get: () => stolen }
    const count = refreshes()
    const there = gateTo(provider, { refresh: { coordinator: forged } })(whoAmI)
    const answer = await ask(there, bob.cookie)
    expect([answer.status, answer.token === token, refreshes() - count]).toEqual([200, false, 1])
  })
})

describe('a coordinator that fails', () => {
  it('just when the result is to be kept, costs the user nothing: the old tokens are spent', async () => {
    const shaky = watching(memoryStore(), () => {
      throw new Error('OOM')
    })
    const { cookie, one, errors } = await twoMachines([shaky, shaky])
    time.forward(550)
    const { status, next } = await ask(one, cookie)
    expect([status, (await ask(one, next!)).status]).toEqual([200, 200])
    expect(errors).toMatchObject([{ code: 'ERR_STORE' }])
  })
})

describe('without a coordinator', () => {
  it('a second machine that refreshes with an old cookie is taken for a thief, as the documents say', async () => {
    const { cookie, one, two } = await twoMachines(undefined)
    time.forward(550)
    expect((await ask(one, cookie)).status).toBe(200)
    expect((await ask(two, cookie)).status).toBe(401)
  })
})
