import { expect, it } from '@jest/globals'
import { compression, type CompressionOptions } from '@outerware/compression'
import { get, testContext } from '../support/index.ts'
import { hasZstd } from '../support/zstd.ts'
import { ask, bytesOf, decode, plain, prose } from './support.ts'

const text = prose(4000)
const app = (): Response => new Response(text)
const codingFor = async (field: string, options: CompressionOptions = { encodings: ['br', 'gzip'] }) => {
  const response = await ask(app, { 'accept-encoding': field }, options)
  expect(await plain(response)).toBe(text)
  return response.headers.get('content-encoding')
}

it.each([
  // The examples of RFC 9110, 12.5.3, in its order.
  ['compress, gzip', 'gzip'],
  ['', null],
  ['*', 'br'],
  ['compress;q=0.5, gzip;q=1.0', 'gzip'],
  ['gzip;q=1.0, identity; q=0.5, *;q=0', 'gzip'],
  // Weights decide, then the server's order.
  ['gzip, br', 'br'],
  ['br;q=0.5, gzip;q=0.8', 'gzip'],
  ['gzip;q=0.001, br;q=0', 'gzip'],
  ['gzip;q=0.5, *', 'br'],
  ['*;q=0.5, gzip;q=0.6', 'gzip'],
  // What is weighed 0 is refused.
  ['gzip;q=0', null],
  ['gzip;q=0.000, br;q=0.0', null],
  ['br;q=0, *', 'gzip'],
  ['*;q=0, gzip', 'gzip'],
  // identity counts only where it is written.
  ['identity', null],
  ['gzip, identity', 'gzip'],
  ['gzip;q=0.5, identity', null],
  ['gzip;q=0.5, identity;q=0.4', 'gzip'],
  ['gzip;q=0.5, br;q=0.4, identity;q=0.6', null],
  // Names and `q` in any case, x-gzip for gzip, white space around.
  ['GZIP', 'gzip'],
  ['gzip;Q=0', null],
  ['x-gzip', 'gzip'],
  ['\tgzip ; q=0.7 ,\t br ; q=0.3', 'gzip'],
  ['gzip;q=0.5,,br;q=0.4,', 'gzip'],
  // Malformed members say nothing.
  ['gzip;q=2, br;q=-1', null],
  ['gzip;q=0.1234', null],
  ['gzip;level=9', null],
  ['g zip, br', 'br'],
  ['gzipped, brotli', null],
  ['deflate, compress, sdch', null],
])('Accept-Encoding: %s gives %s', async (field, coding) => {
  expect(await codingFor(field)).toBe(coding)
})

it.each([
  [['gzip', 'br'], 'br, gzip', 'gzip'],
  [['gzip'], 'br, gzip', 'gzip'],
  [['gzip'], 'br', null],
  [['deflate', 'gzip'], 'gzip, deflate', 'deflate'],
  [['br'], '*', 'br'],
] as const)('offers %j to %s, which gives %s', async (encodings, field, coding) => {
  expect(await codingFor(field, { encodings })).toBe(coding)
})

it('sends identity to a client that does not say what it takes', async () => {
  const response = await ask(app, {})
  expect(response.headers.get('content-encoding')).toBeNull()
  expect(response.headers.get('vary')).toBe('accept-encoding')
})

it.each([
  ['gzip', {}, 'gzip'],
  ['br', {}, 'br'],
  ['identity', {}, null],
  ['gzip', { 'accept-encoding': '' }, null],
  ['gzip', { 'accept-encoding': 'br' }, 'br'],
  ['gzip', { 'accept-encoding': 'identity' }, null],
] as const)('enforceEncoding %s, with %j asked, gives %s', async (enforceEncoding, headers, coding) => {
  const response = await ask(app, headers, { enforceEncoding })
  expect(response.headers.get('content-encoding')).toBe(coding)
  expect(await plain(response)).toBe(text)
})

it.each(['identity;q=0', '*;q=0', 'compress, *;q=0', 'gzip;q=0, br;q=0, zstd;q=0, identity;q=0'])(
  'sends identity rather than a 406 to a client that takes nothing: %s',
  async (field) => {
    const response = await ask(app, { 'accept-encoding': field })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-encoding')).toBeNull()
    expect(response.headers.get('vary')).toBe('accept-encoding')
    expect(await plain(response)).toBe(text)
  },
)

it.each(['gzip, identity;q=0', 'gzip;q=0.1, *;q=0'])(
  'codes even the smallest body for a client that refuses identity: %s',
  async (field) => {
    const response = await ask(() => new Response('hi'), { 'accept-encoding': field })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await plain(response)).toBe('hi')
  },
)

it.each(['gzip', 'br', 'deflate'] as const)('%s is what it says, whole and streamed', async (coding) => {
  for (const syncThreshold of [65_536, 0]) {
    const response = await ask(app, { 'accept-encoding': coding }, { encodings: [coding], syncThreshold })
    expect(response.headers.get('content-encoding')).toBe(coding)
    const bytes = await bytesOf(response)
    expect(bytes.byteLength).toBeLessThan(400)
    expect(decode(coding, bytes).toString()).toBe(text)
  }
})

it('offers zstd first, where node:zlib has it, and leaves it out elsewhere', async () => {
  const coding = await codingFor('gzip, br, zstd', {})
  expect(coding).toBe(hasZstd ? 'zstd' : 'br')
})

it('decides for every request by its own field, however many there are', async () => {
  const site = compression({ encodings: ['gzip'] })(app)
  for (let i = 0; i < 400; i++) {
    const field = `x-${i}, gzip;q=${i % 2}`
    const response = await site(get('/', { 'accept-encoding': field }), testContext())
    expect(response.headers.get('content-encoding')).toBe(i % 2 === 1 ? 'gzip' : null)
  }
})

it('reads a field longer than any that it remembers', async () => {
  const long = Array.from({ length: 200 }, (_, i) => `x-${i}`).join(', ')
  expect(await codingFor(`${long}, gzip`)).toBe('gzip')
  expect(await codingFor(`${long}, gzip;q=0`)).toBeNull()
})
