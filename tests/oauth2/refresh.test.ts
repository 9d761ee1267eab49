import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { errors, type App } from '@outerware/core'
import type { Auth, OidcOptions, RefreshEvent } from '@outerware/oauth2'
import { get, testContext } from '../support/index.ts'
import {
  browser,
  clock,
  gateTo,
  origin,
  startFakeProvider,
  startProvider,
  whoAmI,
  type Browser,
  type Clock,
  type TestProvider,
} from './support/index.ts'

// Access tokens live for 600 seconds here, and are refreshed 60 before their end.
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

async function signedIn(options: Partial<OidcOptions<readonly []>> = {}): Promise<{ ann: Browser; site: App }> {
  const site = gateTo(provider, { on: { error: () => {} }, ...options })(whoAmI)
  const ann = browser({ [origin]: site })
  await ann.signIn(`${origin}/`)
  return { ann, site }
}

/** A request with exactly this Cookie header. */
async function ask(
  site: App,
  cookie: string,
  path = '/',
): Promise<{ status: number; token?: string; lines: string[]; response: Response }> {
  const response = await site(get(origin + path, { cookie, accept: 'application/json' }), testContext())
  const said: { accessToken?: string } = response.status === 200 ? Object(await response.clone().json()) : {}
  const lines = response.headers.getSetCookie()
  return {
    status: response.status,
    lines,
    response,
    ...(said.accessToken === undefined ? {} : { token: said.accessToken }),
  }
}

const refreshes = (): number =>
  provider.bodies('/token').filter((body) => body.get('grant_type') === 'refresh_token').length

/** Answers token requests with this status for a while. */
function down(status: number, body: object = {}, headers: Record<string, string> = {}): void {
  provider.interfere = (req, res) => {
    if (req.url !== '/token') return false
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    return true
  }
}

