import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import express from 'express'
import { respond, wholeBody, type App } from '@outerware/core'
import { compression, type CompressionOptions, type Encoding } from '@outerware/compression'
import { get, growth, testContext } from '../support/index.ts'
import { hasZstd } from '../support/zstd.ts'
import { around, ask as askOver } from './http.ts'
import { turns, watchCodecs, type CodecWatch } from './streams.ts'
import { bytesOf, decode, noise, plain, prose } from './support.ts'

const codings: readonly Encoding[] = hasZstd ? ['zstd', 'br', 'gzip', 'deflate'] : ['br', 'gzip', 'deflate']
const json = { 'content-type': 'application/json' }
const cached: CompressionOptions = { cache: { maxBytes: 1_000_000 } }

let codecs: CodecWatch
beforeEach(() => void (codecs = watchCodecs()))
afterEach(() => codecs.stop())

/** Asks an app behind one `compression()` again and again. */
function asker(
  app: App,
  options: CompressionOptions = cached,
): (headers?: Record<string, string>, path?: string, method?: string) => Promise<Response> {
  const wrapped = compression(options)(app)
  return async (headers = {}, path = '/', method = 'GET') =>
    wrapped(get(path, { 'accept-encoding': 'gzip', ...headers }, { method }), testContext())
}

/** How many codecs are made while a task runs. */
async function work(task: () => Promise<unknown>): Promise<number> {
  const before = codecs.made
  await task()
  return codecs.made - before
}

const stream = (text: string): Readable => Readable.from([Buffer.from(text)])

describe('a short body', () => {
  it.each<[string, App]>([
    ['text', () => respond(prose(4000), { headers: json })],
    ['text that is made anew', () => respond(JSON.stringify({ text: prose(4000) }), { headers: json })],
    ['bytes', () => respond(Buffer.from(prose(4000)), { headers: json })],
    ['a native Response', () => new Response(prose(4000), { headers: json })],
  ])('is coded no more from the third time on: %s', async (_name, app) => {
    const ask = asker(app)
    const read = async (): Promise<void> => {
      const response = await ask()
      expect(response.headers.get('content-encoding')).toBe('gzip')
      expect(decode('gzip', await bytesOf(response)).toString()).toContain(prose(4000))
    }
    // Reading decodes, too.
    const once = await work(() => plain(new Response(gzipSync('x'), { headers: { 'content-encoding': 'gzip' } })))
    expect(once).toBeGreaterThan(0)
    const costs = []
    for (let i = 0; i < 4; i++) costs.push(await work(read))
    expect(costs).toEqual([2, 2, 1, 1])
  })

  it('is one for text and for bytes', async () => {
    const bodies = [prose(4000), prose(4000), Buffer.from(prose(4000))]
    const ask = asker(() => respond(bodies.shift()!, { headers: json }))
    expect(await work(async () => [await ask(), await ask()])).toBe(2)
    expect(await work(() => ask())).toBe(0)
  })

  it('is never taken for another, not where they differ in one character anywhere', async () => {
    const base = prose(1500)
    let body: string | Buffer = base
    const ask = asker(() => respond(body, { headers: json }))
    for (let i = 0; i < 3; i++) await ask()
    for (let at = 0; at < base.length; at += 7) {
      const text = `${base.slice(0, at)}#${base.slice(at + 1)}`
      for (body of [text, Buffer.from(text)]) expect(await plain(await ask())).toBe(text)
    }
    body = base
    expect(await plain(await ask())).toBe(base)
  })

  it('is told from what an app has written over it', async () => {
    const body = Buffer.from(prose(2000))
    const ask = asker(() => respond(body, { headers: json }))
    for (let i = 0; i < 4; i++) await ask()
    body.write('changed', 700)
    expect(await plain(await ask())).toBe(body.toString())
  })

  it('is coded for each coding', async () => {
    const ask = asker(() => respond(prose(4000), { headers: json }), { ...cached, encodings: codings })
    for (let i = 0; i < 4; i++) {
      for (const coding of codings) {
        const response = await ask({ 'accept-encoding': coding })
        expect(response.headers.get('content-encoding')).toBe(coding)
        expect(await plain(response)).toBe(prose(4000))
      }
    }
  })

  it('goes out bare where a coding makes it no smaller, and is not tried again', async () => {
    const ask = asker(() => respond(noise(4000), { headers: json }))
    for (let i = 0; i < 2; i++) await ask()
    expect(await work(async () => expect((await ask()).headers.get('content-encoding')).toBeNull())).toBe(0)
  })

  it('goes out bare below the threshold, though one that takes none bare had it coded', async () => {
    const ask = asker(() => respond(prose(500), { headers: json }))
    for (let i = 0; i < 4; i++) {
      expect((await ask({ 'accept-encoding': 'gzip, *;q=0' })).headers.get('content-encoding')).toBe('gzip')
      expect((await ask()).headers.get('content-encoding')).toBeNull()
    }
    const streamed = asker(() => new Response(prose(500), { headers: json }))
    for (let i = 0; i < 4; i++) {
      expect((await streamed({ 'accept-encoding': 'gzip, *;q=0' })).headers.get('content-encoding')).toBe('gzip')
      expect((await streamed()).headers.get('content-encoding')).toBeNull()
    }
  })

  it('is told by comparison alone when it was one of the last', async () => {
    const counted = jest.spyOn(Buffer, 'byteLength')
    const ask = asker(() => respond(prose(20_000), { headers: json }))
    for (let i = 0; i < 3; i++) await ask()
    counted.mockClear()
    await ask()
    expect(counted).not.toHaveBeenCalled()
    counted.mockRestore()
  })

  it('is not kept where the app says no-store', async () => {
    const headers = { ...json, 'cache-control': 'private, No-Store' }
    const ask = asker(() => respond(prose(4000), { headers }))
    for (let i = 0; i < 4; i++) expect(await work(() => ask())).toBe(1)
  })

  it('is kept by its content, whoever asks', async () => {
    const headers = { ...json, 'cache-control': 'private', 'set-cookie': 'a=1' }
    const ask = asker(() => respond(prose(4000), { headers }))
    for (let i = 0; i < 2; i++) await ask({ authorization: 'x' })
    expect(await work(() => ask({ cookie: 'x' }))).toBe(0)
  })
})

