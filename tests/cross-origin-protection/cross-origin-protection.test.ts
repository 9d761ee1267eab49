import { afterAll, expect, it } from '@jest/globals'
import { fromHooks, respond, type App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import {
  crossOriginProtection,
  crossOriginProtectionHooks,
  type CrossOriginProtectionOptions,
} from '@outerware/cross-origin-protection'
import express from 'express'
import { exchange, get, hello, listen, record, testContext, type Listening } from '../support/index.ts'

const servers: Listening[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

/** The status that a POST to http://site.test gets. */
function post(headers: Record<string, string>, options: CrossOriginProtectionOptions = {}, method = 'POST'): number {
  const request = { url: 'http://site.test/act', method, headers: new Headers(headers) } as Request
  return (crossOriginProtection(options)(hello)(request, testContext()) as Response).status
}

// The tables of Go's own tests, net/http/csrf_test.go.
it.each([
  ['same-origin by Sec-Fetch-Site', 'POST', { 'sec-fetch-site': 'same-origin' }, 200],
  ['none by Sec-Fetch-Site', 'POST', { 'sec-fetch-site': 'none' }, 200],
  ['cross-site by Sec-Fetch-Site', 'POST', { 'sec-fetch-site': 'cross-site' }, 403],
  ['same-site by Sec-Fetch-Site', 'POST', { 'sec-fetch-site': 'same-site' }, 403],
  ['neither header', 'POST', {}, 200],
  ['a matching Origin', 'POST', { origin: 'https://site.test' }, 200],
  ['an Origin of another host', 'POST', { origin: 'https://attacker.test' }, 403],
  ['the Origin null', 'POST', { origin: 'null' }, 403],
  ['a cross-site GET', 'GET', { 'sec-fetch-site': 'cross-site' }, 200],
  ['a cross-site HEAD', 'HEAD', { 'sec-fetch-site': 'cross-site' }, 200],
  ['a cross-site OPTIONS', 'OPTIONS', { 'sec-fetch-site': 'cross-site' }, 200],
  ['a cross-site PUT', 'PUT', { 'sec-fetch-site': 'cross-site' }, 403],
  // Beyond them:
  ['a cross-site DELETE', 'DELETE', { 'sec-fetch-site': 'cross-site' }, 403],
  ['a cross-site TRACE, which is not among the safe ones', 'TRACE', { 'sec-fetch-site': 'cross-site' }, 403],
  ['a cross-site get in small letters', 'get', { 'sec-fetch-site': 'cross-site' }, 403],
  ['an empty Sec-Fetch-Site, which counts as none', 'POST', { 'sec-fetch-site': '', origin: 'http://a.test' }, 403],
  ['a word that no browser says', 'POST', { 'sec-fetch-site': 'Same-Origin' }, 403],
  ['two answers at once', 'POST', { 'sec-fetch-site': 'same-origin, cross-site' }, 403],
  ['Sec-Fetch-Site has the say over Origin', 'POST', { 'sec-fetch-site': 'same-origin', origin: 'http://a.test' }, 200],
  [
    'Origin has no say over Sec-Fetch-Site',
    'POST',
    { 'sec-fetch-site': 'cross-site', origin: 'http://site.test' },
    403,
  ],
  ['an Origin with a port of its own', 'POST', { origin: 'http://site.test:8080' }, 403],
  ['an Origin that begins like the host', 'POST', { origin: 'http://site.test.attacker.test' }, 403],
  ['an Origin with the host as its user', 'POST', { origin: 'http://site.test@attacker.test' }, 403],
])('%s', (_name, method, headers, status) => {
  expect(post(headers, {}, method)).toBe(status)
})

it.each([
  ['a trusted Origin', { origin: 'https://trusted.test' }, 200],
  ['a trusted Origin and cross-site', { origin: 'https://trusted.test', 'sec-fetch-site': 'cross-site' }, 200],
  ['a trusted Origin of another scheme', { origin: 'http://trusted.test', 'sec-fetch-site': 'cross-site' }, 403],
  ['an untrusted Origin and cross-site', { origin: 'https://attacker.test', 'sec-fetch-site': 'cross-site' }, 403],
  ['no Origin and cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
])('%s', (_name, headers, status) => {
  expect(post(headers, { trustedOrigins: ['https://trusted.test', 'http://localhost:3000'] })).toBe(status)
})

it('passes what its path bypasses, and nothing beside it', () => {
  expect(post({ 'sec-fetch-site': 'cross-site' }, { bypass: ['/act'] })).toBe(200)
  expect(post({ 'sec-fetch-site': 'cross-site' }, { bypass: ['/act/*'] })).toBe(403)
  expect(post({ 'sec-fetch-site': 'cross-site' }, { bypass: [(request) => request.headers.has('x-signature')] })).toBe(
    403,
  )
  expect(post({ origin: 'null' }, { bypass: ['/act'] })).toBe(200)
})

it('onDeny makes the answer, also later', async () => {
  const site = crossOriginProtection({ onDeny: async (request) => respond(request.method, { status: 419 }) })(hello)
  const response = await site(get('/', { 'sec-fetch-site': 'cross-site' }, { method: 'POST' }), testContext())
  expect(response.status).toBe(419)
  expect(await response.text()).toBe('POST')
})

it('the app does not see what is refused, and the very same request else', async () => {
  const app = record()
  const site = crossOriginProtection()(app)
  await site(get('/', { 'sec-fetch-site': 'cross-site' }, { method: 'POST' }), testContext())
  const request = get('/', { 'sec-fetch-site': 'same-origin' }, { method: 'POST' })
  await site(request, testContext())
  expect(app.requests).toEqual([request])
})

it('a GET that asks for a WebSocket is held to the rule of those that change something', () => {
  const site = crossOriginProtection()(hello)
  const open = (headers: Record<string, string>): number =>
    (site(get('/', headers), { ...testContext(), upgrade: { protocol: 'websocket' } }) as Response).status
  expect(open({ origin: 'https://attacker.test' })).toBe(403)
  expect(open({ origin: 'http://site.test' })).toBe(200)
  expect(open({})).toBe(200)
})

it('the hooks do the same', async () => {
  const site = fromHooks(crossOriginProtectionHooks())(hello)
  const response = await site(get('/', { 'sec-fetch-site': 'cross-site' }, { method: 'POST' }), testContext())
  expect(response.status).toBe(403)
})

const wanted = 'an origin as browsers spell it, such as https://admin.site.example: no path, no default port'
it.each([
  'example.com',
  'https://',
  'https://example.com/',
  'https://example.com/path',
  'https://example.com?query=value',
  'https://example.com#fragment',
  'https://Example.com',
  'https://example.com:443',
  'https://*.example.com',
  'null',
  'mailto:a@example.com',
  '',
  5,
])('%j is no trusted origin', (origin) => {
  // @ts-expect-error wrong on purpose
  expect(() => crossOriginProtection({ trustedOrigins: [origin] })).toThrow(
    expect.objectContaining({
      code: 'ERR_OPTION',
      message: `crossOriginProtection.trustedOrigins[0] must be ${wanted}, got ${JSON.stringify(origin)}`,
    }),
  )
})

it.each<[unknown, RegExp]>([
  [{ trustedOrigins: 'https://a.test' }, /^crossOriginProtection\.trustedOrigins must be a list of origins, got/],
  [{ bypass: ['act'] }, /^crossOriginProtection\.bypass\[0\] must be a path/],
  [{ onDeny: 403 }, /^crossOriginProtection\.onDeny must be a function that gives a Response, got 403$/],
])('%j is refused when the wrapper is made', (options, message) => {
  // @ts-expect-error wrong on purpose
  expect(() => crossOriginProtection(options)).toThrow(message)
})

// A bank with a cookie, as careless as can be; and what a page of the attacker makes a victim's browser send.
const bank = express()
bank.use(express.urlencoded({ extended: false }), express.json({ type: () => true }))
bank.post('/transfer', (req, res) => void res.send(`sent ${req.body.amount} for ${req.headers.cookie}`))
const plain: App = async (request) => respond(`sent ${await request.text()} for ${request.headers.get('cookie')}`)

const form = 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n'
const json = 'Content-Length: 13\r\n'
const attacks: [what: string, fields: string, body: string][] = [
  ['a form on another site', `${form}Origin: https://attacker.test\r\nSec-Fetch-Site: cross-site\r\n`, 'amount=99'],
  [
    'a fetch of JSON as text/plain',
    `${json}Content-Type: text/plain\r\nOrigin: https://attacker.test\r\nSec-Fetch-Site: cross-site\r\n`,
    '{"amount":99}',
  ],
  [
    'a fetch of a Blob without a type',
    `${json}Origin: https://attacker.test\r\nSec-Fetch-Site: cross-site\r\n`,
    '{"amount":99}',
  ],
  ['a sandboxed frame', `${form}Origin: null\r\nSec-Fetch-Site: cross-site\r\n`, 'amount=99'],
  [
    'a sibling under the same domain',
    `${form}Origin: http://blog.site.test\r\nSec-Fetch-Site: same-site\r\n`,
    'amount=99',
  ],
  [
    'another port of the same host',
    `${form}Origin: http://site.test:8080\r\nSec-Fetch-Site: same-site\r\n`,
    'amount=99',
  ],
  ['a browser without Fetch metadata', `${form}Origin: https://attacker.test\r\n`, 'amount=99'],
]

it.each(
  attacks.flatMap(([what, fields, body]) => [
    { what, name: 'Express', app: fromNode(bank), fields, body },
    { what, name: 'a function', app: plain, fields, body },
  ]),
)('$what moves no money over $name', async ({ app, fields, body }) => {
  const send = async (site: App): Promise<string> => {
    const server = await listen(toNode(site))
    servers.push(server)
    const head = `POST /transfer HTTP/1.1\r\nHost: site.test\r\nCookie: session=victim\r\n${fields}Connection: close`
    return (await exchange(server.port, `${head}\r\n\r\n${body}`)).text
  }
  // The attack is one: without the wrapper it works.
  expect(await send(app)).toMatch(/sent .*99.* for session=victim/)
  expect(await send(crossOriginProtection()(app))).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/)
})
