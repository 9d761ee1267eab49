import { afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import type { LoginEvent, OidcOptions } from '@outerware/oauth2'
import { get, testContext } from '../support/index.ts'
import {
  browser,
  clock,
  gateTo,
  origin,
  secret,
  startProvider,
  whoAmI,
  type Browser,
  type Clock,
  type TestProvider,
} from './support/index.ts'

let provider: TestProvider
let time: Clock | undefined
beforeAll(async () => {
  provider = await startProvider()
})
afterEach(() => {
  time?.restore()
  time = undefined
})

const html = { accept: 'text/html' }

/** A browser that has signed in. */
async function signedIn(
  options: Partial<OidcOptions<readonly []>> = {},
  user = 'ann',
): Promise<{ ann: Browser; site: App }> {
  const site = gateTo(provider, options)(whoAmI)
  const ann = browser({ [origin]: site })
  await ann.signIn(`${origin}/`, user)
  return { ann, site }
}

interface Seen {
  readonly status: number
  readonly sub?: string
  readonly sid?: string
  readonly claims?: Record<string, unknown>
}

async function who(site: App, cookie: string): Promise<Seen> {
  const response = await site(get(`${origin}/`, { cookie, accept: 'application/json' }), testContext())
  const said: object = response.status === 200 ? Object(await response.json()) : {}
  return { status: response.status, ...said }
}

describe('the cookie', () => {
  it('is __Host-, HttpOnly, Secure, SameSite=Lax, with Path=/ and no Domain, on https (R27)', async () => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    const back = await ann.signIn(`${origin}/`, 'ann', { stopAt: (url) => url.startsWith(`${origin}/auth/callback`) })
    const lines = (await ann.fetch(back.url)).headers.getSetCookie()
    const session = lines.find((line) => line.startsWith('__Host-oidc='))!
    expect(session.replace(/=[^;]+/, '=…')).toBe('__Host-oidc=…; Max-Age=86400; Path=/; HttpOnly; Secure; SameSite=Lax')
    // The one of the login goes at the same time, with the same attributes.
    expect(lines.find((line) => line.includes('.login.'))).toMatch(
      /^__Host-oidc\.login\.[\w-]+=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })

  it('has no prefix and no Secure over http, and SameSite all the same (R27)', async () => {
    const plain = 'http://localhost'
    const elsewhere = await startProvider({}, { redirect_uris: [`${plain}/auth/callback`], application_type: 'native' })
    const ann = browser({ [plain]: gateTo(elsewhere, { baseURL: plain })(whoAmI) })
    await ann.signIn(`${plain}/`)
    expect(ann.jar.get(plain)!.get('oidc')).toMatchObject({ secure: false, httpOnly: true, sameSite: 'Lax', path: '/' })
  })

  it('has another name by option, and so have all others of the gate', async () => {
    const { ann } = await signedIn({ session: { cookie: { name: 'staff' } } })
    expect([...ann.jar.get(origin)!.keys()]).toEqual(['__Host-staff'])
  })

  it('shows nothing of what is in it (R28)', async () => {
    const { ann } = await signedIn()
    const { value } = ann.jar.get(origin)!.get('__Host-oidc')!
    const bytes = value.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    expect(JSON.parse(bytes[0]!)).toEqual({ alg: 'dir', enc: 'A256GCM', kid: expect.stringMatching(/^[\w-]{8}$/) })
    expect(bytes.slice(1).join()).not.toMatch(/ann|example|sub/)
  })
})

describe('a secret', () => {
  const older = 'an older secret of thirty-two or more'
  it('that was changed lets old sessions go on, as long as it is in the list (R28)', async () => {
    const { ann } = await signedIn({ secret: older })
    const cookie = ann.cookieHeader(origin)
    expect((await who(gateTo(provider, { secret: [secret, older] })(whoAmI), cookie)).status).toBe(200)
    expect((await who(gateTo(provider, { secret })(whoAmI), cookie)).status).toBe(401)
  })

  it('that comes first seals what is written next', async () => {
    const { ann } = await signedIn({ secret: older })
    const rotated = browser({ [origin]: gateTo(provider, { secret: [secret, older] })(whoAmI) })
    rotated.jar.set(origin, new Map(ann.jar.get(origin)))
    time = clock()
    time.forward(8000)
    await rotated.open(`${origin}/`)
    expect((await who(gateTo(provider, { secret })(whoAmI), rotated.cookieHeader(origin))).status).toBe(200)
  })

  it('is bound to issuer and client: the same secret elsewhere opens nothing', async () => {
    const { ann } = await signedIn()
    const cookie = ann.cookieHeader(origin)
    expect((await who(gateTo(provider, { clientId: 'other' })(whoAmI), cookie)).status).toBe(401)
    expect((await who(gateTo({ issuer: 'http://127.0.0.1:1' })(whoAmI), cookie)).status).toBe(401)
    expect((await who(gateTo(provider)(whoAmI), cookie)).status).toBe(200)
  })
})

describe('purposes (R28)', () => {
  it('a login cookie is no session, a session no login', async () => {
    const { ann, site } = await signedIn()
    const session = ann.jar.get(origin)!.get('__Host-oidc')!
    const bob = browser({ [origin]: site })
    const { url } = await bob.open(`${origin}/`, { stopAt: (next) => next.startsWith(provider.issuer) })
    const [[name, login] = []] = [...bob.jar.get(origin)!]
    expect((await who(site, `__Host-oidc=${login!.value}`)).status).toBe(401)
    const state = new URL(url).searchParams.get('state')
    const headers = { ...html, cookie: `${name}=${session.value}` }
    const response = await site(get(`${origin}/auth/callback?code=x&state=${state}`, headers), testContext())
    expect(response.status).toBe(400)
  })
})

describe('a new login', () => {
  it('has a new session id, for the same user too (R31)', async () => {
    const { ann, site } = await signedIn()
    const first = await who(site, ann.cookieHeader(origin))
    await ann.signIn(`${origin}/auth/login`, 'ann')
    const second = await who(site, ann.cookieHeader(origin))
    expect([first.sub, second.sub]).toEqual(['ann', 'ann'])
    expect(second.sid).not.toBe(first.sid)
    expect(second.sid).toMatch(/^[\w-]{43}$/)
  })

  it('is told to on.login', async () => {
    const events: LoginEvent[] = []
    await signedIn({ on: { login: (event) => void events.push(event) } })
    expect(events).toMatchObject([{ auth: { kind: 'session', sub: 'ann', email: 'ann@example.com' }, dropped: [] }])
  })

  it('goes on when on.login throws', async () => {
    const { error } = console
    const reported: unknown[] = []
    console.error = (first: unknown) => void reported.push(first)
    const { ann } = await signedIn({
      on: {
        login: () => {
          throw new Error('mine')
        },
      },
    })
    console.error = error
    expect(ann.jar.get(origin)!.has('__Host-oidc')).toBe(true)
    expect(reported).toMatchObject([{ message: 'mine' }])
  })
})

describe('what lasts (R34)', () => {
  // Tokens live longer here, so that it is the session that ends.
  const long = { refresh: false } as const

  it('ends when nobody has come for rollingDuration', async () => {
    const { ann, site } = await signedIn({ ...long, session: { rollingDuration: 1000 } })
    const cookie = ann.cookieHeader(origin)
    time = clock()
    time.forward(990)
    expect((await who(site, cookie)).status).toBe(200)
    time.forward(11)
    expect((await who(site, cookie)).status).toBe(401)
  })

  it('goes on while somebody comes, up to absoluteDuration', async () => {
    const { ann } = await signedIn({ ...long, session: { rollingDuration: 1000, absoluteDuration: 3000 } })
    time = clock()
    for (let at = 0; at < 2800; at += 400) {
      time.forward(400)
      expect((await ann.fetch(`${origin}/`)).status).toBe(200)
    }
    time.forward(250)
    expect((await ann.fetch(`${origin}/`)).status).toBe(303)
  })

  it('is written again after a twentieth of rollingDuration, not at every request', async () => {
    const { ann } = await signedIn({ ...long, session: { rollingDuration: 1000 } })
    time = clock()
    time.forward(45)
    expect((await ann.fetch(`${origin}/`)).headers.getSetCookie()).toEqual([])
    time.forward(10)
    const lines = (await ann.fetch(`${origin}/`)).headers.getSetCookie()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('Max-Age=1000')
    expect((await ann.fetch(`${origin}/`)).headers.getSetCookie()).toEqual([])
  })

  it('is prolonged once for requests side by side', async () => {
    const { ann } = await signedIn({ ...long, session: { rollingDuration: 1000 } })
    time = clock()
    time.forward(100)
    const cookie = ann.cookieHeader(origin)
    const lines = await Promise.all(
      [1, 2, 3].map(async () => (await ann.fetch(`${origin}/`, { headers: { cookie } })).headers.getSetCookie()),
    )
    expect(new Set(lines.flat()).size).toBe(1)
  })

  it('ends when the provider says so: session_expiry of the ID token (IPSIE)', async () => {
    const claims = { openid: ['sub', 'session_expiry'], email: ['email'], profile: ['name'] }
    const strict = await startProvider({ claims })
    strict.accounts.set('ann', { session_expiry: Math.floor(Date.now() / 1000) + 300 })
    const site = gateTo(strict, long)(whoAmI)
    const ann = browser({ [origin]: site })
    await ann.signIn(`${origin}/`)
    const cookie = ann.cookieHeader(origin)
    expect((await who(site, cookie)).status).toBe(200)
    time = clock()
    time.forward(301)
    expect((await who(site, cookie)).status).toBe(401)
  })
})

describe('what is not a session', () => {
  it('is taken for none, and cleared (R32)', async () => {
    const { ann, site } = await signedIn()
    const { value } = ann.jar.get(origin)!.get('__Host-oidc')!
    const headers = { ...html, cookie: `a=b; __Host-oidc=${value.slice(0, -1)}; __Host-oidc.0=x` }
    const response = await site(get(`${origin}/`, headers), testContext())
    expect(response.status).toBe(303)
    const cleared = response.headers.getSetCookie().filter((line) => line.includes('Max-Age=0'))
    expect(cleared.map((line) => line.split('=')[0])).toEqual(['__Host-oidc', '__Host-oidc.0'])
  })

  it('is cleared on a 401 too', async () => {
    const { site } = await signedIn()
    const response = await site(get(`${origin}/`, { cookie: '__Host-oidc=nonsense' }), testContext())
    expect([response.status, response.headers.getSetCookie().length]).toEqual([401, 1])
  })

  it('is not cleared on a public page: that answer may be kept for others', async () => {
    const site = gateTo(provider, { publicPaths: ['/public'] })(whoAmI)
    const response = await site(get(`${origin}/public`, { cookie: '__Host-oidc=nonsense' }), testContext())
    expect([response.status, response.headers.getSetCookie()]).toEqual([200, []])
  })

  it.each([
    ['an empty value', '__Host-oidc='],
    ['quotes', '__Host-oidc="x"'],
    ['no equals sign', '__Host-oidc'],
    ['a name in another case', '__host-oidc=x'],
    ['five parts of nothing', '__Host-oidc=....'],
    [
      'a JWE of another algorithm',
      `__Host-oidc=${Buffer.from('{"alg":"none","enc":"A256GCM"}').toString('base64url')}..a.b.c`,
    ],
    ['names that nobody can write', '__Host-oidc.login."=x; __Host-oidc.\u00e4=y; __Host-oidc.login.a b=z'],
    ['semicolons and white space', ';; ; \t; =;=x;'],
    ['100 KB', `__Host-oidc=${'A'.repeat(100_000)}`],
    ['1000 chunks', Array.from({ length: 1000 }, (_, i) => `__Host-oidc.${i}=AAAA`).join('; ')],
  ])('%s gets 401, or 303 as a navigation', async (_what, cookie) => {
    const site = gateTo(provider)(whoAmI)
    expect((await site(get(`${origin}/`, { cookie }), testContext())).status).toBe(401)
    expect((await site(get(`${origin}/`, { cookie, ...html }), testContext())).status).toBe(303)
    expect((await site(get(`${origin}/auth/callback?code=a&state=b`, { cookie, ...html }), testContext())).status).toBe(
      400,
    )
    expect((await site(get(`${origin}/auth/logout`, { cookie, ...html }), testContext())).status).toBe(200)
  })
})

describe('10,000 mutations of a cookie', () => {
  // Park and Miller's generator: the same mutations in every run.
  const generator =
    (seed: number) =>
    (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ "%\u00e9'

  function mutate(value: string, other: string, random: (below: number) => number): string {
    const at = random(value.length)
    const char = alphabet[random(alphabet.length)]!
    switch (random(8)) {
      case 0:
        return value.slice(0, at) + char + value.slice(at + 1)
      case 1:
        return value.slice(0, at)
      case 2:
        return value.slice(0, at) + char + value.slice(at)
      case 3:
        return value.slice(0, at) + value.slice(at + 1)
      case 4:
        return value.slice(0, at) + other.slice(at)
      case 5: {
        const parts = value.split('.')
        const [i, j] = [random(5), random(5)]
        ;[parts[i], parts[j]] = [parts[j]!, parts[i]!]
        return parts.join('.')
      }
      case 6:
        return value + value.slice(at)
      default: {
        // One bit of the last character of a part: what decoders overlook.
        const parts = value.split('.')
        const part = [0, 2, 3, 4][random(4)]!
        const last = parts[part]!.at(-1)!
        parts[part] = parts[part]!.slice(0, -1) + alphabet[(alphabet.indexOf(last) + 1 + random(3)) % 64]
        return parts.join('.')
      }
    }
  }

  it('give never a session and never a 500, on Node or by WebCrypto alone (R32)', async () => {
    const { ann, site } = await signedIn()
    const bob = await signedIn({}, 'bob')
    const [mine, theirs] = [ann, bob.ann].map(({ jar }) => jar.get(origin)!.get('__Host-oidc')!.value)
    const portable = withoutNodeCrypto(() => gateTo(provider)(whoAmI))
    expect((await who(portable, `__Host-oidc=${mine}`)).sub).toBe('ann')
    const random = generator(20_261_120)
    const seen = new Map<number, number>()
    for (let i = 0; i < 10_000; i++) {
      const value = mutate(mine!, theirs!, random)
      if (value === mine || value === theirs) continue
      const { status } = await who(i % 4 === 0 ? portable : site, `__Host-oidc=${value}`)
      seen.set(status, (seen.get(status) ?? 0) + 1)
    }
    expect([...seen.keys()]).toEqual([401])
    expect(seen.get(401)).toBeGreaterThan(9000)
  })
})

/** Makes something as on a platform that has WebCrypto alone. */
function withoutNodeCrypto<T>(make: () => T): T {
  const { getBuiltinModule } = process
  Object.assign(process, { getBuiltinModule: undefined })
  try {
    return make()
  } finally {
    Object.assign(process, { getBuiltinModule })
  }
}

describe('many claims', () => {
  const groups = (count: number): string[] => Array.from({ length: count }, (_, i) => `a-group-of-users-${i}`)

  it('are put into chunks, each line at most 4096 bytes (R29)', async () => {
    provider.accounts.set('carl', { groups: groups(150) })
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    const back = await ann.signIn(`${origin}/`, 'carl', { stopAt: (url) => url.startsWith(`${origin}/auth/callback`) })
    const lines = (await ann.fetch(back.url)).headers.getSetCookie()
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(4096)
    expect([...ann.jar.get(origin)!.keys()]).toEqual(['__Host-oidc.0', '__Host-oidc.1'])
    expect(JSON.parse((await ann.open(`${origin}/`)).text).claims.groups).toHaveLength(150)
  })

  it('do not open in another order, or with a chunk of another session', async () => {
    provider.accounts.set('carl', { groups: groups(150) })
    const carl = await signedIn({}, 'carl')
    const again = await signedIn({}, 'carl')
    const [a, b] = [carl, again].map(({ ann }) => [...ann.jar.get(origin)!.values()].map(({ value }) => value))
    const open = async (first: string, second: string) =>
      (await who(carl.site, `__Host-oidc.0=${first}; __Host-oidc.1=${second}`)).status
    expect(await open(a![0]!, a![1]!)).toBe(200)
    expect(await open(a![1]!, a![0]!)).toBe(401)
    expect(await open(a![0]!, b![1]!)).toBe(401)
    expect((await who(carl.site, `__Host-oidc.0=${a![0]}`)).status).toBe(401)
    expect((await who(carl.site, `__Host-oidc.1=${a![1]}`)).status).toBe(401)
  })

  it('that come to be fewer leave no stale chunk behind (R29)', async () => {
    provider.accounts.set('carl', { groups: groups(150) })
    const { ann } = await signedIn({}, 'carl')
    provider.accounts.set('carl', {})
    await ann.signIn(`${origin}/auth/login`, 'carl')
    expect([...ann.jar.get(origin)!.keys()]).toEqual(['__Host-oidc'])
    provider.accounts.set('carl', { groups: groups(150) })
    await ann.signIn(`${origin}/auth/login`, 'carl')
    expect([...ann.jar.get(origin)!.keys()]).toEqual(['__Host-oidc.0', '__Host-oidc.1'])
  })

  it('the cookie in one wins over chunks, the first over others of its name, opened or known', async () => {
    const { ann, site } = await signedIn()
    const bob = await signedIn({}, 'bob')
    const [mine, theirs] = [ann, bob.ann].map(({ cookieHeader }) => cookieHeader(origin))
    const chunk = theirs!.replace('=', '.0=')
    for (let round = 0; round < 2; round++) {
      expect((await who(site, `${mine}; ${theirs}`)).sub).toBe('ann')
      expect((await who(site, `${theirs}; ${mine}`)).sub).toBe('bob')
      expect((await who(site, `${chunk}; ${mine}`)).sub).toBe('ann')
      expect((await who(site, chunk)).sub).toBe('bob')
    }
  })
})

describe('a session that is too large (R30)', () => {
  const events: LoginEvent[] = []
  const on = { login: (event: LoginEvent) => void events.push(event) }
  const session = { maxHeaderBytes: 2048 }

  it('loses its ID token first, then the claims that nobody named', async () => {
    provider.accounts.set('clara', { groups: ['staff'], long: '' })
    provider.accounts.set('dora', { groups: ['staff'], long: 'x'.repeat(700) })
    provider.accounts.set('emil', { groups: ['staff'], long: 'x'.repeat(3000) })
    events.length = 0
    for (const user of ['clara', 'dora', 'emil']) {
      const { ann, site } = await signedIn({ session, on, allow: { groups: ['staff'] } }, user)
      const { claims } = await who(site, ann.cookieHeader(origin))
      expect(claims).toMatchObject({ groups: ['staff'], name: `User ${user}` })
      expect(claims!['long']).toBe(user === 'emil' ? undefined : provider.accounts.get(user)!['long'])
      expect(ann.cookieHeader(origin).length).toBeLessThanOrEqual(2048)
    }
    expect(events.map(({ dropped }) => dropped)).toEqual([[], ['id_token'], ['id_token', 'claims']])
  })

  it('that does not fit even so is refused at login, with a page, and never in a loop', async () => {
    provider.accounts.set('frieda', { groups: Array.from({ length: 400 }, (_, i) => `group-${i}`) })
    const ann = browser({ [origin]: gateTo(provider, { session, allow: { groups: ['group-1'] } })(whoAmI) })
    const page = await ann.signIn(`${origin}/`, 'frieda')
    expect(page.status).toBe(400)
    expect(page.text).toContain('more about you than fits into the cookies of this site')
    expect(ann.jar.get(origin)!.size).toBe(0)
  })

  it('keeps 30 KB of claims out of the header', async () => {
    provider.accounts.set('gustav', { long: 'x'.repeat(30_000) })
    const { ann } = await signedIn({}, 'gustav')
    expect(ann.cookieHeader(origin).length).toBeLessThanOrEqual(8192)
    expect((await ann.fetch(`${origin}/`)).status).toBe(200)
  })

  it('makes room for the cookies of the app', async () => {
    provider.accounts.set('hans', { long: 'x'.repeat(1500) })
    const site = gateTo(provider, { session: { maxHeaderBytes: 4096 }, on })(whoAmI)
    const ann = browser({ [origin]: site })
    const own = { value: 'x'.repeat(2000), path: '/', secure: true, httpOnly: true, sameSite: 'Lax', expires: Infinity }
    ann.jar.set(origin, new Map([['own', own]]))
    await ann.signIn(`${origin}/`, 'hans')
    expect(ann.cookieHeader(origin).length).toBeLessThanOrEqual(4096)
    expect((await ann.fetch(`${origin}/`)).status).toBe(200)
  })
})

describe('claims', () => {
  it('are those of the provider, without those of the protocol', async () => {
    const { ann, site } = await signedIn()
    const { claims } = await who(site, ann.cookieHeader(origin))
    expect(claims).toMatchObject({
      sub: 'ann',
      iss: provider.issuer,
      email: 'ann@example.com',
      email_verified: true,
      name: 'User ann',
    })
    for (const name of ['aud', 'exp', 'iat', 'nonce', 'at_hash']) expect(claims).not.toHaveProperty(name)
  })

  it('are the named ones alone, by option, and those that other options need', async () => {
    provider.accounts.set('ida', { groups: ['staff'], department: 'sales' })
    const options = {
      session: { claims: ['name'] },
      allow: { groups: ['staff'] },
      identityHeaders: { 'x-department': 'department' },
    }
    const { ann, site } = await signedIn(options, 'ida')
    expect((await who(site, ann.cookieHeader(origin))).claims).toEqual({
      sub: 'ida',
      name: 'User ida',
      groups: ['staff'],
      department: 'sales',
    })
  })
})