describe('ahead of its end (R22)', () => {
  it('an access token is refreshed, and the browser gets the new session', async () => {
    const { ann, site } = await signedIn()
    const cookie = ann.cookieHeader(origin)
    const before = await ask(site, cookie)
    time.forward(550)
    const count = refreshes()
    const after = await ask(site, cookie)
    expect(after.status).toBe(200)
    expect(after.token).not.toBe(before.token)
    expect(after.lines).toHaveLength(1)
    expect(refreshes() - count).toBe(1)
  })

  it('and not before', async () => {
    const { ann, site } = await signedIn()
    time.forward(530)
    const count = refreshes()
    expect((await ask(site, ann.cookieHeader(origin))).lines).toEqual([])
    expect(refreshes() - count).toBe(0)
  })

  it('again and again, with the tokens of each time', async () => {
    const { ann } = await signedIn()
    const tokens = new Set<unknown>()
    for (let i = 0; i < 4; i++) {
      tokens.add(JSON.parse((await ann.open(`${origin}/`)).text).accessToken)
      time.forward(560)
    }
    expect(tokens.size).toBe(4)
  })

  it('keeps the session id, and tells on.refresh', async () => {
    const events: RefreshEvent[] = []
    const { ann } = await signedIn({ on: { refresh: (event) => void events.push(event) } })
    const { sid } = JSON.parse((await ann.open(`${origin}/`)).text)
    time.forward(560)
    expect(JSON.parse((await ann.open(`${origin}/`)).text).sid).toBe(sid)
    expect(events).toMatchObject([{ sid, auth: { sub: 'ann' } }])
  })

  it('brings new claims along: what the ID token says is taken over', async () => {
    const claims = { openid: ['sub', 'groups'], email: ['email'], profile: ['name'] }
    const other = await startProvider({ claims })
    other.accounts.set('ann', { groups: ['old'] })
    const ann = browser({ [origin]: gateTo(other)(whoAmI) })
    await ann.signIn(`${origin}/`)
    other.accounts.set('ann', { groups: ['new'] })
    time.forward(560)
    expect(JSON.parse((await ann.open(`${origin}/`)).text).claims).toMatchObject({
      groups: ['new'],
      email: 'ann@example.com',
    })
  })

  it('but never what makes a login stronger or younger than it was (Core, 12.2)', async () => {
    const fake = await startFakeProvider()
    const site = gateTo(fake, { scope: 'openid', stepUp: [{ path: '/vault', maxAge: 300 }] })(whoAmI)
    const ann = browser({ [origin]: site })
    const { url } = await ann.open(`${origin}/`, { stopAt: (next) => next.startsWith(fake.issuer) })
    const { state, nonce } = Object.fromEntries(new URL(url).searchParams)
    const now = (): number => Math.floor(Date.now() / 1000)
    const answer = async (claims: Record<string, unknown>) => ({
      body: {
        access_token: 'a',
        token_type: 'Bearer',
        expires_in: 600,
        refresh_token: 'r',
        id_token: await fake.idToken(claims),
      },
    })
    fake.token = () => answer({ nonce, auth_time: now(), acr: 'urn:pwd' })
    await ann.open(`${origin}/auth/callback?code=c&state=${state}`)
    fake.token = () => answer({ auth_time: now(), acr: 'urn:mfa', name: 'Ann' })
    time.forward(560)
    const { claims } = JSON.parse((await ann.open(`${origin}/`)).text)
    expect([claims.name, claims.acr, claims.auth_time <= now() - 560]).toEqual(['Ann', 'urn:pwd', true])
    expect((await ask(site, ann.cookieHeader(origin), '/vault')).status).toBe(401)
  })

  it('judges anew by them: who has lost the group stays out', async () => {
    const claims = { openid: ['sub', 'groups'], email: ['email'], profile: ['name'] }
    const other = await startProvider({ claims })
    other.accounts.set('ann', { groups: ['staff'] })
    const ann = browser({ [origin]: gateTo(other, { allow: { groups: ['staff'] } })(whoAmI) })
    expect((await ann.signIn(`${origin}/`)).status).toBe(200)
    other.accounts.set('ann', { groups: [] })
    time.forward(560)
    expect((await ann.open(`${origin}/`)).status).toBe(403)
  })

  it('never with refresh: false; the session outlives the token', async () => {
    const { ann, site } = await signedIn({ refresh: false })
    time.forward(700)
    const { status, token } = await ask(site, ann.cookieHeader(origin))
    expect([status, token]).toEqual([200, undefined])
  })
})

describe('requests side by side (R18)', () => {
  it('20 of them: one refresh, 20 answers with the same new session', async () => {
    const { ann, site } = await signedIn()
    const cookie = ann.cookieHeader(origin)
    time.forward(550)
    const count = refreshes()
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(site, cookie)))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(new Set(answers.map(({ token }) => token)).size).toBe(1)
    expect(new Set(answers.flatMap(({ lines }) => lines)).size).toBe(1)
    expect(refreshes() - count).toBe(1)
  })

  it('of two users: two refreshes', async () => {
    const site = gateTo(provider)(whoAmI)
    const browsers = [browser({ [origin]: site }), browser({ [origin]: site })]
    for (const [i, who] of browsers.entries()) await who.signIn(`${origin}/`, `user${i}`)
    time.forward(550)
    const count = refreshes()
    const subs = await Promise.all(browsers.map(async (who) => JSON.parse((await who.open(`${origin}/`)).text).sub))
    expect(subs).toEqual(['user0', 'user1'])
    expect(refreshes() - count).toBe(2)
  })

  it('while the provider is slow: still one', async () => {
    const { ann, site } = await signedIn()
    const cookie = ann.cookieHeader(origin)
    time.forward(550)
    provider.interfere = async (req) => {
      if (req.url === '/token') await sleep(200)
      return false
    }
    const count = refreshes()
    const first = ask(site, cookie)
    await sleep(50)
    const second = ask(site, cookie)
    expect((await first).token).toBe((await second).token)
    expect(refreshes() - count).toBe(1)
  })
})

