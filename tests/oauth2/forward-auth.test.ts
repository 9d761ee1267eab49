import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import type { OidcOptions } from '@outerware/oauth2'
import { exchange, get, listen, testContext, type Listening } from '../support/index.ts'
import { cookieFor, forge, gateTo, origin, startFakeProvider, type FakeProvider } from './support/index.ts'

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
      // The upstream gets these as they are: it may take them for something below /secret.
      ['/secret/../public/a', 401],
      ['/secret/%2e%2e/public/a', 401],
      ['/secret\\..\\..\\public/a', 401],
      ['/secret/%2e%2e/auth/login', 401],
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

describe('the question of Traefik, as it comes over the wire', () => {
  let fake: FakeProvider
  let gate: Listening
  beforeAll(async () => {
    fake = await startFakeProvider()
    const site = gateTo(fake, {
      forwardAuth: { proxy: 'traefik' },
      identityHeaders: { 'x-forwarded-user': 'sub' },
      publicPaths: ['/public/*'],
    })
    gate = await listen(toNode(site(noApp)))
  })
  afterAll(() => gate.close())

  /** Asks with the fields that Traefik documents for ForwardAuth, and those of the client's own request. */
  const ask = async (method: string, uri: string, client: readonly string[] = []): Promise<string> => {
    const lines = [
      'GET /auth/check HTTP/1.1',
      'Host: gate:4000',
      'User-Agent: Mozilla/5.0',
      ...client,
      'X-Forwarded-For: 192.0.2.1',
      'X-Forwarded-Host: site.test',
      `X-Forwarded-Method: ${method}`,
      'X-Forwarded-Port: 443',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Server: traefik',
      `X-Forwarded-Uri: ${uri}`,
      'Connection: close',
    ]
    return (await exchange(gate.port, `${lines.join('\r\n')}\r\n\r\n`)).text
  }
  const browsers = ['Accept: text/html', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document']
  const signedIn = (): string => `Cookie: ${cookieFor(forge(fake.issuer, { sid: 'one' }))}`

  it('is answered for a page by the way to the provider, with the cookie of the login', async () => {
    const answer = await ask('GET', '/page?x=1&y=2', browsers)
    expect(answer).toMatch(/^HTTP\/1\.1 303 /)
    expect(answer).toContain(`location: ${fake.issuer}/authorize?`)
    expect(answer).toMatch(
      /set-cookie: __Host-oidc\.login\.[^;]+; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Lax/i,
    )
  })

  it('is answered with 200 and who it is for a session, and takes nobody else’s word for it', async () => {
    const answer = await ask('GET', '/page', [
      ...browsers,
      signedIn(),
      'X-Forwarded-User: root',
      'X_Forwarded_User: root',
    ])
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer).toMatch(/\r\nx-forwarded-user: ann\r\n/i)
    expect(answer).not.toContain('root')
  })

  it.each<[string, string, string, number]>([
    ['a form without a session', 'POST', '/page', 401],
    ['a preflight', 'OPTIONS', '/api', 401],
    ['a public file', 'GET', '/public/a.css', 200],
    ['a path that leads out of what is public', 'GET', '/public/../page', 401],
    ['the same, in escapes', 'GET', '/public/%2e%2e%2fpage', 401],
    ['an address with a host in it', 'GET', 'http://evil.test/public/a', 400],
  ])('is answered for %s', async (_what, method, uri, status) => {
    expect(await ask(method, uri)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })

  it('about two hosts at once is about none: 400', async () => {
    const other = await ask('GET', '/', [signedIn(), 'X-Forwarded-Host: evil.test'])
    expect(other).toMatch(/^HTTP\/1\.1 400 /)
  })
})
