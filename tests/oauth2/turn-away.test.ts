import { beforeAll, describe, expect, it } from '@jest/globals'
import type { App, UpgradeOffer } from '@outerware/core'
import { get, record, testContext, type Recorder } from '../support/index.ts'
import { browser, gateTo, origin, startProvider, whoAmI, type TestProvider } from './support/index.ts'

let provider: TestProvider
let inner: Recorder
let site: App
beforeAll(async () => {
  provider = await startProvider()
  inner = record()
  site = gateTo(provider)(inner)
})

const html = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const ask = (headers: Record<string, string>, init: RequestInit = {}, upgrade?: UpgradeOffer) => {
  const context = { ...testContext(), ...(upgrade === undefined ? {} : { upgrade }) }
  return site(get(`${origin}/page?q=1`, headers, init), context)
}

describe('a navigation is redirected', () => {
  it.each([
    ['a click on a link', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: html }],
    ['a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe', accept: html }],
    ['a page that a service worker fetches', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'empty', accept: html }],
    ['a browser without Fetch metadata', { accept: html }],
    ['xhtml alone', { accept: 'application/xhtml+xml' }],
    ['html with the least quality', { accept: 'application/json, text/html;q=0.001' }],
  ])('%s', async (_what, headers) => {
    const response = await ask(headers)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toMatch(`${provider.issuer}/auth?`)
  })

  it('HEAD too, without a body', async () => {
    const response = await ask({ accept: html }, { method: 'HEAD' })
    expect([response.status, response.body]).toEqual([303, null])
  })
})

describe('everything else gets 401 (c2)', () => {
  const fetches: Record<string, string> = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', accept: '*/*' }
  it.each<[string, Record<string, string>, RequestInit?]>([
    ['fetch()', fetches],
    ['fetch() that takes html', { ...fetches, accept: html }],
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image', accept: 'image/avif,*/*' }],
    ['a script', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script', accept: '*/*' }],
    ['an object that is embedded', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'object', accept: html }],
    ['a WebSocket by its metadata', { 'sec-fetch-mode': 'websocket', 'sec-fetch-dest': 'websocket' }],
    [
      'a prefetch',
      { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: html, 'sec-purpose': 'prefetch' },
    ],
    ['a prerendering', { 'sec-fetch-mode': 'navigate', accept: html, 'sec-purpose': 'prefetch;prerender' }],
    ['a prefetch of older browsers', { accept: html, purpose: 'prefetch' }],
    ['XMLHttpRequest', { accept: html, 'x-requested-with': 'XMLHttpRequest' }],
    ['curl', { accept: '*/*' }],
    ['no Accept at all', {}],
    ['JSON', { accept: 'application/json' }],
    ['html that is not acceptable', { accept: 'text/html;q=0, */*' }],
    ['html that is not acceptable, in three digits', { accept: 'text/html; Q=0.000' }],
    [
      'a form that is posted',
      { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: html },
      { method: 'POST', body: 'a=1' },
    ],
    ['PUT', { accept: html }, { method: 'PUT', body: 'x' }],
    [
      'a preflight',
      { ...fetches, 'access-control-request-method': 'PUT', origin: 'https://other.test' },
      { method: 'OPTIONS' },
    ],
  ])('%s', async (_what, headers, ...[init]) => {
    const response = await ask(headers, init)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(
      'Cookie realm="https://site.test", form-action="https://site.test/auth/login"',
    )
    expect(response.headers.getSetCookie()).toEqual([])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('an upgrade', async () => {
    expect((await ask({ accept: html, upgrade: 'websocket' }, {}, { protocol: 'websocket' })).status).toBe(401)
  })

  it('with a problem document that says where to sign in (c11)', async () => {
    const response = await ask(fetches)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toEqual({
      title: 'Sign in first',
      status: 401,
      detail: 'This address is for signed-in users.',
      login: `${origin}/auth/login`,
    })
  })

  it('with a page for a form that was posted, whose link leads back to the form (c12)', async () => {
    const headers = { 'sec-fetch-mode': 'navigate', accept: html, referer: `${origin}/form?id=1` }
    const response = await ask(headers, { method: 'POST', body: 'a=1' })
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await response.text()).toContain('href="https://site.test/auth/login?returnTo=%2Fform%3Fid%3D1"')
  })

  it('with a page that leads to no other site, whatever Referer says', async () => {
    const headers = { 'sec-fetch-mode': 'navigate', accept: html, referer: 'https://evil.test/<script>' }
    const text = await (await ask(headers, { method: 'POST', body: 'a=1' })).text()
    expect(text).not.toMatch(/evil|script/)
  })
})