describe('a late request with the old cookie (R20)', () => {
  it('gets the new tokens within the grace, with no further refresh', async () => {
    const { ann, site } = await signedIn()
    const cookie = ann.cookieHeader(origin)
    time.forward(550)
    const { token } = await ask(site, cookie)
    const count = refreshes()
    time.forward(25)
    const late = await ask(site, cookie)
    expect([late.status, late.token]).toEqual([200, token])
    expect(late.lines).toHaveLength(1)
    expect(refreshes() - count).toBe(0)
  })

  it('is refused after the grace: the provider knows the old token no more', async () => {
    const { ann, site } = await signedIn()
    const cookie = ann.cookieHeader(origin)
    time.forward(550)
    await ask(site, cookie)
    time.forward(31)
    expect((await ask(site, cookie)).status).toBe(401)
  })

  it('gets them for longer while no answer has taken the new session along', async () => {
    let release: (() => void) | undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const app: App<{ auth: Auth }> = async (request, context) => {
      if (request.url.endsWith('/slow')) await held
      return whoAmI(request, context)
    }
    const site = gateTo(provider)(app)
    const ann = browser({ [origin]: site })
    await ann.signIn(`${origin}/`)
    const cookie = ann.cookieHeader(origin)
    time.forward(550)
    const slow = ask(site, cookie, '/slow')
    await sleep(100)
    time.forward(40)
    expect((await ask(site, cookie)).status).toBe(200)
    release!()
    expect((await slow).status).toBe(200)
  })
})

describe('the provider says no (R21)', () => {
  it('invalid_grant ends the session: signed out, cookie cleared', async () => {
    const events: RefreshEvent[] = []
    const { ann, site } = await signedIn({ on: { refresh: (event) => void events.push(event) } })
    const cookie = ann.cookieHeader(origin)
    time.forward(550)
    down(400, { error: 'invalid_grant' })
    const { status, lines } = await ask(site, cookie)
    expect(status).toBe(401)
    expect(lines).toEqual([expect.stringContaining('Max-Age=0')])
    expect(events).toMatchObject([{ auth: undefined }])
  })

  it('is asked once by 20 requests', async () => {
    const { ann, site } = await signedIn()
    const cookie = ann.cookieHeader(origin)
    time.forward(550)
    down(400, { error: 'invalid_grant' })
    const count = provider.count('/token')
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(site, cookie)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]))
    expect(provider.count('/token') - count).toBe(1)
  })

  it('sends a navigation to sign in again', async () => {
    const { ann } = await signedIn()
    time.forward(550)
    down(400, { error: 'invalid_grant' })
    expect((await ann.fetch(`${origin}/`)).status).toBe(303)
    expect(ann.jar.get(origin)!.has('__Host-oidc')).toBe(false)
  })

  it('an ID token of another user ends it too (Core, 12.2)', async () => {
    const fake = await startFakeProvider()
    const site = gateTo(fake, { scope: 'openid' })(whoAmI)
    const ann = browser({ [origin]: site })
    const { url } = await ann.open(`${origin}/`, { stopAt: (next) => next.startsWith(fake.issuer) })
    const { state, nonce } = Object.fromEntries(new URL(url).searchParams)
    const answer = { access_token: 'a', token_type: 'Bearer', expires_in: 600, refresh_token: 'r' }
    fake.token = async () => ({ body: { ...answer, id_token: await fake.idToken({ nonce }) } })
    await ann.open(`${origin}/auth/callback?code=c&state=${state}`)
    time.forward(550)
    fake.token = async () => ({ body: { ...answer, id_token: await fake.idToken({ sub: 'mallory' }) } })
    expect((await ask(site, ann.cookieHeader(origin))).status).toBe(401)
  })
})