describe('a stream with a strong entity tag', () => {
  const long = prose(200_000)
  const headers = { 'content-type': 'text/html', etag: '"1"' }

  it.each<[string, () => Response]>([
    ['a Node stream', () => respond(stream(long), { headers })],
    ['a web stream', () => new Response(new Blob([long]).stream(), { headers })],
    ['a long text', () => respond(long, { headers })],
  ])('is coded no more from the third time on, for each coding: %s', async (_name, app) => {
    const ask = asker(app, { ...cached, encodings: codings })
    for (const coding of codings) {
      const asked = { 'accept-encoding': coding }
      const first = await bytesOf(await ask(asked))
      const second = await bytesOf(await ask(asked))
      const before = codecs.made
      const third = await ask(asked)
      expect(third.headers.get('etag')).toBe('W/"1"')
      expect(third.headers.get('content-encoding')).toBe(coding)
      const bytes = await bytesOf(third)
      expect(codecs.made).toBe(before)
      for (const one of [first, second, bytes]) expect(decode(coding, one).equals(Buffer.from(long))).toBe(true)
    }
  })

  it('is given up unread when it is kept', async () => {
    const sources: Readable[] = []
    const ask = asker(() => respond((sources.push(stream(long)), sources.at(-1)!), { headers }))
    for (let i = 0; i < 3; i++) await bytesOf(await ask())
    await turns(3)
    expect(sources[2]!.destroyed).toBe(true)
    expect(sources[2]!.readableDidRead).toBe(false)
  })

  it('is another at another URL, and with another tag', async () => {
    const app: App = (request) => {
      const { pathname, search } = new URL(request.url)
      return respond(stream(long + pathname), { headers: { ...headers, etag: `"${search}"` } })
    }
    const ask = asker(app)
    for (let i = 0; i < 3; i++) {
      for (const path of ['/a', '/b', '/a?2']) {
        expect(await plain(await ask({}, path))).toBe(long + new URL(path, 'http://x').pathname)
      }
    }
  })

  const differing = (extra: Record<string, string>, status = 200): App => {
    let count = 0
    return () => respond(stream(long + count++), { status, headers: { ...headers, ...extra } })
  }
  it.each<[string, App, Record<string, string>, string]>([
    ['the tag is weak', differing({ etag: 'W/"1"' }), {}, 'GET'],
    ['it is private', differing({ 'cache-control': 'max-age=60, private' }), {}, 'GET'],
    ['it is not to be stored', differing({ 'cache-control': 'no-store' }), {}, 'GET'],
    ['it sets a cookie', differing({ 'set-cookie': 'a=1' }), {}, 'GET'],
    ['the request is authorised', differing({}), { authorization: 'x' }, 'GET'],
    ['it answers a POST', differing({}), {}, 'POST'],
    ['it is an error', differing({}, 404), {}, 'GET'],
  ])('is not kept where %s: two bodies under one tag stay two', async (_name, app, asked, method) => {
    const ask = asker(app)
    for (let i = 0; i < 4; i++) expect(await plain(await ask(asked, '/', method))).toBe(long + i)
  })

  it('is not kept when it breaks off', async () => {
    let breaks = true
    const source = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from(long)
      if (breaks) throw new Error('gone')
      yield Buffer.from('end')
    }
    const ask = asker(() => respond(Readable.from(source()), { headers }))
    for (let i = 0; i < 4; i++) await expect(bytesOf(await ask())).rejects.toThrow()
    breaks = false
    expect(await plain(await ask())).toBe(`${long}end`)
  })

  it('is not kept when it is longer than was said', async () => {
    let text = `${long} and more`
    const ask = asker(() => respond(stream(text), { headers: { ...headers, 'content-length': String(long.length) } }))
    for (let i = 0; i < 3; i++) await bytesOf(await ask())
    text = long
    expect(await plain(await ask())).toBe(long)
  })
})

