import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { memoryStore, type OAuthError, type OidcOptions, type SessionStore } from '@outerware/oauth2'
import { redisStore } from '@outerware/oauth2/redis'
import { get, promisesMade, testContext } from '../support/index.ts'
import {
  browser,
  clock,
  gateTo,
  origin,
  overRedis,
  startProvider,
  whoAmI,
  type Browser,
  type TestProvider,
} from './support/index.ts'

let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
})

interface SignedIn {
  readonly ann: Browser
  readonly site: App
  /** What the cookie holds. */
  readonly id: string
}

type Options = Partial<OidcOptions<readonly []>>

async function signedIn(store: SessionStore, options: Options = {}): Promise<SignedIn> {
  const site = gateTo(provider, { ...options, session: { store, ...options.session } })(whoAmI)
  const ann = browser({ [origin]: site })
  await ann.signIn(`${origin}/`)
  return { ann, site, id: idOf(ann) }
}

const idOf = (ann: Browser): string => ann.jar.get(origin)!.get('__Host-oidc')!.value
const nameOf = (id: string): string => `session:${createHash('sha256').update(id).digest('base64url')}`
const ask = (site: App, id: string): Response | Promise<Response> =>
  site(get(`${origin}/`, { cookie: `__Host-oidc=${id}` }), testContext())

/** A store that shows what is in it, and asks to be waited for, as all over a network do. */
function openStore(): SessionStore & { readonly values: Map<string, string>; readonly ttls: Map<string, number> } {
  const inner = memoryStore()
  const [values, ttls] = [new Map<string, string>(), new Map<string, number>()]
  return {
    values,
    ttls,
    get: async (key) => values.get(key) ?? null,
    set: async (key, value, { ttl }) => void (values.set(key, value), ttls.set(key, ttl)),
    delete: async (key) => void values.delete(key),
    lock: (key, ttl) => inner.lock!(key, ttl),
    index: (set, key, ttl) => inner.index!(set, key, ttl),
    members: (set) => inner.members!(set),
  }
}

/** What all stores have in common, whatever they are. */
function aSession(make: () => Promise<SessionStore>): void {
  let store: SessionStore
  beforeAll(async () => {
    store = await make()
  })

  it('has an id of 256 bits in its cookie, and nothing else', async () => {
    const { ann, id } = await signedIn(store)
    expect(id).toMatch(/^[\w-]{43}$/)
    expect(ann.jar.get(origin)!.get('__Host-oidc')).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax' })
    expect([...ann.jar.get(origin)!.keys()]).toEqual(['__Host-oidc'])
  })

  it('is kept under the hash of the id, sealed: whoever reads the store gets no session (R28)', async () => {
    const { id, site } = await signedIn(store)
    const value = String(await store.get(nameOf(id)))
    expect(value).toMatch(/^[\w-]+\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/)
    for (const stolen of [value, nameOf(id), nameOf(id).slice('session:'.length)])
      expect((await ask(site, stolen)).status).toBe(401)
  })

  it('is known to another process on the same store', async () => {
    const { id } = await signedIn(store)
    const other = gateTo(provider, { session: { store } })(whoAmI)
    expect(await (await ask(other, id)).json()).toMatchObject({ sub: 'ann' })
  })

  it('is over at once, everywhere, when the user signs out', async () => {
    const { ann, id, site } = await signedIn(store)
    const other = gateTo(provider, { session: { store } })(whoAmI)
    expect((await ask(other, id)).status).toBe(200)
    await ann.fetch(`${origin}/auth/logout`)
    expect([(await ask(site, id)).status, (await ask(other, id)).status]).toEqual([401, 401])
    expect((await store.get(nameOf(id))) ?? 'nothing').toBe('nothing')
  })

  it('has another id at each login, and the former session of the browser is over (R31)', async () => {
    const { ann, site, id } = await signedIn(store)
    await ann.signIn(`${origin}/auth/login`)
    expect(idOf(ann)).not.toBe(id)
    expect([(await ask(site, id)).status, (await ask(site, idOf(ann))).status]).toEqual([401, 200])
  })

  it('never gets an id that a browser has brought along: there is no fixation (R31)', async () => {
    const site = gateTo(provider, { session: { store } })(whoAmI)
    const ann = browser({ [origin]: site })
    const planted = 'A'.repeat(43)
    ann.jar.set(
      origin,
      new Map([
        [
          '__Host-oidc',
          { value: planted, path: '/', secure: true, httpOnly: true, sameSite: 'Lax', expires: Infinity },
        ],
      ]),
    )
    await ann.signIn(`${origin}/`)
    expect(idOf(ann)).not.toBe(planted)
    expect((await ask(site, planted)).status).toBe(401)
  })

  it('may be as large as it likes: nothing is dropped (R30)', async () => {
    provider.accounts.set('large', { long: 'x'.repeat(30_000) })
    const dropped: unknown[] = []
    const site = gateTo(provider, {
      session: { store },
      on: { login: (event) => void dropped.push(event.dropped) },
    })(whoAmI)
    const ann = browser({ [origin]: site })
    const page = await ann.signIn(`${origin}/`, 'large')
    expect(JSON.parse(page.text).claims.long).toHaveLength(30_000)
    expect([ann.cookieHeader(origin).length, dropped]).toEqual([55, [[]]])
  })
}