describe('the provider is in trouble (R21)', () => {
  it.each([
    ['503', () => down(503)],
    ['500 with an OAuth error', () => down(500, { error: 'server_error' })],
    ['429', () => down(429, { error: 'slow_down' })],
    ['400 with an error that speaks of trouble', () => down(400, { error: 'temporarily_unavailable' })],
    ['200 with nothing in it', () => down(200)],
    ['200 with a list', () => down(200, [])],
    ['200 with a page', () => down(200, {}, { 'content-type': 'text/html' })],
    ['a wrong client secret', () => down(401, { error: 'invalid_client' })],
    [
      'a broken connection',
      () => {
        provider.interfere = (req) => {
          if (req.url === '/token') req.socket.destroy()
          return req.url === '/token'
        }
      },
    ],
  ])(
    '%s: the session is served while the token is good, then 503 with Retry-After, then it goes on',
    async (_what, breakIt) => {
      const { ann, site } = await signedIn()
      const cookie = ann.cookieHeader(origin)
      const { token } = await ask(site, cookie)
      time.forward(550)
      breakIt()
      expect(await ask(site, cookie)).toMatchObject({ status: 200, token, lines: [] })
      time.forward(51)
      const { status, lines, response } = await ask(site, cookie)
      expect([status, lines]).toEqual([503, []])
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      provider.interfere = undefined
      time.forward(6)
      const after = await ask(site, cookie)
      expect(after.status).toBe(200)
      expect(after.token).not.toBe(token)
    },
  )

  it('is not asked again at once', async () => {
    const { ann, site } = await signedIn()
    const cookie = ann.cookieHeader(origin)
    time.forward(550)
    down(503)
    const count = provider.count('/token')
    for (let i = 0; i < 5; i++) await ask(site, cookie)
    expect(provider.count('/token') - count).toBe(1)
    time.forward(6)
    await ask(site, cookie)
    expect(provider.count('/token') - count).toBe(2)
  })

  it('is left alone for as long as it asks by Retry-After', async () => {
    const { ann, site } = await signedIn()
    const cookie = ann.cookieHeader(origin)
    time.forward(601)
    down(503, {}, { 'retry-after': '20' })
    const count = provider.count('/token')
    expect((await ask(site, cookie)).response.headers.get('retry-after')).toBe('20')
    time.forward(15)
    await ask(site, cookie)
    expect(provider.count('/token') - count).toBe(1)
  })

  it('shows people a page that says that they are still signed in', async () => {
    const { ann } = await signedIn()
    time.forward(601)
    down(503)
    const page = await ann.open(`${origin}/`)
    expect(page.status).toBe(503)
    expect(page.text).toContain('You are still signed in')
    expect(ann.jar.get(origin)!.has('__Host-oidc')).toBe(true)
  })
})

describe('auth.accessToken()', () => {
  const publicPaths = ['/public', '/claims'] as const

  /** An app that asks for the token, or does not. */
  const app: App<{ auth: Auth | undefined }> = async (request, { auth }) =>
    request.url.endsWith('/claims')
      ? Response.json({ sub: auth?.sub })
      : Response.json({ accessToken: await auth?.accessToken() })

  it('refreshes on a public page, where the gate itself does not, and the cookie goes along', async () => {
    const site = gateTo(provider, { publicPaths })(app)
    const ann = browser({ [origin]: site })
    await ann.signIn(`${origin}/`)
    const cookie = ann.cookieHeader(origin)
    time.forward(550)
    const count = refreshes()
    expect((await ask(site, cookie, '/claims')).lines).toEqual([])
    expect(refreshes() - count).toBe(0)
    const { status, lines, response } = await ask(site, cookie, '/public')
    expect([status, lines.length, refreshes() - count]).toEqual([200, 1, 1])
    expect(response.headers.get('cache-control')).toBe('private')
  })

  it('rejects with a status of 503 when the provider cannot be asked, so that errors() answers that', async () => {
    const site = errors()(gateTo(provider, { publicPaths, on: { error: () => {} } })(app))
    const ann = browser({ [origin]: site })
    await ann.signIn(`${origin}/`)
    time.forward(601)
    down(503)
    const report = console.error
    console.error = () => {}
    const { status } = await ask(site, ann.cookieHeader(origin), '/public')
    console.error = report
    expect(status).toBe(503)
  })

  it('is undefined when the token is over and there is none to refresh it with', async () => {
    const poor = await startProvider({ issueRefreshToken: () => false })
    const site = gateTo(poor)(whoAmI)
    const ann = browser({ [origin]: site })
    await ann.signIn(`${origin}/`)
    expect((await ask(site, ann.cookieHeader(origin))).token).toMatch(/./)
    time.forward(601)
    expect(await ask(site, ann.cookieHeader(origin))).toMatchObject({ status: 200, lines: [] })
    expect((await ask(site, ann.cookieHeader(origin))).token).toBeUndefined()
  })
})

