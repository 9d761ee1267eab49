import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { compression, type CompressionOptions, type Encoding } from '@outerware/compression'
import { get, testContext } from '../support/index.ts'
import { hasZstd } from '../support/zstd.ts'
import { decodeStream } from './streams.ts'
import { bytesOf, decode, decoder, noise, prose } from './support.ts'

const codings: readonly Encoding[] = hasZstd ? ['zstd', 'br', 'gzip', 'deflate'] : ['br', 'gzip', 'deflate']
const html = { headers: { 'content-type': 'text/html' } }
const cookie = { cookie: 'session=1' }

function asker(
  app: App,
  coding: Encoding,
  options: CompressionOptions = {},
): (headers?: Record<string, string>) => Promise<Buffer> {
  const wrapped = compression({ encodings: [coding], breach: 'cookies', threshold: 0, ...options })(app)
  return async (headers = cookie) => {
    const response = await wrapped(get('/', { 'accept-encoding': coding, ...headers }), testContext())
    expect(response.headers.get('content-encoding')).toBe(coding)
    return bytesOf(response)
  }
}

/** The sizes that so many answers have. */
async function sizesOf(ask: () => Promise<Buffer>, count: number): Promise<number[]> {
  const sizes = []
  for (let i = 0; i < count; i++) sizes.push((await ask()).byteLength)
  return sizes
}

const bodies: [string, Buffer][] = [
  ['a word', Buffer.from('hello '.repeat(20))],
  ['text', Buffer.from(prose(5000))],
  ['a long text', Buffer.from(prose(400_000))],
  ['noise in text', Buffer.concat([noise(40_000), Buffer.from(prose(9000))])],
]
const kinds: [string, (body: Buffer) => App, CompressionOptions][] = [
  ['whole', (body) => () => respond(body, html), { syncThreshold: 1_000_000 }],
  [
    'whole, from a cache',
    (body) => () => respond(body, html),
    { syncThreshold: 1_000_000, cache: { maxBytes: 9_000_000 } },
  ],
  [
    'on its way',
    (body) => () => respond(Readable.from([body.subarray(0, 9), body.subarray(9)]), html),
    { syncThreshold: 0 },
  ],
  [
    'on its way, from a cache',
    (body) => () => respond(Readable.from([body]), { headers: { ...html.headers, etag: '"x"' } }),
    { syncThreshold: 0, cache: { maxBytes: 9_000_000 } },
  ],
]

describe.each(codings)('%s', (coding) => {
  const programs: Record<string, string> = { gzip: 'gzip', br: 'brotli', zstd: 'zstd' }
  const program = programs[coding] === undefined ? undefined : decoder(programs[coding])

  describe.each(kinds)('%s', (_kind, appOf, options) => {
    it.each(bodies)('is read by a decoder all the same: %s', async (_name, body) => {
      const ask = asker(appOf(body), coding, options)
      for (let i = 0; i < 6; i++) expect(decode(coding, await ask()).equals(body)).toBe(true)
      if (program !== undefined) expect(program(await ask()).equals(body)).toBe(true)
    })

    it('has another length each time, within some hundred bytes', async () => {
      const sizes = await sizesOf(asker(appOf(Buffer.from(prose(5000))), coding, options), 60)
      expect(new Set(sizes).size).toBeGreaterThan(20)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(100)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeGreaterThan(50)
    })
  })

  it('has every length up to a hundred bytes more', async () => {
    const ask = asker(() => respond(prose(2000), html), coding)
    const seen = new Set<number>()
    // Each is as likely as the next: after some thousand all 101 have come.
    for (let i = 0; i < 20_000 && seen.size < 101; i++) seen.add((await ask()).byteLength)
    expect(seen.size).toBe(101)
    expect(Math.max(...seen) - Math.min(...seen)).toBe(100)
  })

  it('is padded for a request with Cookie or Authorization, and for no other', async () => {
    const ask = asker(() => respond(prose(2000), html), coding)
    const distinct = async (headers: Record<string, string>): Promise<number> =>
      new Set(await sizesOf(() => ask(headers), 20)).size
    expect(await distinct({})).toBe(1)
    expect(await distinct(cookie)).toBeGreaterThan(5)
    expect(await distinct({ authorization: 'Bearer x' })).toBeGreaterThan(5)
  })

  it('is not padded without the option', async () => {
    const ask = asker(() => respond(prose(2000), html), coding, { breach: false })
    expect(new Set(await sizesOf(ask, 20)).size).toBe(1)
  })

  it('sends each event at once all the same', async () => {
    const source = new Readable({ read() {} })
    const wrapped = compression({ encodings: [coding], breach: 'cookies' })(() => respond(source, html))
    const response = await wrapped(get('/', { 'accept-encoding': coding, ...cookie }), testContext())
    const events = decodeStream(coding, response.body!)
    for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
      source.push(event)
      expect(await events.next(event.length)).toBe(event)
    }
    source.push(null)
    expect(await events.next(1)).toBe('')
  })

  it('tells a guessed secret from a wrong one no longer at sight', async () => {
    const secret = 'k3Vz9QmR7tYw'
    // What BREACH needs: a page with a secret, and beside it what the attacker has sent.
    const page = (guess: string): App => {
      const form = `<input name=csrf value=${secret}><p>You searched for value=${guess}</p>`
      return () => respond(noise(300).toString('hex') + form + prose(600), html)
    }
    const rate = async (breach: 'cookies' | false): Promise<number> => {
      const right = asker(page(secret), coding, { breach })
      const wrong = asker(page('Xb4NpL8sHc2J'), coding, { breach })
      let told = 0
      for (let i = 0; i < 300; i++) if ((await right()).byteLength < (await wrong()).byteLength) told++
      return told / 300
    }
    expect(await rate(false)).toBe(1)
    // By chance alone it would be a half; a dozen bytes among a hundred leave a little more.
    const padded = await rate('cookies')
    expect(padded).toBeGreaterThan(0.35)
    expect(padded).toBeLessThan(0.8)
  })
})
