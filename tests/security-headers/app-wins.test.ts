import { expect, it } from '@jest/globals'
import { fromHooks, respond, upgrade, type App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { securityHeaders, securityHeadersHooks, type SecurityHeadersOptions } from '@outerware/security-headers'
import { exchange, get, hello, listen, testContext } from '../support/index.ts'

const own = { 'X-Frame-Options': 'DENY', 'Content-Security-Policy': "default-src 'none'", 'X-Powered-By': 'PHP/4.0' }

it.each<[string, App]>([
  ['a native response', () => new Response('hello', { headers: own })],
  ['a light response', () => respond('hello', { headers: own })],
  ['a promised response', async () => new Response('hello', { headers: own })],
])('keeps what the app set and takes X-Powered-By, on %s', async (_name, app) => {
  const { headers } = await securityHeaders()(app)(get(), testContext())
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('content-security-policy')).toBe("default-src 'none'")
  expect(headers.get('referrer-policy')).toBe('no-referrer')
  expect(headers.has('x-powered-by')).toBe(false)
})

it('takes X-Powered-By also where a Node app sets it as late as can be', async () => {
  const late = fromNode((_req, res) => {
    setImmediate(() => res.writeHead(200, ['X-Powered-By', 'late', 'X-Frame-Options', 'DENY']).end('hello'))
  })
  const server = await listen(toNode(securityHeaders()(late)))
  const { text } = await exchange(server.port, 'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
  await server.close()
  expect(text).not.toMatch(/powered/i)
  expect(text.match(/^x-frame-options: .*$/gim)).toEqual(['X-Frame-Options: DENY'])
})

it('takes Server only when told to', async () => {
  const app: App = () => new Response('hello', { headers: { server: 'nginx/1.0' } })
  const ask = async (options: SecurityHeadersOptions): Promise<boolean> => {
    const { headers } = await securityHeaders(options)(app)(get(), testContext())
    return headers.has('server')
  }
  expect(await ask({})).toBe(true)
  expect(await ask({ server: true })).toBe(false)
})

it('dresses a response whose headers cannot be changed, such as a redirect', async () => {
  const site = securityHeaders()(() => Response.redirect('https://site.test/there', 302))
  const response = await site(get(), testContext())
  expect(response.status).toBe(302)
  expect(response.headers.get('location')).toBe('https://site.test/there')
  expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN')
})

it('gives on the same response object, in the same turn when the app answers in it', () => {
  const made = respond('hello')
  expect(securityHeaders()(() => made)(get(), testContext())).toBe(made)
})

it('leaves a switch of protocols alone', () => {
  const made = upgrade(() => {})
  expect(securityHeaders()(() => made)(get(), testContext())).toBe(made)
  expect([...made.headers]).toEqual([])
})

it('an inner wrapper has the say for its part of the site', async () => {
  const framed = securityHeaders({ xFrameOptions: { action: 'deny' }, contentSecurityPolicy: false })(hello)
  const { headers } = await securityHeaders()(framed)(get(), testContext())
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'self'/)
})

it('the hooks do the same', async () => {
  const app: App = () => new Response('hello', { headers: own })
  const response = await fromHooks(securityHeadersHooks())(app)(get(), testContext())
  const wrapped = await securityHeaders()(app)(get(), testContext())
  expect([...response.headers]).toEqual([...wrapped.headers])
})

it('one wrapper serves two apps at once, and leaves no trace from one request to the next', async () => {
  const wrapper = securityHeaders()
  const loud = wrapper(() => new Response('loud', { headers: own }))
  const plain = wrapper(hello)
  const [, quiet] = await Promise.all([loud(get(), testContext()), plain(get(), testContext())])
  expect(quiet.headers.get('x-frame-options')).toBe('SAMEORIGIN')
})
