import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Accept, App } from '@outerware/core'
import { contextOf, fromNode, toNode, toUpgrade } from '@outerware/core/node'
import { authOf, type Auth } from '@outerware/oauth2'
import express from 'express'
import { exchange, listen, type Listening } from '../support/index.ts'
import { browser, clock, gateTo, startProvider, type Browser, type TestProvider } from './support/index.ts'

// A real Express app behind a real server: what only sockets can show.
const app = express()
app.use(express.json())
app.get('/me', (req, res) => {
  const auth = authOf(req)
  res.json({ sub: auth?.sub, email: auth?.email, same: auth === contextOf<{ auth: Auth }>(req)?.auth })
})
app.get('/headers', (req, res) => {
  res.json({ headers: req.headers, raw: req.rawHeaders, distinct: req.headersDistinct })
})
app.post('/echo', (req, res) => {
  res.set('x-app', '1').json(req.body)
})
app.get('/token', (req, res, next) => {
  authOf(req)
    ?.accessToken()
    .then((token) => res.send(typeof token), next)
})
app.get('/public', (req, res) => {
  res.send(String(authOf(req)?.sub))
})

/** Accepts a WebSocket, or what looks like one, and says who is there. */
const greet: Accept = (req, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  socket.end(`hello ${authOf(req)?.sub}`)
}

let site: Listening
let provider: TestProvider
let ann: Browser
let cookie: string
beforeAll(async () => {
  const server = createServer()
  site = await listen(server)
  const redirects = { redirect_uris: [`${site.url}/auth/callback`], application_type: 'native' }
  provider = await startProvider({}, { ...redirects, post_logout_redirect_uris: [`${site.url}/auth/logout`] })
  const gate = gateTo(provider, {
    baseURL: site.url,
    publicPaths: ['/public'],
    trustedOrigins: ['https://admin.site.test'],
    identityHeaders: { 'x-forwarded-user': 'sub', 'x-forwarded-email': 'email' },
  })
  const whole: App = gate(fromNode(app, { upgrade: greet }))
  server.on('request', toNode(whole))
  server.on('upgrade', toUpgrade(whole))
  ann = browser({})
  await ann.signIn(`${site.url}/me`)
  cookie = ann.cookieHeader(site.url)
})
afterAll(() => site.close())

const json = async (path: string, headers: Record<string, string> = {}): Promise<Record<string, unknown>> =>
  Object(await (await ann.fetch(site.url + path, { headers })).json())

it('leads through login to the page of the Express app', async () => {
  const bob = browser({})
  const page = await bob.signIn(`${site.url}/me?x=1`, 'bob')
  expect([page.status, page.url]).toEqual([200, `${site.url}/me?x=1`])
  expect(JSON.parse(page.text)).toEqual({ sub: 'bob', email: 'bob@example.com', same: true })
})

it('gives req.auth to Express, the same as context.auth', async () => {
  expect(await json('/me')).toEqual({ sub: 'ann', email: 'ann@example.com', same: true })
})

it('gives no auth to a stranger on a public path', async () => {
  expect(await (await fetch(`${site.url}/public`)).text()).toBe('undefined')
  expect(await (await ann.fetch(`${site.url}/public`)).text()).toBe('ann')
})

it('gives the access token', async () => {
  expect(await (await ann.fetch(`${site.url}/token`)).text()).toBe('string')
})

describe('req.headers, req.rawHeaders and req.headersDistinct', () => {
  const spoofed = [
    'X-Forwarded-User: admin',
    'X_Forwarded_User: admin',
    'x-forwarded_email: admin',
    'Remote-User: admin',
    'X-Forwarded-User: again',
  ]

  it('have no spoofed field in any of them, and the true ones in all (R52)', async () => {
    const head = [
      'GET /headers HTTP/1.1',
      'Host: x',
      'X-Keep: 1',
      ...spoofed,
      `Cookie: theme=dark; ${cookie}`,
      'Connection: close',
    ]
    const { text } = await exchange(site.port, `${head.join('\r\n')}\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 200 /)
    expect(text).not.toContain('admin')
    const { headers, raw, distinct } = JSON.parse(
      text.slice(text.indexOf('\r\n\r\n') + 4).replace(/^[\da-f]+\r\n|\r\n0\r\n\r\n$/g, ''),
    )
    expect(headers).toMatchObject({
      host: 'x',
      'x-keep': '1',
      cookie: 'theme=dark',
      'x-forwarded-user': 'ann',
      'x-forwarded-email': 'ann@example.com',
    })
    expect(Object.keys(headers).filter((name) => name.includes('_'))).toEqual([])
    const pairs = raw.flatMap((name: string, i: number) =>
      i % 2 === 0 ? [`${name.toLowerCase()}: ${raw[i + 1]}`] : [],
    )
    expect(pairs.filter((pair: string) => pair.startsWith('x-forwarded'))).toEqual([
      'x-forwarded-user: ann',
      'x-forwarded-email: ann@example.com',
    ])
    expect(pairs).toContain('cookie: theme=dark')
    expect(distinct['x-forwarded-user']).toEqual(['ann'])
  })

  it.each([
    ['two', () => [cookie, 'a=1; oidc.login.x-y=z']],
    ['three', () => [cookie, 'a=1', 'oidc.login.x-y=z']],
    ['four', () => ['a=1', cookie, cookie, 'oidc.login.x-y=z']],
  ])('have no cookie of the gate, in %s Cookie fields neither (R53)', async (_count, cookies) => {
    const head = [
      'GET /headers HTTP/1.1',
      'Host: x',
      ...cookies().map((pair) => `Cookie: ${pair}`),
      'Connection: close',
    ]
    const { text } = await exchange(site.port, `${head.join('\r\n')}\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 200 /)
    expect(text).toContain('"cookie":"a=1"')
    expect(text).not.toMatch(/oidc|eyJ/)
  })

  it('have none on a public path, with no session (R52)', async () => {
    const seen: unknown[] = []
    const bare = await listen(
      toNode(
        gateTo(provider, { publicPaths: ['/*'] })(fromNode((req, res) => void (seen.push(req.rawHeaders), res.end()))),
      ),
    )
    const head = ['GET / HTTP/1.1', 'Host: x', ...spoofed, 'Connection: close']
    await exchange(bare.port, `${head.join('\r\n')}\r\n\r\n`)
    await bare.close()
    expect(seen).toEqual([['Host', 'x', 'Connection', 'close']])
  })
})

