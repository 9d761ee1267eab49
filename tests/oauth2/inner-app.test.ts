import { beforeAll, describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import type { Auth, OidcOptions } from '@outerware/oauth2'
import { get, record, testContext, type Recorder } from '../support/index.ts'
import { browser, clock, gateTo, origin, startProvider, whoAmI, type TestProvider } from './support/index.ts'

let provider: TestProvider
let cookie: string
beforeAll(async () => {
  provider = await startProvider()
  provider.accounts.set('ann', { groups: ['staff', 'a,b'], department: 'Größe\r\nx-evil: 1', name: ' % Ann ' })
  const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
  await ann.signIn(`${origin}/`)
  cookie = ann.cookieHeader(origin)
})

/** What the app inside gets of a request with these headers. */
async function seen(
  headers: Record<string, string>,
  options: Partial<OidcOptions<readonly ['/public']>> = {},
  path = '/',
): Promise<Headers> {
  const inner = record()
  await gateTo(provider, { publicPaths: ['/public'], ...options })(inner)(get(origin + path, headers), testContext())
  expect(inner.requests).toHaveLength(1)
  return inner.requests[0]!.headers
}

describe('context.auth', () => {
  it('says who is there', async () => {
    let auth: Auth | undefined
    const app: App<{ auth: Auth }> = (_request, context) => ((auth = context.auth), respond('x'))
    await gateTo(provider)(app)(get(`${origin}/`, { cookie }), testContext())
    expect(auth).toEqual({
      kind: 'session',
      sub: 'ann',
      email: 'ann@example.com',
      claims: expect.objectContaining({ sub: 'ann', groups: ['staff', 'a,b'] }),
      sid: expect.stringMatching(/^[\w-]{43}$/),
      logoutURL: `${origin}/auth/logout`,
      accessToken: expect.any(Function),
      fetch: expect.any(Function),
    })
  })

  it('is on the very context that the host has made', async () => {
    const context = testContext()
    await gateTo(provider)(whoAmI)(get(`${origin}/`, { cookie }), context)
    expect(context).toHaveProperty('auth.sub', 'ann')
  })

  it('can be changed by nobody, all the way down: the next request gets the same (rule 9)', async () => {
    const app: App<{ auth: Auth }> = (_request, { auth }) => {
      for (const target of [auth, auth.claims, auth.claims['groups']]) expect(Object.isFrozen(target)).toBe(true)
      return respond('x')
    }
    const site = gateTo(provider)(app)
    for (let i = 0; i < 2; i++) expect((await site(get(`${origin}/`, { cookie }), testContext())).status).toBe(200)
  })
})

describe('the request that goes inward', () => {
  it('has no cookie of the gate, and all others (R53)', async () => {
    expect((await seen({ cookie })).has('cookie')).toBe(false)
    const more = `a=1; ${cookie}; __Host-oidc.0=x; b="2; __Host-oidc.login.abc=y;__Host-oidcx=3; c=__Host-oidc; __Host-oidc.logout=z`
    expect((await seen({ cookie: more })).get('cookie')).toBe('a=1; b="2; __Host-oidcx=3; c=__Host-oidc')
    expect((await seen({ cookie: `${cookie}; theme=dark` })).get('cookie')).toBe('theme=dark')
    expect((await seen({ cookie: `theme=dark; ${cookie}` })).get('cookie')).toBe('theme=dark')
  })

  it('has none of them on public paths either', async () => {
    expect((await seen({ cookie: 'a=1; __Host-oidc=nonsense' }, {}, '/public')).get('cookie')).toBe('a=1')
  })

  it('is the same object when there is nothing to change', async () => {
    const inner = record()
    const request = get(`${origin}/public`, { cookie: 'a=1', 'x-other': '1' })
    await gateTo(provider, { publicPaths: ['/public'] })(inner)(request, testContext())
    expect(inner.requests[0]).toBe(request)
  })

  it('leaves the request outside as it was', async () => {
    const request = get(`${origin}/`, { cookie })
    await gateTo(provider)(whoAmI)(request, testContext())
    expect(request.headers.get('cookie')).toBe(cookie)
  })

  it('keeps its body', async () => {
    const site = gateTo(provider)(async (request) => respond(`${request.method} ${await request.text()}`))
    const response = await site(
      get(`${origin}/`, { cookie, 'x-forwarded-user': 'x' }, { method: 'POST', body: 'hello' }),
      testContext(),
    )
    expect(await response.text()).toBe('POST hello')
  })
})

describe('identity fields that a client has made up', () => {
  const usual = [
    'x-forwarded-user',
    'X-Forwarded-Email',
    'x_forwarded_user',
    'X_Forwarded-Groups',
    'remote_user',
    'Remote-User',
    'x-auth-request-access-token',
    // Some gateways to CGI write everything as _ that is neither a letter nor a digit.
    'X.Forwarded.User',
    'x~forwarded!user',
  ]

  it.each(usual)('%s is removed, signed in or on a public path (R52)', async (name) => {
    expect((await seen({ cookie, [name]: 'admin' })).has(name)).toBe(false)
    expect((await seen({ [name]: 'admin' }, {}, '/public')).has(name)).toBe(false)
  })

  it('the ones of the options are removed too, in every spelling', async () => {
    const options = { identityHeaders: { 'X-Staff-Id': 'employee' } }
    for (const name of ['x-staff-id', 'X_STAFF_ID', 'x-staff_id']) {
      expect((await seen({ cookie, [name]: '1' }, options)).has(name)).toBe(false)
      expect((await seen({ [name]: '1' }, options, '/public')).has(name)).toBe(false)
    }
  })

  it('others stay', async () => {
    const headers = await seen({
      cookie,
      'x-forwarded-for': '1.2.3.4',
      'x-forwarded-host': 'h',
      authorization: 'Basic eA==',
      'remote-userx': 'y',
    })
    expect(headers.get('x-forwarded-for')).toBe('1.2.3.4')
    expect(headers.get('x-forwarded-host')).toBe('h')
    expect(headers.get('authorization')).toBe('Basic eA==')
    expect(headers.get('remote-userx')).toBe('y')
  })

  it('stay with identityHeaders: false', async () => {
    expect(
      (await seen({ cookie, 'x-forwarded-user': 'admin' }, { identityHeaders: false })).get('x-forwarded-user'),
    ).toBe('admin')
  })
})

describe('identityHeaders', () => {
  const identityHeaders = {
    'X-Forwarded-User': 'sub',
    'x-groups': 'groups',
    'x-department': 'department',
    'x-name': 'name',
    'x-verified': 'email_verified',
    'x-none': 'missing',
  }

  it('carry claims, and replace what the client has sent', async () => {
    const headers = await seen({ cookie, 'x-forwarded-user': 'admin', 'x-none': 'admin' }, { identityHeaders })
    expect(headers.get('x-forwarded-user')).toBe('ann')
    expect(headers.get('x-verified')).toBe('true')
    expect(headers.has('x-none')).toBe(false)
  })

  it('are encoded: no line is ended, nothing is lost (R54)', async () => {
    const headers = await seen({ cookie }, { identityHeaders })
    expect(headers.get('x-groups')).toBe('staff,a%2Cb')
    expect(headers.get('x-department')).toBe('Gr%C3%B6%C3%9Fe%0D%0Ax-evil: 1')
    expect(decodeURIComponent(headers.get('x-department')!)).toBe('Größe\r\nx-evil: 1')
    expect(headers.get('x-name')).toBe('%20%25 Ann%20')
    expect(headers.has('x-evil')).toBe(false)
  })

  it.each([
    ['false', false],
    ['the text false', 'false'],
  ])('leave out an address that the provider says is not verified: %s', async (_how, email_verified) => {
    provider.accounts.set('eve', { email: 'ann@example.com', email_verified })
    const identityHeaders = { 'x-forwarded-email': 'email', 'x-forwarded-user': 'sub' }
    // Needed to judge by, so it is kept, although nobody has named it.
    const options = { identityHeaders, session: { claims: ['email'] } }
    const eve = browser({ [origin]: gateTo(provider, options)(whoAmI) })
    await eve.signIn(`${origin}/`, 'eve')
    const headers = await seen({ cookie: eve.cookieHeader(origin), 'x-forwarded-email': 'ann@example.com' }, options)
    expect([headers.get('x-forwarded-user'), headers.get('x-forwarded-email')]).toEqual(['eve', null])
    expect((await seen({ cookie }, options)).get('x-forwarded-email')).toBe('ann@example.com')
  })

  it('are not there on public paths for nobody', async () => {
    expect((await seen({}, { identityHeaders }, '/public')).has('x-forwarded-user')).toBe(false)
    expect((await seen({ cookie }, { identityHeaders }, '/public')).get('x-forwarded-user')).toBe('ann')
  })

  it('never carry tokens: without an option there is no field at all (R26)', async () => {
    const headers = await seen({ cookie })
    expect([...headers.keys()]).toEqual([])
  })
})

describe('the answer of the app', () => {
  const answering =
    (headers: Record<string, string>): App =>
    () =>
      respond('x', { headers })
  const ask = async (app: App, path = '/', withCookie = true): Promise<Headers> => {
    const site = gateTo(provider, { publicPaths: ['/public'] })(app)
    return (await site(get(origin + path, withCookie ? { cookie } : {}), testContext())).headers
  }

  it('is private and varies by cookie, where it says nothing (R56)', async () => {
    const headers = await ask(answering({}))
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['private', 'cookie'])
  })

  it('keeps what it says of caching, and what else it varies by (R56)', async () => {
    const headers = await ask(answering({ 'cache-control': 'no-cache', vary: 'Accept-Encoding' }))
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['no-cache', 'Accept-Encoding, cookie'])
  })

  it('stays the same object', async () => {
    const response = respond('x')
    const site = gateTo(provider)(() => response)
    expect(await site(get(`${origin}/`, { cookie }), testContext())).toBe(response)
  })

  it('to nobody, on a public path, varies by cookie only where the app says nothing', async () => {
    expect((await ask(answering({}), '/public', false)).get('vary')).toBe('cookie')
    expect((await ask(answering({}), '/public', false)).has('cache-control')).toBe(false)
    const own = await ask(answering({ 'cache-control': 'public, max-age=60' }), '/public', false)
    expect([own.get('cache-control'), own.get('vary')]).toEqual(['public, max-age=60', null])
  })

  it.each([
    ['public, s-maxage=600', 'private'],
    // A cache that is shared may keep these too: Set-Cookie alone keeps it from nothing (RFC 9111, 7.3).
    ['max-age=600', 'max-age=600, private'],
    ['no-cache', 'no-cache, private'],
    ['no-store', 'no-store'],
    ['private, max-age=600', 'private, max-age=600'],
  ])('that takes a session along is kept by no shared cache, whatever the app says: %s', async (said, wanted) => {
    // The others are of RFC 9213, and count for more where they are known.
    const others = { 'cdn-cache-control': 'max-age=600', 'Acme-CDN-Cache-Control': 'public', 'surrogate-control': 'x' }
    const site = gateTo(provider, { refresh: false })(answering({ 'cache-control': said, ...others }))
    const time = clock()
    time.forward(8000)
    const { headers } = await site(get(`${origin}/`, { cookie }), testContext())
    time.restore()
    expect(headers.getSetCookie()).toHaveLength(1)
    expect(headers.get('cache-control')).toBe(wanted)
    expect([...headers.keys()].filter((name) => name.endsWith('control'))).toEqual(['cache-control'])
  })

  it('an immutable one is copied', async () => {
    const headers = await ask(() => Response.redirect(`${origin}/there`))
    expect([headers.get('location'), headers.get('cache-control')]).toEqual([`${origin}/there`, 'private'])
  })
})