describe('the bound', () => {
  it('lets go what was not asked for the longest', async () => {
    // Each takes 2 * 4000 for the text, and some hundred bytes: so there is room for four, not for five.
    const ask = asker((request) => respond(request.url.at(-1)! + prose(3999), { headers: json }), {
      cache: { maxBytes: 4 * 8900 },
    })
    const costs = (path: string): Promise<number> => work(() => ask({}, path))
    for (const path of ['/1', '/1', '/2', '/2', '/3', '/3', '/4', '/4']) await ask({}, path)
    expect([await costs('/2'), await costs('/3'), await costs('/4'), await costs('/1')]).toEqual([0, 0, 0, 0])
    for (let i = 0; i < 2; i++) await ask({}, '/5')
    expect([await costs('/5'), await costs('/1'), await costs('/4'), await costs('/3')]).toEqual([0, 0, 0, 0])
    expect(await costs('/2')).toBe(1)
  })

  it('keeps nothing that it has no room for, and no stream of more than an eighth', async () => {
    const headers = { 'content-type': 'text/html', etag: '"1"' }
    const ask = asker(
      (request) => respond(request.url.endsWith('/s') ? stream(noise(9000).toString('hex')) : prose(4000), { headers }),
      {
        cache: { maxBytes: 8000 },
      },
    )
    for (let i = 0; i < 4; i++) {
      expect(await work(() => ask())).toBe(1)
      expect(await work(async () => void (await bytesOf(await ask({}, '/s'))))).toBe(1)
    }
  })

  it('holds nothing of what it has let go', async () => {
    // The watch itself holds each codec that was made.
    codecs.stop()
    // Unlike each other everywhere, so that each has a place of its own among the last.
    const text = (url: string): string => createHash('sha256').update(url).digest('hex').repeat(468)
    const app: App = ({ url }) => respond(text(url), { headers: json })
    const ask = asker(app, { cache: { maxBytes: 200_000 } })
    const askTwiceEach = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++) for (let times = 0; times < 2; times++) await ask({}, `/${i}`)
    }
    // The cache is full by then, and the code compiled.
    await askTwiceEach(300, 600)
    // Three hundred such texts are nine million bytes.
    const grown = await growth(1_500_000, (round) => askTwiceEach(300 * (round + 2), 300 * (round + 3)))
    expect(grown).toBeLessThan(1_500_000)
  })

  it('counts all the memory that a result holds', async () => {
    const ask = asker(() => respond(prose(4000), { headers: json }))
    for (let i = 0; i < 2; i++) await ask()
    const kept = wholeBody(await ask())
    expect(kept).toBeInstanceOf(Uint8Array)
    if (kept instanceof Uint8Array) expect(kept.buffer.byteLength).toBe(kept.byteLength)
  })

  it('lets nothing in that was seen once', async () => {
    let count = 0
    const ask = asker(() => respond(String(count++).padStart(4000), { headers: json }), { cache: { maxBytes: 10_000 } })
    const hot = asker(() => respond(prose(4000), { headers: json }), { cache: { maxBytes: 10_000 } })
    for (let i = 0; i < 2; i++) await hot()
    for (let i = 0; i < 100; i++) expect(await work(() => ask())).toBe(1)
    expect(await work(() => hot())).toBe(0)
  })
})

describe('what is asked for often', () => {
  const text = noise(3000).toString('base64') + prose(6000)

  it.each([
    ['a short body', () => respond(text, { headers: json }), text],
    [
      'a stream with a tag',
      () => respond(stream(text.repeat(20)), { headers: { ...json, etag: '"1"' } }),
      text.repeat(20),
    ],
  ] as const)('becomes as small as it gets: %s', async (_name, app, whole) => {
    const ask = asker(app, { ...cached, level: 1, brotli: { params: { 1: 0 } }, encodings: codings })
    for (const coding of codings) {
      const sizeNow = async (): Promise<number> => {
        const bytes = await bytesOf(await ask({ 'accept-encoding': coding }))
        expect(decode(coding, bytes).equals(Buffer.from(whole))).toBe(true)
        return bytes.byteLength
      }
      const first = await sizeNow()
      for (let i = 0; i < 20; i++) await sizeNow()
      while ((await sizeNow()) >= first) await turns(10)
      expect(await sizeNow()).toBeLessThan(first)
    }
  })
})

it('keeps what Express sends', async () => {
  const app = express()
  app.set('etag', 'strong')
  app.get('/json', (_req, res) => void res.json({ text: prose(4000) }))
  app.get('/long', (_req, res) => void res.send(prose(200_000)))
  const site = await around(app, cached)
  try {
    for (const path of ['/json', '/long']) {
      const answers = []
      for (let i = 0; i < 4; i++) answers.push(await askOver(site, path))
      expect(answers.map(({ text }) => text).every((text) => text.includes(prose(4000)))).toBe(true)
      // Decoded by us.
      expect(await work(() => askOver(site, path))).toBe(1)
    }
  } finally {
    await site.close()
  }
})
