import { afterAll, expect, it } from '@jest/globals'
import { fromHooks, type App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { httpsRedirect, httpsRedirectHooks, type HttpsRedirectOptions } from '@outerware/https-redirect'
import express from 'express'
import { exchange, get, hello, listen, testContext, type Listening } from '../support/index.ts'

const servers: Listening[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

function ask(options: HttpsRedirectOptions, url: string, method = 'GET'): Promise<Response> {
  return Promise.resolve(httpsRedirect(options)(hello)(new Request(url, { method }), testContext()))
}

it.each([
  ['http://site.test/', 'https://site.test/'],
  ['http://site.test/a/b?c=d&e', 'https://site.test/a/b?c=d&e'],
  ['http://site.test:8080/a', 'https://site.test/a'],
  ['http://site.test//evil.test/', 'https://site.test//evil.test/'],
  ['http://127.0.0.1:3000/', 'https://127.0.0.1/'],
  ['http://[::1]:3000/a', 'https://[::1]/a'],
])('sends %s to %s, the same host and path', async (url, location) => {
  const response = await ask({}, url)
  expect(response.status).toBe(301)
  expect(response.headers.get('location')).toBe(location)
  expect(await response.text()).toBe('')
})

it.each([
  ['GET', 301, 302],
  ['HEAD', 301, 302],
  ['POST', 308, 307],
  ['PUT', 308, 307],
  ['DELETE', 308, 307],
  ['OPTIONS', 308, 307],
])('%s keeps its method: %i, and %i for a trial', async (method, permanently, once) => {
  expect((await ask({}, 'http://site.test/', method)).status).toBe(permanently)
  expect((await ask({ permanent: false }, 'http://site.test/', method)).status).toBe(once)
})

it('lets through what came by https', async () => {
  expect(await (await ask({}, 'https://site.test/')).text()).toBe('hello')
})

it('leaves exempt paths on http', async () => {
  const exempt = ['/health', '/.well-known/acme-challenge/*', (request: Request) => request.url.includes('localhost')]
  for (const path of ['site.test/health', 'site.test/.well-known/acme-challenge/x', 'localhost/any']) {
    expect((await ask({ exempt }, `http://${path}`)).status).toBe(200)
  }
  expect((await ask({ exempt }, 'http://site.test/health/more')).status).toBe(301)
})

it.each<[HttpsRedirectOptions, string]>([
  [{ host: 'www.site.test' }, 'https://www.site.test/a?b'],
  [{ host: 'WWW.site.test:443' }, 'https://www.site.test/a?b'],
  [{ host: 'www.site.test:8443' }, 'https://www.site.test:8443/a?b'],
  [{ port: 8443 }, 'https://site.test:8443/a?b'],
])('%j sends to %s', async (options, location) => {
  expect((await ask(options, 'http://site.test:8080/a?b')).headers.get('location')).toBe(location)
})

it('the hooks do the same', async () => {
  const site = fromHooks(httpsRedirectHooks())(hello)
  expect((await site(get('/a'), testContext())).headers.get('location')).toBe('https://site.test/a')
})

it.each<[unknown, string]>([
  [
    { host: 'https://site.test' },
    'httpsRedirect.host must be a host such as www.site.example, with no scheme and no path, got "https://site.test"',
  ],
  [{ host: '' }, 'httpsRedirect.host must be a host such as www.site.example, with no scheme and no path, got ""'],
  [{ port: 0 }, 'httpsRedirect.port must be a whole number from 1 to 65535, got 0'],
  [{ port: '443' }, 'httpsRedirect.port must be a whole number from 1 to 65535, got "443"'],
  [{ permanent: 301 }, 'httpsRedirect.permanent must be true or false, got 301'],
  [{ exempt: '/health' }, 'httpsRedirect.exempt must be a list of paths and functions, got "/health"'],
  [
    { exempt: ['health'] },
    `httpsRedirect.exempt[0] must be a path such as '/health' or '/.well-known/*', or a function, got "health"`,
  ],
])('%j is refused when the wrapper is made', (options, message) => {
  // @ts-expect-error wrong on purpose
  expect(() => httpsRedirect(options)).toThrow(expect.objectContaining({ code: 'ERR_OPTION', message }))
})

const inExpress = express()
inExpress.use((_req, res) => void res.send('hello'))

it.each<[string, App]>([
  ['Express', fromNode(inExpress)],
  ['a function', hello],
])('on the wire, over %s', async (_name, app) => {
  const server = await listen(toNode(httpsRedirect({ exempt: ['/health'] })(app)))
  servers.push(server)
  const first = async (request: string): Promise<string | undefined> =>
    (await exchange(server.port, `${request}\r\nConnection: close\r\n\r\n`)).text
      .match(/^(HTTP.*|location: .*)$/gim)
      ?.join('; ')

  expect(await first('GET /a%2Fb?c HTTP/1.1\r\nHost: site.test:8080')).toBe(
    'HTTP/1.1 301 Moved Permanently; location: https://site.test/a%2Fb?c',
  )
  expect(await first('GET /health HTTP/1.1\r\nHost: site.test')).toBe('HTTP/1.1 200 OK')
  expect(await first('GET http://site.test/a HTTP/1.1\r\nHost: site.test')).toBe(
    'HTTP/1.1 301 Moved Permanently; location: https://site.test/a',
  )
  // What came in the clear is not https by its own word (RFC 9110, section 7.4).
  expect(await first('GET https://site.test/a HTTP/1.1\r\nHost: site.test')).toBe(
    'HTTP/1.1 301 Moved Permanently; location: https://site.test/a',
  )
  // No Host, or none that all read alike: no Location is made of it.
  for (const request of [
    'GET / HTTP/1.0',
    'GET / HTTP/1.1\r\nHost: site.test@evil.test',
    'GET / HTTP/1.1\r\nHost: site.test/evil',
    'GET / HTTP/1.1\r\nHost: ',
    'GET / HTTP/1.1\r\nHost: site.test\r\nHost: evil.test',
  ]) {
    expect(await first(request)).toBe('HTTP/1.1 400 Bad Request')
  }
})