it('an exception of the app passes through untouched', async () => {
  const error = new Error('mine')
  const site = gateTo(provider)(() => {
    throw error
  })
  await expect((async () => site(get(`${origin}/`, { cookie }), testContext()))()).rejects.toBe(error)
  const later = gateTo(provider)(() => Promise.reject(error))
  await expect((async () => later(get(`${origin}/`, { cookie }), testContext()))()).rejects.toBe(error)
})

it('one gate stands in front of two apps at once', async () => {
  const wrap = gateTo(provider)
  const apps: Recorder[] = [record(), record()]
  const sites = apps.map((app) => wrap(app))
  await Promise.all(sites.map((site) => site(get(`${origin}/`, { cookie }), testContext())))
  expect(apps.map(({ requests }) => requests.length)).toEqual([1, 1])
})

describe('a signed-in user who is known', () => {
  it('gets an answer in the same turn: no promise is made', async () => {
    const site = gateTo(provider)(() => respond('x'))
    const ask = () => site(get(`${origin}/`, { cookie }), testContext())
    // On Node the first request, too, is opened at once; the second one is known.
    expect(ask()).toBeInstanceOf(Response)
    expect(ask()).toBeInstanceOf(Response)
  })

  it('is not opened again: cipher and JSON are left alone', async () => {
    const site = gateTo(provider)(() => respond('x'))
    await site(get(`${origin}/`, { cookie }), testContext())
    const { parse } = JSON
    let parses = 0
    JSON.parse = (...args: Parameters<typeof parse>): unknown => {
      parses += 1
      return parse(...args)
    }
    for (let i = 0; i < 100; i++) await site(get(`${origin}/`, { cookie }), testContext())
    JSON.parse = parse
    expect(parses).toBe(0)
  })
})
