/**
 * The wrappers that go by host, scheme and peer, where a host is in `:authority`, and where a peer has no address.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose, respond, type App, type Wrapper } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { allowedHosts } from '@outerware/allowed-hosts'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { httpsRedirect } from '@outerware/https-redirect'
import { securityHeaders } from '@outerware/security-headers'
import { trustedProxy, type TrustedProxyOptions } from '@outerware/trusted-proxy'
import { exchange, get, listenHttp2, record, testContext, type Http2Site } from '../support/index.ts'

const headers: TrustedProxyOptions['headers'] = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host']

const site = (proxies: readonly string[]): Wrapper =>
  compose(
    trustedProxy({ proxies, headers }),
    allowedHosts(['shop.example', 'site.test']),
    httpsRedirect(),
    securityHeaders(),
    crossOriginProtection(),
  )

const telling: App = (request, context) => respond(JSON.stringify([context.ip ?? null, request.url]))
const tellingOfNode: App = (_request, { node }) =>
  respond(JSON.stringify([node?.req.headers.host, node?.req.headers[':authority']]))

const proxied = {
  'x-forwarded-for': '1.2.3.4, 203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'shop.example',
}

describe.each([
  ['h2c', false],
  ['h2', true],
])('over HTTP/2 (%s)', (_name, secure) => {
  let http2: Http2Site
  let node: Http2Site
  beforeAll(async () => {
    http2 = await listenHttp2(toNode(site(['loopback'])(telling)), { secure })
    node = await listenHttp2(toNode(trustedProxy({ proxies: ['loopback'], headers })(tellingOfNode)), { secure })
  })
  afterAll(async () => {
    await http2.close()
    await node.close()
  })

  it('a request for a host that is meant passes, or is redirected to https', async () => {
    const answer = await http2.ask({ ':path': '/a%2Fb?c', ':authority': 'site.test' })
    if (secure)
      expect([answer.headers[':status'], answer.body]).toEqual([200, '["127.0.0.1","https://site.test/a%2Fb?c"]'])
    else expect([answer.headers[':status'], answer.headers.location]).toEqual([301, 'https://site.test/a%2Fb?c'])
    expect('strict-transport-security' in answer.headers).toBe(secure)
  })

  it.each([
    ['another host', { ':authority': 'evil.test' }],
    ['a Host field that names another', { ':authority': 'site.test', host: 'evil.test' }],
    ['a Host field that names another that is meant', { ':authority': 'site.test', host: 'shop.example' }],
    ['a user before the host', { ':authority': 'site.test@evil.test' }],
    ['a host that a proxy tells of', { ':authority': 'site.test', 'x-forwarded-host': 'evil.test' }],
  ])('%s is answered 400', async (_what, given) => {
    const answer = await http2.ask({ ':path': '/', ...given })
    expect([answer.headers[':status'], answer.body]).toEqual([400, '400 Bad Request\n'])
  })

  it('the same host in both fields passes', async () => {
    const { headers } = await http2.ask({ ':path': '/', ':authority': 'site.test', host: 'site.test' })
    expect(headers[':status']).toBe(secure ? 200 : 301)
  })

  it('what a proxy tells counts for all wrappers inside', async () => {
    const { headers, body } = await http2.ask({ ':path': '/a', ':authority': 'backend', ...proxied })
    expect([headers[':status'], body]).toEqual([200, '["203.0.113.9","https://shop.example/a"]'])
    expect(headers['strict-transport-security']).toMatch(/^max-age=/)
  })

  it('and for who reads the fields of Node, by whichever name', async () => {
    const { body } = await node.ask({ ':path': '/a', ':authority': 'backend', ...proxied })
    expect(body).toBe('["shop.example","shop.example"]')
  })

  it('an Origin is held against :authority', async () => {
    const post = { ':method': 'POST', ':path': '/', ':authority': 'site.test', 'x-forwarded-proto': 'https' }
    expect((await http2.ask({ ...post, origin: 'https://site.test' })).headers[':status']).toBe(200)
    expect((await http2.ask({ ...post, origin: 'https://evil.test' })).headers[':status']).toBe(403)
  })
})

const describeOnUnix = process.platform === 'win32' ? describe.skip : describe

describeOnUnix('over a Unix socket, where nobody has an address', () => {
  let folder: string
  const servers: Server[] = []
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'outerware-unix-'))
  })
  afterAll(() => {
    for (const server of servers) server.close()
    rmSync(folder, { recursive: true })
  })

  const start = async (app: App): Promise<string> => {
    const path = join(folder, `${servers.length}.sock`)
    const server = createServer(toNode(app)).listen(path)
    servers.push(server)
    await once(server, 'listening')
    return path
  }
  const fields = Object.entries(proxied)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  const send = async (path: string, more = fields, host = 'site.test'): Promise<string> =>
    (await exchange(path, `GET /a HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: close\r\n\r\n`)).text

  it('nobody is believed, unless unix is on the list', async () => {
    expect(
      await send(await start(trustedProxy({ proxies: ['loopback', '0.0.0.0/1', '128.0.0.0/1'], headers })(telling))),
    ).toContain('[null,"http://site.test/a"]')
    expect(await send(await start(site(['unix'])(telling)))).toContain('["203.0.113.9","https://shop.example/a"]')
  })

  it('hops before the one without an address are held against the list', async () => {
    const path = await start(trustedProxy({ proxies: ['unix', '10.0.0.0/8'] })(telling))
    expect(await send(path, 'X-Forwarded-For: 1.2.3.4, 203.0.113.9, 10.0.0.2\r\n')).toContain('["203.0.113.9",')
    expect(await send(path, 'X-Forwarded-For: 203.0.113.9, unix\r\n')).toContain('[null,')
    expect(await send(path, '')).toContain('[null,')
  })

  it('hosts and schemes are judged as anywhere', async () => {
    const path = await start(site([])(telling))
    expect(await send(path, '', 'evil.test')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await send(path, '')).toMatch(/^HTTP\/1\.1 301 [^]*location: https:\/\/site\.test\/a\r\n/)
  })
})

it('a client that has left has no address either, and is not believed for that', async () => {
  const seen: unknown[] = []
  const wrapped = trustedProxy({ proxies: ['unix'], headers })((request, context) => {
    seen.push([context.ip, request.url, context.node?.req.socket.remoteAddress])
    return respond('late')
  })
  const listener = toNode(wrapped)
  const server = createServer((req, res) => void req.once('close', () => listener(req, res))).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = Object(server.address())
  const client = createConnection(port, '127.0.0.1')
  client.write(`POST /a HTTP/1.1\r\nHost: site.test\r\nContent-Length: 5\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n`)
  await once(server, 'request')
  client.destroy()
  while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  server.close()
  expect(seen).toEqual([[undefined, 'http://site.test/a', undefined]])
})

it('a request that no server has taken is of nobody', () => {
  const app = record()
  const context = { ...testContext(), ip: undefined }
  void trustedProxy({ proxies: ['unix'], headers })(app)(get('/', proxied), context)
  expect(app.requests[0]?.headers.has('x-forwarded-for')).toBe(false)
})
