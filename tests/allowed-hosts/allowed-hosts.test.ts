import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { fromHooks, respond, type App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { allowedHosts, allowedHostsHooks } from '@outerware/allowed-hosts'
import express from 'express'
import { exchange, get, hello, listen, record, testContext, type Listening } from '../support/index.ts'

function status(hosts: readonly string[], host: string, scheme = 'http'): number {
  const request = { url: `${scheme}://${host}/`, method: 'GET', headers: new Headers({ host }) } as Request
  return (allowedHosts(hosts)(hello)(request, testContext()) as Response).status
}

it.each([
  ['site.test', 'site.test'],
  ['site.test', 'SITE.Test'],
  ['Site.TEST', 'site.test'],
  ['site.test', 'site.test.'],
  ['site.test.', 'site.test'],
  ['site.test', 'site.test:8080'],
  ['.site.test', 'site.test'],
  ['.site.test', 'a.site.test'],
  ['.site.test', 'a.b.site.test.:8080'],
  ['localhost:3000', 'localhost:3000'],
  ['.site.test:3000', 'a.site.test:3000'],
  ['site.test:80', 'site.test'],
  ['127.0.0.1', '127.0.0.1:5000'],
  ['[::1]', '[::1]:3000'],
  ['[::1]', '[0:0:0:0:0:0:0:1]'],
  ['[0:0::1]:3000', '[::1]:3000'],
  ['my_app', 'my_app'],
  ['.internal', 'my_app.internal'],
  ['b\u00fccher.example', 'xn--bcher-kva.example'],
  ['.B\u00dcCHER.example:8080', 'a.xn--bcher-kva.example:8080'],
  ['xn--bcher-kva.example', 'XN--BCHER-KVA.example'],
])('%s lets %s through', (entry, host) => {
  expect(status([entry], host)).toBe(200)
})

it.each([
  ['site.test', 'evil.test'],
  ['site.test', 'a.site.test'],
  ['site.test', 'site.test.evil.test'],
  ['site.test', 'evilsite.test'],
  ['.site.test', 'evilsite.test'],
  ['.site.test', 'site.test.evil.test'],
  ['site.test', 'site.test@evil.test'],
  ['site.test', 'evil.test#site.test'],
  ['site.test', 'site.test:80:evil'],
  ['site.test', 'site.test:'.padEnd(18, '1')],
  ['site.test', 'site.test, evil.test'],
  ['site.test', 'site%2Etest'],
  ['site.test', ''],
  ['localhost:3000', 'localhost'],
  ['localhost:3000', 'localhost:3001'],
  ['site.test:443', 'site.test'],
  ['127.0.0.1', '2130706433'],
  ['127.0.0.1', '0x7f.0.0.1'],
  ['127.0.0.1', '127.1'],
  ['[::1]', '::1'],
  ['b\u00fccher.example', 'b\u00fccher.example'],
])('%s refuses %s', (entry, host) => {
  expect(status([entry], host)).toBe(400)
})

it('a port on the list is held against the one that the scheme stands for', () => {
  expect(status(['site.test:443'], 'site.test', 'https')).toBe(200)
  expect(status(['site.test:80'], 'site.test', 'https')).toBe(400)
})

it('any of several lets through, and the app gets the very same request', () => {
  const app = record()
  const request = get()
  void allowedHosts(['other.test', '.site.test'])(app)(request, testContext())
  expect(app.requests[0]).toBe(request)
})

it('the app is not asked about a host that is refused', async () => {
  const app = record()
  const response = await allowedHosts(['other.test'])(app)(get(), testContext())
  expect(response.status).toBe(400)
  expect(await response.text()).not.toContain('site.test')
  expect(app.requests).toEqual([])
})

it('the hooks do the same', async () => {
  const site = fromHooks(allowedHostsHooks(['other.test']))(hello)
  expect((await site(get(), testContext())).status).toBe(400)
})

const wanted = "a host such as 'site.example', '.site.example' for all below it, or '[::1]:3000'"
it.each<[unknown, string]>([
  [undefined, 'allowedHosts must be a list of at least one host, got undefined'],
  ['site.test', 'allowedHosts must be a list of at least one host, got "site.test"; write allowedHosts(["site.test"])'],
  [[], 'allowedHosts must be a list of at least one host, got []'],
  [['site.test', '*'], `allowedHosts[1] must be ${wanted}, got "*"`],
  [['*.site.test'], `allowedHosts[0] must be ${wanted}, got "*.site.test"; write '.site.test'`],
  [['https://site.test'], `allowedHosts[0] must be ${wanted}, got "https://site.test"; write 'site.test'`],
  [['site.test/a'], `allowedHosts[0] must be ${wanted}, got "site.test/a"`],
  [['b\u00fccher.example/a'], `allowedHosts[0] must be ${wanted}, got "b\u00fccher.example/a"`],
  [['site.test:port'], `allowedHosts[0] must be ${wanted}, got "site.test:port"`],
  [['::1'], `allowedHosts[0] must be ${wanted}, got "::1"`],
  [['.127.0.0.1'], `allowedHosts[0] must be ${wanted}, got ".127.0.0.1"`],
  [['.'], `allowedHosts[0] must be ${wanted}, got "."`],
  [[''], `allowedHosts[0] must be ${wanted}, got ""`],
  [[5], `allowedHosts[0] must be ${wanted}, got 5`],
])('%j is refused when the wrapper is made', (hosts, message) => {
  // @ts-expect-error wrong on purpose
  expect(() => allowedHosts(hosts)).toThrow(expect.objectContaining({ code: 'ERR_OPTION', message }))
})

// An app that does what poisoning lives on: it makes a link of the Host that it reads.
const inExpress = express()
inExpress.use((req, res) => void res.send(`<a href="http://${req.headers.host}/reset?token=1">reset</a>`))
const apps: [string, App][] = [
  ['Express', fromNode(inExpress)],
  ['a function', (request) => respond(`<a href="${new URL('/reset?token=1', request.url).href}">reset</a>`)],
]

describe.each(apps)('poisoned over %s', (_name, app) => {
  let server: Listening
  beforeAll(async () => {
    server = await listen(toNode(allowedHosts(['site.test', 'other.test'])(app)))
  })
  afterAll(() => server.close())

  const send = async (request: string): Promise<string> =>
    (await exchange(server.port, `${request}\r\nConnection: close\r\n\r\n`)).text

  it('a host that is meant gets its page', async () => {
    expect(await send('GET / HTTP/1.1\r\nHost: site.test')).toMatch(/^HTTP\/1\.1 200 [^]*\/\/site\.test\/reset/)
    expect(await send('GET http://site.test/ HTTP/1.1\r\nHost: site.test')).toMatch(/^HTTP\/1\.1 200 /)
    expect(await send('GET http://site.test/ HTTP/1.1\r\nHost: SITE.test:80')).toMatch(/^HTTP\/1\.1 200 /)
  })

  it.each([
    ['another host', 'GET / HTTP/1.1\r\nHost: evil.test'],
    ['a second Host field', 'GET / HTTP/1.1\r\nHost: site.test\r\nHost: evil.test'],
    ['a second Host field in front', 'GET / HTTP/1.1\r\nhost: evil.test\r\nHost: site.test'],
    ['the same Host field twice', 'GET / HTTP/1.1\r\nHost: site.test\r\nhOst: site.test'],
    ['a whole URL of another host', 'GET http://evil.test/ HTTP/1.1\r\nHost: site.test'],
    ['a Host of another host under a whole URL', 'GET http://site.test/ HTTP/1.1\r\nHost: evil.test'],
    ['two hosts that are both meant', 'GET http://site.test/ HTTP/1.1\r\nHost: other.test'],
    ['a user before the host', 'GET / HTTP/1.1\r\nHost: site.test@evil.test'],
    ['a user before a host that is meant', 'GET / HTTP/1.1\r\nHost: evil.test@site.test'],
    ['something after the port', 'GET / HTTP/1.1\r\nHost: site.test:80@evil.test'],
    ['a quote that breaks out of a link', 'GET / HTTP/1.1\r\nHost: site.test"><script>'],
    ['a path in the host', 'GET / HTTP/1.1\r\nHost: site.test/evil'],
    ['a space in the host', 'GET / HTTP/1.1\r\nHost: site.test evil.test'],
    ['an empty host', 'GET / HTTP/1.1\r\nHost: '],
    ['no host at all', 'GET / HTTP/1.0'],
  ])('%s is answered 400', async (_what, request) => {
    const text = await send(request)
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(text).not.toContain('evil')
  })
})
