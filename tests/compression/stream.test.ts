import { once } from 'node:events'
import { Readable, Transform } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { filterBody, respond, type App, type Wrapper } from '@outerware/core'
import { compression, type Encoding } from '@outerware/compression'
import { get, testContext } from '../support/index.ts'
import { hasZstd } from '../support/zstd.ts'
import { decodeStream, settled, turns, watchCodecs, watchFlushes } from './streams.ts'
import { ask, bytesOf, decode, noise, plain, prose } from './support.ts'

const codings: readonly Encoding[] = hasZstd ? ['zstd', 'br', 'gzip', 'deflate'] : ['br', 'gzip', 'deflate']
const html = { headers: { 'content-type': 'text/html' } }

/** Sends a body through a codec as a stream, even one that is short. */
const streamed = (app: App, coding: Encoding = 'gzip'): Promise<Response> =>
  ask(app, { 'accept-encoding': coding }, { encodings: [coding], syncThreshold: 0 })

/** A web stream of chunks, each of them coming `pause` turns of the event loop after it was asked for. */
function web(chunks: Iterable<Uint8Array | string>, pause = 0): ReadableStream<Uint8Array> {
  const left = chunks[Symbol.iterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await turns(pause)
        const { done, value } = left.next()
        if (done) controller.close()
        else controller.enqueue(typeof value === 'string' ? new TextEncoder().encode(value) : value)
      },
    },
    { highWaterMark: 0 },
  )
}

describe.each(codings)('%s', (coding) => {
  const whole = 'Grüße, 世界!'
  const bytes = Buffer.from(whole)
  const splits = Array.from(bytes, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)])

  it.each([0, 2])('holds every split of a body in two, %i turns apart', async (pause) => {
    for (const parts of splits) {
      const response = await streamed(() => new Response(web(parts, pause), html), coding)
      expect(response.headers.get('content-encoding')).toBe(coding)
      expect(await plain(response)).toBe(whole)
    }
  })

  it('holds a body in single bytes', async () => {
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte))
    expect(await plain(await streamed(() => new Response(web(single, 1), html), coding))).toBe(whole)
    expect(await plain(await streamed(() => respond(Readable.from(single), html), coding))).toBe(whole)
  })

  it('holds a body that begins and ends with empty chunks', async () => {
    const parts = ['', '', whole, '', '']
    expect(await plain(await streamed(() => new Response(web(parts, 1), html), coding))).toBe(whole)
  })

  it('holds a stream without a byte', async () => {
    expect(await plain(await streamed(() => respond(Readable.from([]), html), coding))).toBe('')
  })

  it.each([
    ['a web stream', () => new Response(web([prose(300_000), noise(300_000)]), html)],
    ['a Node stream', () => respond(Readable.from([Buffer.from(prose(300_000)), noise(300_000)]), html)],
    ['text at hand', () => respond(prose(600_000), html)],
    ['bytes at hand', () => respond(noise(600_000), html)],
  ] as const)('holds a long body: %s', async (_name, app) => {
    const coded = await streamed(app, coding)
    // Not toEqual, which takes seconds for that many bytes.
    expect(decode(coding, await bytesOf(coded)).equals(await bytesOf(app()))).toBe(true)
  })

  it('sends each event while the app waits with the next one', async () => {
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined
    const body = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) })
    const app: App = () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    const events = decodeStream(coding, (await streamed(app, coding)).body!)
    for (const event of ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n']) {
      controller?.enqueue(new TextEncoder().encode(event))
      expect(await events.next(event.length)).toBe(event)
    }
    controller?.close()
    expect(await events.next(1)).toBe('')
  })
})

it('sends the first chunk of a Node stream while the app waits with the next one', async () => {
  const source = new Readable({ read() {} })
  const events = decodeStream('gzip', (await ask(() => respond(source, html))).body!)
  source.push('<head>')
  expect(await events.next(6)).toBe('<head>')
  source.push('<body>')
  expect(await events.next(6)).toBe('<body>')
  source.push(null)
  expect(await events.next(1)).toBe('')
})

describe('flushing', () => {
  const parts = Array.from({ length: 64 }, (_, i) => prose(16_384 + i))

  it.each([
    ['a web stream', () => new Response(web(parts), html)],
    ['a Node stream', () => respond(Readable.from(parts.map((part) => Buffer.from(part))), html)],
    ['text at hand', () => respond(parts.join(''), html)],
  ] as const)('never happens to bulk data, which costs no byte more: %s', async (_name, app) => {
    const watch = watchFlushes()
    const { byteLength } = await bytesOf(await streamed(app))
    expect(watch.count).toBe(0)
    expect(byteLength).toBeLessThanOrEqual(gzipSync(parts.join('')).byteLength * 1.01)
    watch.stop()
  })

  it('happens once for all that was written in one turn', async () => {
    const watch = watchFlushes()
    const source = new Readable({ read() {} })
    const events = decodeStream('gzip', (await streamed(() => respond(source, html))).body!)
    for (let i = 0; i < 10; i++) source.push(`<li>${i}</li>`)
    expect(await events.next(100)).toMatch(/^<li>0.*9<\/li>$/)
    expect(watch.count).toBe(1)
    source.push(null)
    expect(await events.next(1)).toBe('')
    expect(watch.count).toBe(1)
    watch.stop()
  })

  it('happens no more while nothing is written', async () => {
    const watch = watchFlushes()
    const source = new Readable({ read() {} })
    const events = decodeStream('gzip', (await streamed(() => respond(source, html))).body!)
    source.push('data: 1\n\n')
    expect(await events.next(9)).toBe('data: 1\n\n')
    await settled(
      () => watch.count,
      (count) => expect(count).toBe(1),
    )
    source.push(null)
    watch.stop()
  })
})