it('the app hears of none of them', () => {
  expect(inner.requests).toEqual([])
})

describe('unauthenticated', () => {
  const navigate = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: html }
  const statusOf = async (options: Parameters<typeof gateTo>[1], headers: Record<string, string>): Promise<number> =>
    (await gateTo(provider, options)(whoAmI)(get(`${origin}/`, headers), testContext())).status

  it("'401' redirects nothing", async () => {
    expect(await statusOf({ unauthenticated: '401' }, navigate)).toBe(401)
  })

  it("'redirect' redirects everything", async () => {
    expect(await statusOf({ unauthenticated: 'redirect' }, { accept: 'application/json' })).toBe(303)
  })

  it('as a function says which, or answers itself', async () => {
    const turn = (request: Request) =>
      request.headers.has('x-api')
        ? '401'
        : request.headers.has('x-own')
          ? new Response('own', { status: 418 })
          : 'auto'
    expect(await statusOf({ unauthenticated: turn }, { ...navigate, 'x-api': '1' })).toBe(401)
    expect(await statusOf({ unauthenticated: turn }, { ...navigate, 'x-own': '1' })).toBe(418)
    expect(await statusOf({ unauthenticated: turn }, navigate)).toBe(303)
  })

  it('as an app answers, which gets no identity that a client has made up (R52)', async () => {
    const asked = record()
    const landing = (request: Request) => (void asked(request, testContext()), new Response('welcome'))
    await statusOf({ unauthenticated: landing }, { 'x-forwarded-user': 'admin', x_forwarded_email: 'a@x', 'x-a': '1' })
    expect([...asked.requests[0]!.headers]).toEqual([['x-a', '1']])
  })
})

describe('public paths', () => {
  const publicPaths = [
    '/public',
    '/assets/*',
    '/über uns',
    { method: 'POST', path: '/hook' },
    { method: ['GET', 'PUT'], path: '/api/*' },
    (_request: Request, path: string) => path.endsWith('.txt'),
  ] as const
  const visit = async (path: string, method = 'GET'): Promise<number> => {
    const app: App<{ auth: unknown }> = (_request, { auth }) => new Response(String(auth))
    const response = await gateTo(provider, { publicPaths })(app)(new Request(origin + path, { method }), testContext())
    if (response.status === 200) expect(await response.text()).toBe('undefined')
    return response.status
  }

  it.each([
    ['/public'],
    ['/public?x=1'],
    ['/assets/'],
    ['/assets/a/b.css'],
    ['/assets/a;v=1/100%25.css'],
    ['/%C3%BCber%20uns'],
    ['/u%CC%88ber%20uns'],
    ['/hook', 'POST'],
    ['/api/a', 'GET'],
    ['/api/a', 'HEAD'],
    ['/api/a', 'PUT'],
    ['/robots.txt'],
  ])('%s %s is open, and nobody is there', async (path, method = 'GET') => {
    expect(await visit(path, method)).toBe(200)
  })

  it.each([
    ['/'],
    ['/public/'],
    ['/public/x'],
    ['/publicx'],
    ['/Public'],
    ['//public'],
    ['/assets'],
    ['/hook', 'GET'],
    ['/api/a', 'POST'],
    // What two readers may read in two ways is not public (R55).
    ['/assets/..%2fadmin'],
    ['/assets/%2e%2e%2fadmin'],
    ['/assets/a%2fb'],
    ['/assets/a%5cb'],
    ['/assets/%00'],
    ['/assets/%zz'],
    ['/assets/%c0%ae'],
    ['/admin%2f.txt'],
    // What servers further in have been seen to read so.
    ['/assets/..;/admin'],
    ['/assets/.;x/admin'],
    ['/assets/%2e%2e;/admin'],
    ['/assets/%252e%252e/admin'],
    ['/assets/%252Fadmin'],
    ['/admin%255c.txt'],
  ])('%s %s is not', async (path, method = 'GET') => {
    expect(await visit(path, method)).toBe(401)
  })

  it('a function that gives something else than true opens nothing', async () => {
    for (const answer of [1, 'yes', Promise.resolve(true), {}]) {
      const rule = (() => answer) as unknown as () => boolean
      const response = await gateTo(provider, { publicPaths: [rule] })(whoAmI)(get(`${origin}/`), testContext())
      expect(response.status).toBe(401)
    }
  })

  it('show who is signed in', async () => {
    const ann = browser({ [origin]: gateTo(provider, { publicPaths })(whoAmI) })
    await ann.signIn(`${origin}/`)
    expect((await ann.open(`${origin}/public`)).text).toContain('"sub":"ann"')
  })
})
