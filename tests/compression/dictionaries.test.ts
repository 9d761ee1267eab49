import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import * as zlib from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { respond, wholeBody, type App } from '@outerware/core'
import { compression, type CompressionOptions } from '@outerware/compression'
import { get, streamOf, testContext } from '../support/index.ts'
import { hasDictionaries } from '../support/zstd.ts'
import { decodeDcz, listing, offer } from './dictionaries.ts'
import { turns } from './streams.ts'
import { bytesOf, noise, plain, prose } from './support.ts'

const json = { 'content-type': 'application/json', etag: '"x"' }
const named = { ...json, 'use-as-dictionary': 'match="/*"' }
const learning: CompressionOptions = { dictionaries: { maxBytes: 10_000_000 } }
const bare = { 'accept-encoding': 'identity' }

type Ask = (path: string, headers?: Record<string, string>, init?: RequestInit) => Promise<Response>

/** Asks a site behind one `compression()`. */
function asker(app: App, options = learning): Ask {
  const wrapped = compression(options)(app)
  return async (path, headers = bare, init = {}) => wrapped(get(path, headers, init), testContext())
}

/** `/1` is a dictionary, however it is sent; all else is another version of it. */
const versions =
  (first: () => Response, size = 200): App =>
  ({ url }) =>
    url.endsWith('/1') ? first() : respond(listing(2, size), { headers: json })

const dictionary = listing(1)

if (!hasDictionaries) console.info('dictionaries: skipped. This Node has no zstd with a dictionary.')

;(hasDictionaries ? describe.skip : describe)('on a Node without them', () => {
  it('the option changes nothing', async () => {
    const ask = asker(versions(() => respond(dictionary, { headers: named })))
    await ask('/1')
    const response = await ask('/2', offer(dictionary, 'gzip, dcz'))
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(response.headers.get('vary')).toBe('accept-encoding')
  })
})