describe('a reader that stands still', () => {
  // Longer than any window, so that it does not get smaller the second time.
  const bulk = noise(2_097_152)

  it.each(codings)('stops the app within a bounded number of bytes, by %s', async (coding) => {
    let given = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const at = given % bulk.byteLength
        given += 16_384
        controller.enqueue(new Uint8Array(bulk.subarray(at, at + 16_384)))
      },
    })
    const reader = (await streamed(() => new Response(body, html), coding)).body!.getReader()
    await reader.read()
    try {
      // Brotli keeps half a megabyte of its own.
      await settled(
        () => given,
        (sofar) => expect(sofar).toBeLessThan(1_000_000),
      )
    } finally {
      await reader.cancel()
    }
  })
})

describe('a reader that leaves', () => {
  it('cancels a web stream of the app', async () => {
    let reason: unknown
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(noise(1000)),
      cancel: (given) => void (reason = given ?? 'left'),
    })
    const reader = (await streamed(() => new Response(body, html))).body!.getReader()
    await reader.read()
    await reader.cancel()
    await turns(5)
    expect(reason).toBe('left')
  })

  it('destroys a Node stream of the app', async () => {
    const source = new Readable({ read() {} })
    source.push('<head>')
    const reader = (await streamed(() => respond(source, html))).body!.getReader()
    await reader.read()
    const closed = once(source, 'close')
    await reader.cancel()
    await closed
    expect(source.destroyed).toBe(true)
  })

  it.each(codings)('frees the memory of %s at once', async (coding) => {
    const watch = watchCodecs()
    const source = new Readable({ read() {} })
    source.push('<head>')
    const reader = (await streamed(() => respond(source, html), coding)).body!.getReader()
    await reader.read()
    expect([watch.made, watch.open]).toEqual([1, 1])
    await reader.cancel()
    expect([watch.made, watch.open]).toEqual([1, 0])
    watch.stop()
  })

  it('never costs a codec, if it leaves before the body begins', async () => {
    const watch = watchCodecs()
    await streamed(() => respond(prose(100_000), html))
    expect(watch.made).toBe(0)
    watch.stop()
  })
})

describe('an error in the stream of the app', () => {
  const reads = async (app: App, coding?: Encoding): Promise<number> => {
    let size = 0
    for await (const chunk of (await streamed(app, coding)).body!) size += chunk.byteLength
    return size
  }

  it('breaks the response: a web stream', async () => {
    const failing = (function* () {
      yield noise(1000)
      throw new Error('the database left')
    })()
    await expect(reads(() => new Response(web(failing), html))).rejects.toThrow('the database left')
  })

  it('breaks the response: a Node stream', async () => {
    const source = new Readable({ read() {} })
    source.push('<head>')
    setImmediate(() => source.destroy(new Error('the database left')))
    await expect(reads(() => respond(source, html))).rejects.toThrow('the database left')
  })

  it('breaks the response: a Node stream that is closed before its end', async () => {
    const source = new Readable({ read() {} })
    source.push('<head>')
    setImmediate(() => source.destroy())
    await expect(reads(() => respond(source, html))).rejects.toThrow('before its time')
  })

  it.each(codings)('breaks the response: one that ends before its declared length, by %s', async (coding) => {
    const declaring =
      (length: number): App =>
      () =>
        respond(Readable.from([noise(1500), noise(1500)]), {
          headers: { ...html.headers, 'content-length': String(length) },
        })
    const ended = 'The body ended after 3000 of the 3001 bytes that Content-Length declares'
    await expect(reads(declaring(3001), coding)).rejects.toThrow(ended)
    expect(await reads(declaring(3000), coding)).toBeGreaterThan(1500)
  })
})

describe('other wrappers', () => {
  const louder: Wrapper = (app) => async (request, context) =>
    filterBody(
      await app(request, context),
      () => new Transform({ transform: (chunk, _encoding, done) => done(null, String(chunk).toUpperCase()) }),
    )

  it('inside filter the bare bytes, those outside the coded ones', async () => {
    let coded = 0
    const counting: Wrapper = (app) => async (request, context) =>
      filterBody(
        await app(request, context),
        () =>
          new Transform({
            transform(chunk: Uint8Array, _encoding, done) {
              coded += chunk.byteLength
              done(null, chunk)
            },
          }),
      )
    const site = counting(compression()(louder(() => respond(prose(100_000)))))
    const bytes = await bytesOf(await site(get('/', { 'accept-encoding': 'gzip' }), testContext()))
    expect(decode('gzip', bytes).toString()).toBe(prose(100_000).toUpperCase())
    expect(coded).toBe(bytes.byteLength)
  })

  it('one wrapper value serves two apps, and many requests, at once', async () => {
    const wrap = compression({ syncThreshold: 0 })
    const apps = ['a', 'b'].map((letter) =>
      wrap((request) => new Response(web([letter, request.url.slice(-3)], 1), html)),
    )
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const request = get(`/${100 + i}`, { 'accept-encoding': i % 3 === 0 ? 'br' : 'gzip' })
        return plain(await apps[i % 2]!(request, testContext()))
      }),
    )
    expect(answers).toEqual(Array.from({ length: 40 }, (_, i) => `${'ab'[i % 2]}${100 + i}`))
  })
})