it('tokens that live shorter than `ahead` are refreshed at half of their life, not at every request', async () => {
  const short = await startProvider({
    ttl: { AccessToken: 40, IdToken: 600, RefreshToken: 86_400, Session: 86_400, Interaction: 600, Grant: 86_400 },
  })
  const site = gateTo(short)(whoAmI)
  const ann = browser({ [origin]: site })
  await ann.signIn(`${origin}/`)
  const count = (): number => short.bodies('/token').length
  const before = count()
  for (let i = 0; i < 5; i++) await ann.open(`${origin}/`)
  expect(count() - before).toBe(0)
  time.forward(21)
  await ann.open(`${origin}/`)
  expect(count() - before).toBe(1)
})

it.each([
  ['0', 0],
  ['less than a second', 0.5],
  ['below 0', -1],
  ['no number', 'soon'],
  ['null', null],
  ['without end', '1e999'],
  ['a thousand ages', 1e300],
])(
  'a lifetime of the token that can be none (%s) is not believed: it signs in, and refreshes nothing',
  async (_what, given) => {
    const fake = await startFakeProvider()
    const ann = browser({ [origin]: gateTo(fake, { scope: 'openid' })(whoAmI) })
    const { url } = await ann.open(`${origin}/`, { stopAt: (next) => next.startsWith(fake.issuer) })
    const { state, nonce } = Object.fromEntries(new URL(url).searchParams)
    const answer = {
      access_token: 'a',
      token_type: 'Bearer',
      refresh_token: 'r',
      id_token: await fake.idToken({ nonce }),
    }
    const text = JSON.stringify({ ...answer, expires_in: given }).replace('"1e999"', '1e999')
    fake.token = async () => ({ body: text })
    await ann.open(`${origin}/auth/callback?code=c&state=${state}`)
    for (let i = 0; i < 3; i++) expect((await ann.open(`${origin}/`)).text).toContain('"accessToken":"a"')
    expect(fake.count('/token')).toBe(1)
  },
)

it('a provider that does not rotate keeps its refresh token in use', async () => {
  const lasting = await startProvider({ rotateRefreshToken: () => false })
  const ann = browser({ [origin]: gateTo(lasting)(whoAmI) })
  await ann.signIn(`${origin}/`)
  for (let i = 0; i < 3; i++) {
    time.forward(560)
    expect((await ann.open(`${origin}/`)).status).toBe(200)
  }
  const used = lasting.bodies('/token').flatMap((body) => body.get('refresh_token') ?? [])
  expect([used.length, new Set(used).size]).toEqual([3, 1])
})

it('prolonging never brings spent tokens back: the refreshed session wins', async () => {
  const { ann, site } = await signedIn({ session: { rollingDuration: 10_000 } })
  const cookie = ann.cookieHeader(origin)
  // Due for both: a twentieth of rollingDuration has passed, and the token is at its end.
  time.forward(550)
  const { lines, token } = await ask(site, cookie)
  expect(lines).toHaveLength(1)
  const next = lines[0]!.split(';')[0]!
  expect((await ask(site, next)).token).toBe(token)
  expect(refreshes()).toBeGreaterThan(0)
})