;(hasDictionaries ? describe : describe.skip)('a dictionary', () => {
  it.each<[string, () => Response]>([
    ['text at hand', () => respond(dictionary, { headers: named })],
    ['bytes at hand', () => respond(Buffer.from(dictionary), { headers: named })],
    ['a native Response', () => new Response(dictionary, { headers: named })],
    ['a web stream', () => new Response(streamOf(dictionary.slice(0, 99), dictionary.slice(99)), { headers: named })],
    ['a Node stream', () => respond(Readable.from([Buffer.from(dictionary)]), { headers: named })],
    [
      'what the app has coded',
      () => respond(zlib.brotliCompressSync(dictionary), { headers: { ...named, 'content-encoding': 'br' } }),
    ],
    [
      'a stream that the app has coded',
      () => respond(Readable.from([zlib.gzipSync(dictionary)]), { headers: { ...named, 'content-encoding': 'gzip' } }),
    ],
    [
      'a type that is worth no coding',
      () => respond(dictionary, { headers: { ...named, 'content-type': 'image/png' } }),
    ],
  ])('is learnt as it goes out: %s', async (_name, first) => {
    const ask = asker(versions(first))
    expect(await plain(await ask('/1'))).toBe(dictionary)
    let response = await ask('/2', offer(dictionary))
    // What has to be decoded first is known a little later.
    while (response.headers.get('content-encoding') !== 'dcz') {
      await turns(1)
      response = await ask('/2', offer(dictionary))
    }
    expect(decodeDcz(await bytesOf(response), dictionary)).toBe(listing(2))
  })

  it('makes a body that is nearly the same ten times smaller than zstd does alone', async () => {
    const ask = asker(versions(() => respond(dictionary, { headers: named })))
    await ask('/1')
    const [without, by] = [await ask('/2', { 'accept-encoding': 'zstd' }), await ask('/2', offer(dictionary))]
    expect((await bytesOf(by)).byteLength * 10).toBeLessThan((await bytesOf(without)).byteLength)
  })

  it('is coded itself on its way, and has its length where it goes out bare', async () => {
    const stream = (): Response =>
      respond(Readable.from([Buffer.from(dictionary)]), {
        headers: { ...named, 'content-length': String(dictionary.length) },
      })
    const ask = asker(versions(stream))
    const coded = await ask('/1', { 'accept-encoding': 'gzip' })
    expect(coded.headers.get('content-encoding')).toBe('gzip')
    expect(await plain(coded)).toBe(dictionary)
    expect((await ask('/2', offer(dictionary))).headers.get('content-encoding')).toBe('dcz')
    expect((await ask('/1')).headers.get('content-length')).toBe(String(dictionary.length))
  })

  it('may be known from the start', async () => {
    const ask = asker(
      versions(() => respond('')),
      { dictionaries: { known: [Buffer.from('another'), Buffer.from(dictionary)] } },
    )
    expect(decodeDcz(await bytesOf(await ask('/2', offer(dictionary))), dictionary)).toBe(listing(2))
  })

  it('makes all that could be coded vary by it, and a strong tag weak', async () => {
    const ask = asker(
      versions(() => respond(dictionary, { headers: named })),
      { ...learning, threshold: 0 },
    )
    const vary = 'accept-encoding, available-dictionary'
    for (const headers of [bare, { 'accept-encoding': 'gzip' }, offer('unknown')])
      expect((await ask('/2', headers)).headers.get('vary')).toBe(vary)
    await ask('/1')
    const coded = await ask('/2', offer(dictionary))
    expect(Object.fromEntries(coded.headers)).toEqual({
      'content-type': 'application/json',
      etag: 'W/"x"',
      vary,
      'content-encoding': 'dcz',
    })
    const head = await ask('/2', offer(dictionary), { method: 'HEAD' })
    expect(Object.fromEntries(head.headers)).toEqual({ 'content-type': 'application/json', etag: 'W/"x"', vary })
  })

  it.each([
    ['one that is not kept', { ...offer('another') }, 'zstd'],
    ['none', { 'accept-encoding': 'dcz, br' }, 'br'],
    ['what is no hash', { 'accept-encoding': 'dcz, br', 'available-dictionary': ':AAAA:' }, 'br'],
    ['it and does not take dcz', offer(dictionary, 'zstd, br'), 'zstd'],
    ['it and refuses dcz', offer(dictionary, '*, dcz;q=0'), 'zstd'],
    ['it and wants br more', offer(dictionary, 'dcz;q=0.5, br'), 'br'],
    ['it and wants dcz most', offer(dictionary, 'dcz, br;q=0.9'), 'dcz'],
    ['it and takes anything', offer(dictionary, '*'), 'dcz'],
  ])('is for a client that offers it: %s', async (_name, headers, coding) => {
    const ask = asker(versions(() => respond(dictionary, { headers: named })))
    await ask('/1')
    expect((await ask('/2', headers)).headers.get('content-encoding')).toBe(coding)
  })

  it('is not used for a page of another origin that may not read the answer (9.3.3)', async () => {
    const readable = { ...json, 'access-control-allow-origin': 'https://a.test' }
    const ask = asker(({ url }) =>
      url.endsWith('/1') ? respond(dictionary, { headers: named }) : respond(listing(2), { headers: readable }),
    )
    await ask('/1')
    const codingFor = async (headers: Record<string, string>): Promise<string | null> =>
      (await ask('/2', { ...offer(dictionary), ...headers })).headers.get('content-encoding')
    const cors = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }
    expect(await codingFor({ ...cors, origin: 'https://a.test' })).toBe('dcz')
    expect(await codingFor({ ...cors, origin: 'https://b.test' })).toBe('zstd')
    expect(await codingFor({ ...cors, 'sec-fetch-mode': 'no-cors' })).toBe('zstd')
  })

  it.each<[string, () => Response, Record<string, string>?, RequestInit?]>([
    ['no Use-As-Dictionary', () => respond(dictionary, { headers: json })],
    ['private', () => respond(dictionary, { headers: { ...named, 'cache-control': 'private' } })],
    ['no-store', () => respond(dictionary, { headers: { ...named, 'cache-control': 'no-store' } })],
    ['Set-Cookie', () => respond(dictionary, { headers: { ...named, 'set-cookie': 'a=1' } })],
    ['Authorization', () => respond(dictionary, { headers: named }), { authorization: 'Bearer x' }],
    ['a 404', () => respond(dictionary, { status: 404, headers: named })],
    ['a POST', () => respond(dictionary, { headers: named }), {}, { method: 'POST' }],
    ['a coding that is none', () => respond(dictionary, { headers: { ...named, 'content-encoding': 'rot13' } })],
    ['bytes that are not coded so', () => respond(dictionary, { headers: { ...named, 'content-encoding': 'br' } })],
  ])('is not learnt of what only one may see, or what is none: %s', async (_name, first, headers = {}, init = {}) => {
    const ask = asker(versions(first))
    await (await ask('/1', { ...bare, ...headers }, init)).arrayBuffer()
    await decoded()
    expect((await ask('/2', offer(dictionary))).headers.get('content-encoding')).toBe('zstd')
  })

  it('is not learnt of a stream that breaks off', async () => {
    const source = new Readable({ read() {} })
    const ask = asker(versions(() => respond(source, { headers: named })))
    const reading = (await ask('/1')).text()
    source.push(dictionary)
    setImmediate(() => source.destroy(new Error('the database left')))
    await expect(reading).rejects.toThrow('the database left')
    expect((await ask('/2', offer(dictionary))).headers.get('content-encoding')).toBe('zstd')
  })

  it('is not learnt where zstd begins its own so, or where there is no room', async () => {
    const trained = Buffer.concat([Buffer.from('37a430ec', 'hex'), noise(400)])
    const firsts: [Buffer, CompressionOptions][] = [
      [trained, learning],
      [noise(4001), { dictionaries: { maxBytes: 16_000 } }],
      [noise(4000), {}],
    ]
    for (const [body, options] of firsts) {
      const ask = asker(
        versions(() => respond(body, { headers: named })),
        options,
      )
      await ask('/1')
      expect((await ask('/2', offer(body))).headers.get('content-encoding')).toBe('zstd')
    }
    expect(() => compression({ dictionaries: { known: [trained] } })).toThrow('no dictionary trained by zstd')
  })

  it('goes when others need its room, that which was not asked for the longest first', async () => {
    const pages = Array.from({ length: 5 }, (_, i) => `${i}${prose(3000)}`)
    const app: App = ({ url }) =>
      url.endsWith('/other') ? respond(prose(3000)) : respond(pages[Number(url.at(-1))]!, { headers: named })
    const ask = asker(app, { dictionaries: { maxBytes: 12_500 } })
    const isKept = async (i: number): Promise<boolean> =>
      (await ask('/other', offer(pages[i]!))).headers.get('content-encoding') === 'dcz'
    for (let i = 0; i < 4; i++) await ask(`/${i}`)
    expect(await isKept(0)).toBe(true)
    await ask('/4')
    expect([await isKept(1), await isKept(0), await isKept(2), await isKept(4)]).toEqual([false, true, true, true])
  })

  it('serves streams too, each part of them at once', async () => {
    const source = new Readable({ read() {} })
    const app: App = ({ url }) =>
      url.endsWith('/1') ? respond(dictionary, { headers: named }) : respond(source, { headers: json })
    const ask = asker(app)
    await ask('/1')
    const decoder = zlib.createZstdDecompress({ dictionary: Buffer.from(dictionary) })
    const reader = (await ask('/2', offer(dictionary))).body!.getReader()
    const received: Uint8Array[] = []
    let text = ''
    decoder.on('data', (part) => (text += part))
    for (const part of ['[{"id":0},', '{"id":1},', '{"id":2}]']) {
      source.push(part)
      const before = text.length
      while (text.length === before) {
        received.push((await reader.read()).value!)
        const coded = received.length === 1 ? received[0]!.subarray(40) : received.at(-1)!
        await new Promise<void>((resolve) => decoder.write(coded, () => resolve()))
        await turns(1)
      }
      expect(text.slice(before)).toBe(part)
    }
    source.push(null)
    for (let rest = await reader.read(); !rest.done; rest = await reader.read()) received.push(rest.value)
    expect(decodeDcz(Buffer.concat(received), dictionary)).toBe('[{"id":0},{"id":1},{"id":2}]')
  })

  it.each([
    ['a long one, for a short body', 9000, 200],
    ['a short one, for a short body', 100, 100],
    ['a short one, for a long body', 100, 30_000],
    ['a long one, for a long body', 30_000, 30_100],
  ])('may be of any length: %s', async (_name, first, second) => {
    const ask = asker(
      versions(() => respond(listing(1, first), { headers: named }), second),
      { dictionaries: { maxBytes: 20_000_000 } },
    )
    await ask('/1')
    const response = await ask('/2', offer(listing(1, first)))
    // To load a long one takes its time, which is that of the thread pool.
    expect(wholeBody(response) === undefined).toBe(first > 100 || second > 1000)
    expect(response.headers.get('content-encoding')).toBe('dcz')
    const bytes = await bytesOf(response)
    expect(decodeDcz(bytes, listing(1, first))).toBe(listing(2, second))
    // What both have in common costs little, however far back it stands.
    const alone = zlib.zstdCompressSync(listing(2, second)).byteLength
    if (first > 100) expect(bytes.byteLength).toBeLessThan(alone / 3)
  })

  it('is one of its own to the cache', async () => {
    const pages = [listing(1), listing(3)]
    const ask = asker(({ url }) => respond(pages[Number(url.at(-1))] ?? listing(2), { headers: named }), {
      ...learning,
      cache: { maxBytes: 1_000_000 },
    })
    for (const path of ['/0', '/1']) await ask(path)
    for (let i = 0; i < 20; i++) {
      for (const page of pages) expect(decodeDcz(await bytesOf(await ask('/2', offer(page))), page)).toBe(listing(2))
      expect(await plain(await ask('/2', { 'accept-encoding': 'zstd' }))).toBe(listing(2))
      await decoded()
    }
  })

  it('is padded as all is where `breach` says so', async () => {
    const ask = asker(
      versions(() => respond(dictionary, { headers: named })),
      { ...learning, breach: 'cookies' },
    )
    await ask('/1')
    const sizes = new Set<number>()
    for (let i = 0; i < 20; i++) {
      const bytes = await bytesOf(await ask('/2', { ...offer(dictionary), cookie: 'a=1' }))
      expect(decodeDcz(bytes, dictionary)).toBe(listing(2))
      sizes.add(bytes.byteLength)
    }
    expect(sizes.size).toBeGreaterThan(5)
  })

  it('is not used where zstd is not offered', async () => {
    const ask = asker(
      versions(() => respond(dictionary, { headers: named })),
      { ...learning, encodings: ['br', 'gzip'] },
    )
    await ask('/1')
    expect((await ask('/2', offer(dictionary))).headers.get('content-encoding')).toBe('br')
  })

  const withProgram = spawnSync('zstd', ['--version']).status === 0 ? it : it.skip

  withProgram.each([0, 1_000_000])('is that of the program zstd: whole up to %i bytes', async (syncThreshold) => {
    const file = join(mkdtempSync(join(tmpdir(), 'compression-')), 'dictionary')
    writeFileSync(file, dictionary)
    const ask = asker(
      versions(() => respond(dictionary, { headers: named })),
      { ...learning, syncThreshold },
    )
    await ask('/1')
    const input = await bytesOf(await ask('/2', offer(dictionary)))
    const { stdout, stderr } = spawnSync('zstd', ['-dc', '-D', file], { input, encoding: 'utf8' })
    expect([stdout, stderr]).toEqual([listing(2), ''])
  })
})

/** Waits for what is decoded beside. */
async function decoded(): Promise<void> {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => zlib.gunzip(zlib.gzipSync('x'), resolve))
    await turns(4)
  }
}