describe('a session in memoryStore()', () => {
  aSession(async () => memoryStore())

  it('is found in the same turn: no promise is made', async () => {
    const store = memoryStore()
    const site = gateTo(provider, { session: { store } })(() => respond('hello'))
    const ann = browser({ [origin]: site })
    await ann.signIn(`${origin}/`)
    await ask(site, idOf(ann))
    const request = get(`${origin}/`, { cookie: ann.cookieHeader(origin) })
    const context = testContext()
    expect(promisesMade(() => site(request, context))).toBe(0)
  })
})

describe('a session in a store that has to be waited for', () => {
  aSession(async () => openStore())
})

overRedis('a session in Redis', (redis) => {
  aSession(async () => redisStore(await redis().client()))

  it('shows nothing of the user, the tokens or the id (R26, R28)', async () => {
    const { ann, id } = await signedIn(redisStore(await redis().client()))
    const { accessToken, sid } = JSON.parse((await ann.open(`${origin}/`)).text)
    const dump = await redis().dump()
    expect(dump).toContain('session:')
    // Three letters alone come about in any seal.
    const shown = [id, accessToken, sid, 'ann@example.com', 'User ann'].filter((secret) => dump.includes(secret))
    expect(shown).toEqual([])
  })
})

describe('a session in a store', () => {
  it('is kept until it ends, and a while longer each time it is prolonged (R34)', async () => {
    const store = openStore()
    const { ann, id } = await signedIn(store, { session: { rollingDuration: 1000, absoluteDuration: 1500 } })
    expect(store.ttls.get(nameOf(id))).toBeGreaterThan(998)
    const time = clock()
    time.forward(400)
    const before = store.values.get(nameOf(id))
    const lines = (await ann.fetch(`${origin}/`)).headers.getSetCookie()
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^__Host-oidc=${id}; Max-Age=1000;`))])
    expect(store.values.get(nameOf(id))).not.toBe(before)
    time.forward(900)
    expect((await ann.fetch(`${origin}/`)).status).toBe(200)
    expect(store.ttls.get(nameOf(id))).toBeLessThanOrEqual(200)
    time.forward(300)
    expect((await ann.fetch(`${origin}/`)).status).toBe(303)
    time.restore()
  })

  it('opens under no other id: values that are swapped in the store are none', async () => {
    const store = openStore()
    const one = await signedIn(store)
    const two = await signedIn(store)
    store.values.set(nameOf(one.id), store.values.get(nameOf(two.id))!)
    expect((await ask(one.site, one.id)).status).toBe(401)
  })

  it('is no session when its seal is put into a cookie, and none in a cookie is one in a store (R28)', async () => {
    const store = openStore()
    const { id } = await signedIn(store)
    const inCookies = gateTo(provider)(whoAmI)
    expect((await ask(inCookies, store.values.get(nameOf(id))!)).status).toBe(401)
    const ann = browser({ [origin]: inCookies })
    await ann.signIn(`${origin}/`)
    expect((await ask(gateTo(provider, { session: { store } })(whoAmI), idOf(ann))).status).toBe(401)
  })

  it.each([['garbage'], [''], ['a..b.c.d'], ['null'], ['{}']])('whose value is %j is none (R32)', async (value) => {
    const store = openStore()
    const { id, site } = await signedIn(store)
    store.values.set(nameOf(id), value)
    const response = await ask(site, id)
    expect([response.status, response.headers.getSetCookie().length]).toEqual([401, 1])
  })

  it.each([[7], [true], [{ a: 1 }], [Buffer.from('x')]])(
    'for which the store gives %p is none (R32)',
    async (value) => {
      const store = openStore()
      const { id, site } = await signedIn(store)
      Object.assign(store, { get: async () => value })
      expect((await ask(site, id)).status).toBe(401)
    },
  )

  it('is opened once: a hit costs a look into the store, and no cipher (rules 1 and 8)', async () => {
    const { site, id } = await signedIn(memoryStore())
    await ask(site, id)
    const crypto = process.getBuiltinModule('node:crypto')
    const { createDecipheriv } = crypto
    let count = 0
    Object.assign(crypto, {
      createDecipheriv: (...args: Parameters<typeof createDecipheriv>) => (count++, createDecipheriv(...args)),
    })
    try {
      for (let i = 0; i < 10; i++) await ask(site, id)
    } finally {
      Object.assign(crypto, { createDecipheriv })
    }
    expect(count).toBe(0)
  })

  it('is asked for at each request: a store that forgets it ends it (rule 8)', async () => {
    const store = openStore()
    const { site, id } = await signedIn(store)
    expect((await ask(site, id)).status).toBe(200)
    store.values.delete(nameOf(id))
    expect((await ask(site, id)).status).toBe(401)
  })

  it('is not kept for who may not pass', async () => {
    const store = openStore()
    const site = gateTo(provider, { session: { store }, allow: { emails: ['bob@example.com'] } })(whoAmI)
    expect((await browser({ [origin]: site }).signIn(`${origin}/`)).status).toBe(403)
    expect([...store.values.keys()].filter((key) => key.startsWith('session:'))).toEqual([])
  })

  it('that was signed out while it was prolonged elsewhere does not come back', async () => {
    const store = openStore()
    const { site, id, ann } = await signedIn(store)
    const time = clock()
    time.forward(6000)
    const { set } = store
    let isSignedOut = false
    // The moment between the look at the session and its writing: another machine signs the user out.
    store.set = async (key, value, options) => {
      if (key === nameOf(id) && !isSignedOut) {
        isSignedOut = true
        await browserOf(ann, gateTo(provider, { session: { store: { ...store, set } } })(whoAmI)).fetch(
          `${origin}/auth/logout`,
        )
      }
      return set(key, value, options)
    }
    await ask(site, id)
    time.restore()
    expect([isSignedOut, store.values.has(nameOf(id)), (await ask(site, id)).status]).toEqual([true, false, 401])
  })

  it('works by WebCrypto alone, too', async () => {
    const { getBuiltinModule } = process
    Object.assign(process, { getBuiltinModule: undefined })
    try {
      const store = memoryStore()
      const { site, id } = await signedIn(store)
      expect((await ask(site, id)).status).toBe(200)
      expect(typeof store.get(nameOf(id))).toBe('string')
    } finally {
      Object.assign(process, { getBuiltinModule })
    }
  })
})

/** The same browser, in front of another machine. */
function browserOf({ jar }: Browser, site: App): Browser {
  const other = browser({ [origin]: site })
  other.jar.set(origin, new Map(jar.get(origin)))
  return other
}

/** What a client does that has lost its server, and waits until it has it back. */
const forEver = (): Promise<never> => new Promise(() => {})

describe('a store that gives no answer', () => {
  const down = (): never => {
    throw Object.assign(new Error('connect ECONNREFUSED redis://:password@10.0.0.1'), { code: 'ECONNREFUSED' })
  }
  it.each<[string, () => never | Promise<never>]>([
    ['at once', down],
    ['later', async () => down()],
  ])('%s: 503, nobody is signed out, and on.error hears of it without secrets', async (_when, get) => {
    const store = openStore()
    const errors: OAuthError[] = []
    const { id, site } = await signedIn(store, { on: { error: (error) => void errors.push(error) } })
    const { get: working } = store
    store.get = get
    const response = await ask(site, id)
    expect([response.status, response.headers.get('retry-after'), response.headers.getSetCookie()]).toEqual([
      503,
      '5',
      [],
    ])
    await ask(site, id)
    expect(errors).toMatchObject([{ code: 'ERR_STORE', status: 503 }])
    expect(errors[0]!.message).toBe('the store of the sessions gives no answer (ECONNREFUSED)')
    expect(JSON.stringify(errors)).not.toContain('password')
    store.get = working
    expect((await ask(site, id)).status).toBe(200)
  })

  it.each<[string, (store: SessionStore) => void, number]>([
    ['no value', (store) => (store.get = forEver), 503],
    ['no lock back', (store) => (store.lock = async () => forEver), 200],
  ])('for ever is not waited for: %s', async (_what, breakIt, status) => {
    const store = openStore()
    const errors: OAuthError[] = []
    const { id, site } = await signedIn(store, { on: { error: (error) => void errors.push(error) } })
    breakIt(store)
    const time = clock()
    // Due to be prolonged, with the lock.
    time.forward(5000)
    const response = await ask(site, id)
    time.restore()
    expect(response.status).toBe(status)
    if (status === 503) {
      expect(errors).toMatchObject([
        { code: 'ERR_STORE', message: 'the store of the sessions gives no answer in time' },
      ])
    }
  })

  it('lets who wants a public page pass, as nobody', async () => {
    const store = openStore()
    const { id } = await signedIn(store)
    store.get = async () => down()
    const site = gateTo(provider, { session: { store }, publicPaths: ['/'], on: { error: () => {} } })(whoAmI)
    const response = await ask(site, id)
    expect([response.status, await response.json()]).toEqual([200, { path: '/' }])
  })

  it('at login: a page that says so, and no half session', async () => {
    const store = openStore()
    store.set = async () => down()
    const site = gateTo(provider, { session: { store }, on: { error: () => {} } })(whoAmI)
    const page = await browser({ [origin]: site }).signIn(`${origin}/`)
    expect([page.status, page.headers.getSetCookie().some((line) => line.startsWith('__Host-oidc='))]).toEqual([
      503,
      false,
    ])
  })

  it('at logout: the user is told that the session goes on, and can try again', async () => {
    const store = openStore()
    const { ann, id, site } = await signedIn(store, { on: { error: () => {} } })
    const { delete: working } = store
    store.delete = async () => down()
    const response = await ann.fetch(`${origin}/auth/logout`)
    expect([response.status, response.headers.getSetCookie()]).toEqual([503, []])
    store.delete = working
    expect((await ann.fetch(`${origin}/auth/logout`)).status).toBe(303)
    expect((await ask(site, id)).status).toBe(401)
  })
})