it('leaves the body to Express', async () => {
  const response = await fetch(`${site.url}/echo`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: '{"a":1}',
  })
  expect(await response.json()).toEqual({ a: 1 })
  expect([response.headers.get('x-app'), response.headers.get('cache-control'), response.headers.get('vary')]).toEqual([
    '1',
    'private',
    'cookie',
  ])
})

it('marks the 404 of Express, too, and HEAD has the same fields', async () => {
  for (const method of ['GET', 'HEAD']) {
    const { status, headers } = await ann.fetch(`${site.url}/nowhere`, { method })
    expect([status, headers.get('cache-control')]).toEqual([404, 'private'])
  }
})

describe('a WebSocket', () => {
  const offer = [
    'GET /socket HTTP/1.1',
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'X-Forwarded-User: admin',
  ]
  const shake = async (...more: string[]): Promise<string> =>
    (await exchange(site.port, `${[...offer, ...more].join('\r\n')}\r\n\r\n`)).text

  it('is refused with 401 on the socket, and the app hears nothing of it', async () => {
    const text = await shake()
    expect(text).toMatch(/^HTTP\/1\.1 401 /)
    expect(text).toContain('"login"')
    expect(text).not.toContain('hello')
  })

  it('of who is signed in is accepted, and the app knows whose it is', async () => {
    const text = await shake(`Cookie: ${cookie}`)
    expect(text).toMatch(/^HTTP\/1\.1 101 /)
    expect(text).toMatch(/hello ann$/)
  })

  it.each([
    ['http://evil.test', '', 401],
    ['null', '', 401],
    ['null', 'Sec-Fetch-Site: cross-site', 401],
    ['null', 'Sec-Fetch-Site: same-origin', 101],
    ['https://admin.site.test', 'Sec-Fetch-Site: same-site', 101],
  ])('that a page of %s opens (%s) speaks for nobody but by trustedOrigins: %d', async (from, metadata, status) => {
    const more = metadata === '' ? [] : [metadata]
    const text = await shake(`Cookie: ${cookie}`, `Origin: ${from}`, ...more)
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(text.includes('hello ann')).toBe(status === 101)
  })

  it('that a page of the site opens is accepted', async () => {
    expect(await shake(`Cookie: ${cookie}`, `Origin: ${site.url}`)).toMatch(/hello ann$/)
  })

  it('takes a prolonged session along in its 101', async () => {
    const time = clock()
    time.forward(5000)
    const text = await shake(`Cookie: ${cookie}`)
    time.restore()
    expect(text).toMatch(/^HTTP\/1\.1 101 [\s\S]*^set-cookie: oidc=[\s\S]*hello ann$/im)
  })
})

it.each([
  ['GET //evil.test/ HTTP/1.1'],
  ['GET /%5cevil.test HTTP/1.1'],
  ['GET http://evil.test/page HTTP/1.1'],
  ['GET /\\evil.test HTTP/1.1'],
  ['GET /%2e%2e%2fpublic HTTP/1.1'],
])('%s is sent to the provider and never elsewhere', async (line) => {
  const { text } = await exchange(
    site.port,
    `${line}\r\nHost: evil.test\r\nAccept: text/html\r\nConnection: close\r\n\r\n`,
  )
  expect(text).toMatch(/^HTTP\/1\.1 303 /)
  const location = /^location: (.*)$/im.exec(text)![1]!
  expect(new URL(location).origin).toBe(provider.issuer)
  expect(location).not.toContain('evil')
})

it('answers HEAD on its own pages without a body', async () => {
  const { text } = await exchange(
    site.port,
    'HEAD /auth/callback HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n',
  )
  expect(text).toMatch(/^HTTP\/1\.1 405 /)
  expect(text.slice(text.indexOf('\r\n\r\n') + 4)).toBe('')
})

it('signs out', async () => {
  const bob = browser({})
  await bob.signIn(`${site.url}/me`, 'bob')
  const form = await bob.open(`${site.url}/auth/logout`)
  const page = await bob.submit(form, { logout: 'yes' })
  expect(page.text).toContain('You are signed out')
  expect((await bob.fetch(`${site.url}/me`)).status).toBe(303)
})
