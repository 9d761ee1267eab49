import { expect, it } from '@jest/globals'
import { trustedProxy, type TrustedProxyOptions } from '@outerware/trusted-proxy'
import { get, record, testContext } from '../support/index.ts'

interface Seen {
  readonly ip: string | undefined
  readonly url: string
  readonly headers: Record<string, string>
}

/** What the app sees, or the status that the client gets in its place. */
async function through(
  options: TrustedProxyOptions,
  headers: Record<string, string>,
  peer: string | null = '10.0.0.1',
): Promise<Seen | number> {
  const app = record()
  const context = { ...testContext(), ip: peer ?? undefined }
  const response = await trustedProxy(options)(app)(get('/a?b', headers), context)
  const [request] = app.requests
  return request ? { ip: context.ip, url: request.url, headers: Object.fromEntries(request.headers) } : response.status
}

const proxies = ['10.0.0.0/8', '192.0.2.43', '2001:db8:cafe::/48']

it.each([
  ['one hop', '203.0.113.9', '203.0.113.9', '203.0.113.9'],
  ['a lie in front', '1.2.3.4, 203.0.113.9', '203.0.113.9', '203.0.113.9'],
  ['a lie that names a proxy', '10.9.9.9, 203.0.113.9', '203.0.113.9', '203.0.113.9'],
  ['two proxies', '203.0.113.9, 10.0.0.2', '203.0.113.9', '203.0.113.9, 10.0.0.2'],
  ['two proxies and a lie', '1.2.3.4, 203.0.113.9, 10.0.0.2', '203.0.113.9', '203.0.113.9, 10.0.0.2'],
  ['a lie that looks like two proxies', '10.0.0.8, 203.0.113.9, 10.0.0.2', '203.0.113.9', '203.0.113.9, 10.0.0.2'],
  ['a client within the network', '10.0.0.7, 10.0.0.2', '10.0.0.7', '10.0.0.7, 10.0.0.2'],
  ['an address with a port', '203.0.113.9:51234', '203.0.113.9', '203.0.113.9:51234'],
  ['IPv6', '2001:DB8::1', '2001:db8::1', '2001:DB8::1'],
  ['IPv6 with a port', '[2001:db8::1]:51234', '2001:db8::1', '[2001:db8::1]:51234'],
  ['IPv6 through an IPv6 proxy', '2001:db8::1, 2001:db8:cafe::17', '2001:db8::1', '2001:db8::1, 2001:db8:cafe::17'],
  ['IPv4 in the clothes of IPv6', '::ffff:203.0.113.9', '203.0.113.9', '::ffff:203.0.113.9'],
  ['the same in hexadecimals', '::FFFF:cb00:7109', '203.0.113.9', '::FFFF:cb00:7109'],
  ['IPv6 in full', '2001:0DB8:0000:0000:0000:0000:0000:0001', '2001:db8::1', '2001:0DB8:0000:0000:0000:0000:0000:0001'],
  ['IPv6 with two runs of zeros', '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1', '2001:db8:0:0:1:0:0:1'],
  ['IPv6 with one zero', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['IPv6 in brackets, half in decimals', '[64:ff9b::192.0.2.33]', '64:ff9b::c000:221', '[64:ff9b::192.0.2.33]'],
  [
    'IPv6 through an IPv6 proxy in full',
    '2001:db8::1, 2001:db8:cafe:0:0:0:0:17',
    '2001:db8::1',
    '2001:db8::1, 2001:db8:cafe:0:0:0:0:17',
  ],
  ['IPv4 in the clothes of IPv6, in full', '0:0:0:0:0:FFFF:203.0.113.9', '203.0.113.9', '0:0:0:0:0:FFFF:203.0.113.9'],
  ['an address with a zone', 'fe80::1%eth0', undefined, 'fe80::1%eth0'],
  ['empty members', ', 203.0.113.9,, 10.0.0.2,', '203.0.113.9', '203.0.113.9, 10.0.0.2'],
  ['a client that is not known', '1.2.3.4, unknown', undefined, 'unknown'],
  ['no address at all', '1.2.3.4, <script>', undefined, '<script>'],
])('X-Forwarded-For with %s', async (_name, field, ip, rest) => {
  const seen = await through({ proxies }, { 'x-forwarded-for': field })
  expect(seen).toMatchObject({ ip, headers: { 'x-forwarded-for': rest } })
})

it('without a field the nearest proxy is the client', async () => {
  expect(await through({ proxies }, {})).toMatchObject({ ip: '10.0.0.1', url: 'http://site.test/a?b' })
})

it.each([
  ['one that is set anew', 'https', '203.0.113.9', 'https://site.test/a?b'],
  ['one that is set anew by the second proxy', 'https', '203.0.113.9, 10.0.0.2', 'https://site.test/a?b'],
  ['a list beside a list', 'https, http', '203.0.113.9, 10.0.0.2', 'https://site.test/a?b'],
  ['a lie in front of a list', 'https, http', '203.0.113.9', 'http://site.test/a?b'],
  ['a lie in front of both lists', 'https, http', '1.2.3.4, 203.0.113.9', 'http://site.test/a?b'],
  ['a WebSocket', 'wss', '203.0.113.9', 'https://site.test/a?b'],
  ['capitals', 'HTTPS', '203.0.113.9', 'https://site.test/a?b'],
  ['nothing in it', '', '203.0.113.9', 'http://site.test/a?b'],
])('X-Forwarded-Proto: %s', async (_name, proto, chain, url) => {
  expect(await through({ proxies }, { 'x-forwarded-proto': proto, 'x-forwarded-for': chain })).toMatchObject({ url })
})

const withHost: TrustedProxyOptions = { proxies, headers: ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'] }

it('X-Forwarded-Host makes the url and the Host field', async () => {
  const seen = await through(withHost, { 'x-forwarded-host': 'Shop.Example:8443', 'x-forwarded-proto': 'https' })
  expect(seen).toMatchObject({ url: 'https://shop.example:8443/a?b', headers: { host: 'shop.example:8443' } })
})

it('X-Forwarded-Host is removed where it is not trusted by name: a proxy that does not set it passes a lie on', async () => {
  const seen = await through({ proxies }, { 'x-forwarded-host': 'evil.test', 'x-forwarded-for': '203.0.113.9' })
  expect(seen).toMatchObject({ url: 'http://site.test/a?b' })
  expect(seen).not.toHaveProperty(['headers', 'x-forwarded-host'])
})

const forwarded: TrustedProxyOptions = { proxies, headers: ['forwarded'] }

// The first five are the examples of RFC 7239, section 4.
it.each([
  ['For="[2001:db8:cafd::17]:4711"', '2001:db8:cafd::17', 'http://site.test/a?b'],
  ['for=192.0.2.60;proto=http;by=203.0.113.43', '192.0.2.60', 'http://site.test/a?b'],
  ['for=192.0.2.42, for=198.51.100.17', '198.51.100.17', 'http://site.test/a?b'],
  ['for=198.51.100.17, for=192.0.2.43', '198.51.100.17', 'http://site.test/a?b'],
  ['for="_gazonk"', undefined, 'http://site.test/a?b'],
  ['for=unknown', undefined, 'http://site.test/a?b'],
  ['for=198.51.100.17;host=shop.example;proto=https', '198.51.100.17', 'https://shop.example/a?b'],
  [
    'for=198.51.100.17;host="shop.example:8443"; Proto = https'.replace(' = ', '='),
    '198.51.100.17',
    'https://shop.example:8443/a?b',
  ],
  ['for=1.2.3.4;proto=https;host=evil.test, for=198.51.100.17', '198.51.100.17', 'http://site.test/a?b'],
  ['for=198.51.100.17, for=10.0.0.2;proto=https', '198.51.100.17', 'https://site.test/a?b'],
  [' , for="198.51.100.17" ; ;, ', '198.51.100.17', 'http://site.test/a?b'],
  ['for="198.51.\\100.17"', '198.51.100.17', 'http://site.test/a?b'],
  ['', '10.0.0.1', 'http://site.test/a?b'],
])('Forwarded: %s', async (field, ip, url) => {
  expect(await through(forwarded, { forwarded: field })).toMatchObject({ ip, url })
})

it('Forwarded is cut down to the hops that are known', async () => {
  const field = 'for=1.2.3.4;host=evil.test, for="198.51.100.17";proto=https, for=10.0.0.2'
  const seen = await through(forwarded, { forwarded: field })
  expect(seen).toMatchObject({ headers: { forwarded: 'for="198.51.100.17";proto=https, for=10.0.0.2' } })
})

it.each([
  ['an open quote of a client', forwarded, { forwarded: 'for="1.2.3.4, for=198.51.100.17;proto=https' }],
  ['a quote that swallows the hop', forwarded, { forwarded: 'for="1.2.3.4, for=198.51.100.17;x=" y' }],
  ['one parameter twice', forwarded, { forwarded: 'for=198.51.100.17;for=1.2.3.4' }],
  ['no pair', forwarded, { forwarded: '198.51.100.17' }],
  ['a colon without quotes', forwarded, { forwarded: 'for=198.51.100.17:80' }],
  ['space around the sign', forwarded, { forwarded: 'for = 198.51.100.17' }],
  ['another scheme', forwarded, { forwarded: 'for=198.51.100.17;proto=javascript' }],
  ['a scheme that is none', withHost, { 'x-forwarded-proto': 'https:' }],
  ['a host with a path', withHost, { 'x-forwarded-host': 'site.test/evil' }],
  ['a host with a user', withHost, { 'x-forwarded-host': 'site.test@evil.test' }],
])('%s is answered 400', async (_name, options, headers) => {
  expect(await through(options, headers)).toBe(400)
})

// One that backtracks would be at it until the test is given up.
it('comes to an end with a field of 16 KB, whatever is in it', async () => {
  expect(await through(forwarded, { forwarded: `${'; '.repeat(8000)}!` })).toBe(400)
  expect(await through(forwarded, { forwarded: `for="${'\\"'.repeat(8000)}` })).toBe(400)
  expect(await through({ proxies }, { 'x-forwarded-for': '1.2.3.4,'.repeat(2000) })).toMatchObject({ ip: '1.2.3.4' })
})

const lies = {
  forwarded: 'for=1.2.3.4;proto=https;host=evil.test',
  'x-forwarded-for': '1.2.3.4',
  'x-forwarded-host': 'evil.test',
  'x-forwarded-port': '443',
  'x-forwarded-prefix': '/evil',
  'x-forwarded-proto': 'https',
  'x-real-ip': '1.2.3.4',
  'cf-connecting-ip': '1.2.3.4',
  'x-original-url': '/admin',
}

it.each(['203.0.113.9', '11.0.0.1', '2001:db8:cafd::1', null])('nothing is believed of %s', async (peer) => {
  expect(await through(withHost, { ...lies, accept: '*/*' }, peer)).toEqual({
    ip: peer ?? undefined,
    url: 'http://site.test/a?b',
    headers: { accept: '*/*' },
  })
})

it('of a trusted proxy only what it is named for is left', async () => {
  const options: TrustedProxyOptions = { proxies, headers: ['x-forwarded-for', 'x-real-ip'] }
  const seen = await through(options, lies)
  expect(seen).toEqual({
    ip: '1.2.3.4',
    url: 'http://site.test/a?b',
    headers: { 'x-forwarded-for': '1.2.3.4', 'x-real-ip': '1.2.3.4' },
  })
})

it.each([
  ['127.0.0.1', ['loopback'], true],
  ['127.9.9.9', ['loopback'], true],
  ['::1', ['loopback'], true],
  ['::ffff:127.0.0.1', ['loopback'], true],
  ['fe80::1', ['linklocal'], true],
  ['169.254.1.1', ['linklocal'], true],
  ['172.31.0.1', ['uniquelocal'], true],
  ['172.32.0.1', ['uniquelocal'], false],
  ['fd00::1', ['uniquelocal'], true],
  ['10.0.0.1', ['::ffff:10.0.0.1'], true],
  ['2001:db8:cafe::1', ['2001:db8:cafe::/48'], true],
  ['10.0.0.1', [], false],
])('%s among %j: %p', async (peer, list, isTrusted) => {
  const seen = await through({ proxies: list }, { 'x-forwarded-for': '203.0.113.9' }, peer)
  expect(seen).toMatchObject({ ip: isTrusted ? '203.0.113.9' : peer })
})

it('gives on the very same request when there is nothing to change', () => {
  const app = record()
  const request = get('/', { accept: '*/*' })
  void trustedProxy({ proxies })(app)(request, testContext())
  expect(app.requests[0]).toBe(request)
})

const wanted = "an address, a range such as '10.0.0.0/8', 'loopback', 'linklocal', 'uniquelocal' or 'unix'"
it.each<[unknown, string]>([
  [undefined, `trustedProxy must be an object of options, got undefined`],
  [{}, `trustedProxy.proxies must be a list of addresses and ranges, such as ['10.0.0.0/8'], got undefined`],
  [
    { proxies: '10.0.0.1' },
    `trustedProxy.proxies must be a list of addresses and ranges, such as ['10.0.0.0/8'], got "10.0.0.1"`,
  ],
  [{ proxies: ['constructor'] }, `trustedProxy.proxies[0] must be ${wanted}, got "constructor"`],
  [{ proxies: ['proxy.test'] }, `trustedProxy.proxies[0] must be ${wanted}, got "proxy.test"`],
  [{ proxies: ['10.0.0.0/33'] }, `trustedProxy.proxies[0] must be ${wanted}, got "10.0.0.0/33"`],
  [{ proxies: ['10.0.0.0/8/8'] }, `trustedProxy.proxies[0] must be ${wanted}, got "10.0.0.0/8/8"`],
  [{ proxies: ['10.0.0.0/'] }, `trustedProxy.proxies[0] must be ${wanted}, got "10.0.0.0/"`],
  [{ proxies: ['0.0.0.0/0'] }, `trustedProxy.proxies[0] must be ${wanted}, got "0.0.0.0/0"`],
  [{ proxies: [true] }, `trustedProxy.proxies[0] must be ${wanted}, got true`],
  [{ proxies: [1] }, `trustedProxy.proxies[0] must be ${wanted}, got 1`],
  [{ proxies, headers: [] }, 'trustedProxy.headers must be a list of at least one header, got []'],
  [
    { proxies, headers: ['forwarded', 'x-forwarded-for'] },
    `trustedProxy.headers must be either 'forwarded' or 'x-forwarded-…': who is right if they differ?, got ["forwarded","x-forwarded-for"]`,
  ],
])('%j is refused when the wrapper is made', (options, message) => {
  // @ts-expect-error wrong on purpose
  expect(() => trustedProxy(options)).toThrow(expect.objectContaining({ code: 'ERR_OPTION', message }))
})

it('a header that is none of the kind is refused, with the names there are', () => {
  // @ts-expect-error wrong on purpose
  expect(() => trustedProxy({ proxies, headers: ['X-Forwarded-For'] })).toThrow(
    /^trustedProxy\.headers\[0\] must be one of forwarded, x-forwarded-for, .*, got "X-Forwarded-For"$/,
  )
})
