import { beforeEach, describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import type { OidcOptions } from '@outerware/oauth2'
import { get, listen, overProgram, testContext, type Place } from '../support/index.ts'
import {
  browser,
  clock,
  cookieFor,
  forge,
  gateTo,
  origin,
  startFakeProvider,
  startProvider,
  type Browser,
  type FakeProvider,
} from './support/index.ts'
import { documented, startNginx } from './support/nginx.ts'

const page = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
const noApp: App = () => respond('the app of the gate', { status: 418 })

describe('the question of a proxy', () => {
  let fake: FakeProvider
  let cookie: string
  beforeEach(async () => {
    fake = await startFakeProvider()
    cookie = cookieFor(forge(fake.issuer, { sid: 'one', claims: { email: 'ann@example.com' } }))
  })

  type Options = Partial<OidcOptions<readonly ['/public/*']>>
  const ask = async (
    headers: Record<string, string>,
    options: Options = {},
    proxy: 'nginx' | 'traefik' = 'nginx',
  ): Promise<Response> => {
    const identityHeaders = { 'x-forwarded-user': 'sub', 'x-forwarded-email': 'email' }
    const gate = gateTo(fake, { forwardAuth: { proxy }, publicPaths: ['/public/*'], identityHeaders, ...options })
    return gate(noApp)(get(`${origin}/auth/check`, headers), testContext())
  }
  const uri = (path: string): Record<string, string> => ({ 'x-forwarded-uri': path })

  it('is answered with 200 and identity fields for who is signed in, and no body', async () => {
    const response = await ask({ ...uri('/page?x=1'), cookie })
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(response.headers.get('x-forwarded-user')).toBe('ann')
    expect(response.headers.get('x-forwarded-email')).toBe('ann@example.com')
    expect(response.headers.get('cache-control')).toBe('private')
  })

  it('brings fields that the gate has set, and none that a client has made up (R52)', async () => {
    const forged = { 'x-forwarded-user': 'root', 'x-forwarded-email': 'root@example.com', 'x-forwarded_user': 'root' }
    const open = await ask({ ...uri('/public/x'), ...forged })
    expect([open.status, open.headers.has('x-forwarded-user')]).toEqual([200, false])
    expect((await ask({ ...uri('/'), ...forged, cookie })).headers.get('x-forwarded-user')).toBe('ann')
  })

  it('is judged by the path that the browser wants, in core’s one reading (R55)', async () => {
    for (const [path, status] of [
      ['/public/a', 200],
      ['/public/../secret', 401],
      ['/public/%2e%2e/secret', 401],
      ['/public%2fa', 401],
      ['/secret?/public/', 401],
    ] as const) {
      expect([path, (await ask(uri(path))).status]).toEqual([path, status])
    }
  })

  it('is judged by its method', async () => {
    const options: Options = { allow: { check: (_auth, request) => request.method !== 'DELETE' } }
    expect((await ask({ ...uri('/'), cookie, 'x-forwarded-method': 'GET' }, options)).status).toBe(200)
    expect((await ask({ ...uri('/'), cookie, 'x-forwarded-method': 'DELETE' }, options)).status).toBe(403)
  })

  it.each<[string, Record<string, string>]>([
    ['no path', {}],
    ['a path that is none', uri('https://evil.test/')],
    ['another host', { ...uri('/'), 'x-forwarded-host': 'evil.test' }],
    ['another scheme', { ...uri('/'), 'x-forwarded-proto': 'http' }],
    ['two hosts', { ...uri('/'), 'x-forwarded-host': 'site.test, evil.test' }],
    ['no method', { ...uri('/'), 'x-forwarded-method': 'GET /' }],
    ['a method that none may have', { ...uri('/'), 'x-forwarded-method': 'TRACE' }],
  ])('is refused with 400 if it speaks of %s', async (_what, headers) => {
    expect((await ask({ ...headers, cookie })).status).toBe(400)
  })

  it('may name the host of the site, in any case and with its port', async () => {
    for (const host of ['site.test', 'SITE.test', 'site.test:443']) {
      const fields = { 'x-forwarded-host': host, 'x-forwarded-proto': 'https' }
      expect((await ask({ ...uri('/'), ...fields, cookie })).status).toBe(200)
    }
  })

  it('has a login address in its 401 for nginx, for pages alone', async () => {
    const response = await ask({ ...uri('/page?x=1&y=2'), ...page })
    expect(response.status).toBe(401)
    expect(response.headers.get('location')).toBe(`${origin}/auth/login?returnTo=%2Fpage%3Fx%3D1%26y%3D2`)
    const script = await ask(uri('/page'))
    expect([script.status, script.headers.get('location')]).toEqual([401, null])
    expect(script.headers.get('www-authenticate')).toContain('form-action=')
  })

  it('asks there for what the path asks for', async () => {
    const response = await ask({ ...uri('/admin'), ...page, cookie }, { stepUp: [{ path: '/admin', acr: 'urn:mfa' }] })
    expect(response.headers.get('location')).toBe(`${origin}/auth/login?returnTo=%2Fadmin&acr_values=urn%3Amfa`)
  })

  it('is answered for Traefik by the redirect to the provider itself, and by 401 for a script', async () => {
    const response = await ask({ ...uri('/page'), ...page }, {}, 'traefik')
    expect([response.status, response.headers.getSetCookie().length]).toEqual([303, 1])
    expect(response.headers.get('location')).toMatch(new RegExp(`^${fake.issuer}/authorize\\?`))
    expect((await ask(uri('/page'), {}, 'traefik')).status).toBe(401)
  })

  it('lets the gate’s own pages pass: the proxy has to send them here', async () => {
    expect((await ask(uri('/auth/login'))).status).toBe(200)
  })

  it('is answered as for nobody about a WebSocket that a page of another origin opens', async () => {
    const socket = { ...uri('/chat'), cookie, 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
    const answers = [await ask({ ...socket, origin: 'https://evil.test' }), await ask({ ...socket, origin })]
    expect(answers.map(({ status }) => status)).toEqual([401, 200])
  })

  it('takes tokens, where the gate does', async () => {
    const bearer = { audience: origin }
    const good = { ...uri('/'), authorization: `Bearer ${await fake.accessToken()}` }
    const answers = [
      await ask(good, { bearer }),
      await ask({ ...good, ...page, authorization: 'Bearer x' }, { bearer }),
    ]
    expect(answers.map(({ status, headers }) => [status, headers.get('location')])).toEqual([
      [200, null],
      [401, null],
    ])
  })

  it('is asked at another path by option, and nowhere without it: then the fields mean nothing', async () => {
    const site = gateTo(fake, { forwardAuth: { proxy: 'nginx', path: '/verify' } })(noApp)
    const asked = async (app: App, path: string): Promise<number> =>
      (await app(get(origin + path, { ...uri('/'), cookie }), testContext())).status
    expect([await asked(site, '/verify'), await asked(site, '/auth/check')]).toEqual([200, 418])
    expect(await asked(gateTo(fake)(noApp), '/auth/check')).toBe(418)
    const spoofed = get(`${origin}/secret`, uri('/public/x'))
    const open = gateTo(fake, { publicPaths: ['/public/*'], forwardAuth: { proxy: 'nginx' } })(noApp)
    expect((await open(spoofed, testContext())).status).toBe(401)
  })
})

interface World {
  readonly url: string
  readonly ann: Browser
  readonly seen: { path: string; user: string | undefined; body: string }[]
}

/** nginx in front of an upstream that knows nothing of logins, and the gate beside it. */
async function world(place: Place): Promise<World> {
  const url = `http://127.0.0.1:${place.port}`
  const seen: World['seen'] = []
  const upstream = await listen((req, res) => {
    let body = ''
    req.on('data', (chunk) => (body += String(chunk)))
    req.on('end', () => {
      seen.push({ path: req.url ?? '', user: req.headers['x-forwarded-user']?.toString(), body })
      res.end('of the upstream')
    })
  })
  const redirects = { redirect_uris: [`${url}/auth/callback`], application_type: 'native' }
  const provider = await startProvider({}, { ...redirects, post_logout_redirect_uris: [`${url}/auth/logout`] })
  const gate = gateTo(provider, {
    baseURL: url,
    forwardAuth: { proxy: 'nginx' },
    identityHeaders: { 'x-forwarded-user': 'sub' },
    allow: { check: ({ sub }, request) => sub === 'ann' || !request.url.includes('/ann/') },
  })
  const gateServer = await listen(toNode(gate(noApp)))
  place.finally(() => Promise.all([upstream.close(), gateServer.close()]))
  await startNginx(place, await documented({ gate: gateServer.url, upstream: upstream.url }))
  return { url, ann: browser({}), seen }
}

overProgram('behind nginx, configured as the README says', { command: 'nginx', package: 'nginx' }, world, (now) => {
  it('a page leads through login and back to itself, query and all', async () => {
    const { url, ann, seen } = now()
    const { url: landed, status, text } = await ann.signIn(`${url}/page?x=1&y=a%20b`)
    expect([landed, status, text]).toEqual([`${url}/page?x=1&y=a%20b`, 200, 'of the upstream'])
    expect(seen).toEqual([{ path: '/page?x=1&y=a%20b', user: 'ann', body: '' }])
  })

  it('a script without a session gets 401, with the challenge', async () => {
    const response = await fetch(`${now().url}/api`)
    expect([response.status, response.headers.get('location')]).toEqual([401, null])
    expect(response.headers.get('www-authenticate')).toContain('form-action=')
  })

  it('the upstream hears who it is from the gate alone, and gets the body', async () => {
    const { url, ann, seen } = now()
    const cookie = ann.cookieHeader(url)
    const headers = { cookie, 'x-forwarded-user': 'root' }
    expect((await fetch(`${url}/form`, { method: 'POST', body: 'a=1', headers })).status).toBe(200)
    expect(seen.at(-1)).toEqual({ path: '/form', user: 'ann', body: 'a=1' })
  })

  it('a prolonged session comes back with the page', async () => {
    const { url, ann } = now()
    const time = clock()
    time.forward(5000)
    const { status, headers } = await ann.fetch(`${url}/page`)
    time.restore()
    expect([status, headers.getSetCookie().length]).toEqual([200, 1])
    expect(headers.getSetCookie()[0]).toMatch(/^oidc=/)
    expect((await ann.fetch(`${url}/page`)).status).toBe(200)
  })

  it('who may not pass gets 403, and the upstream hears nothing', async () => {
    const { url, seen } = now()
    const bob = browser({})
    await bob.signIn(`${url}/page`, 'bob')
    const before = seen.length
    expect((await bob.fetch(`${url}/ann/page`)).status).toBe(403)
    expect(seen).toHaveLength(before)
  })

  it('nobody can ask the gate by hand', async () => {
    const { url, ann } = now()
    const cookie = ann.cookieHeader(url)
    expect((await fetch(`${url}/auth/check`, { headers: { cookie, 'x-forwarded-uri': '/' } })).status).toBe(404)
  })

  it('signing out ends it', async () => {
    const { url, ann } = now()
    const form = await ann.open(`${url}/auth/logout`)
    await ann.submit(form, { logout: 'yes' })
    expect((await ann.fetch(`${url}/page`)).status).toBe(303)
  })
})
