import { getDefaultHighWaterMark, PassThrough, Readable, Transform } from 'node:stream'
import { createGzip, gunzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { filterBody, replaceBody, respond, wholeBody, type BodyFilter } from '@outerware/core'
import { streamOf, textOf, turns } from '../support/index.ts'

const text = (chunk: Uint8Array): string => Buffer.from(chunk).toString()

/** Puts every chunk in brackets; what comes at the end stands there once. */
const nodeFilter = (left: string, right: string, end = ''): BodyFilter =>
  new Transform({
    transform: (chunk: Uint8Array, _, done) => done(null, left + text(chunk) + right),
    flush: (done) => done(null, end),
  })
const webFilter = (left: string, right: string, end = ''): BodyFilter =>
  new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => controller.enqueue(Buffer.from(left + text(chunk) + right)),
    flush: (controller) => controller.enqueue(Buffer.from(end)),
  })

const filters: [string, typeof nodeFilter][] = [
  ['a Node Transform', nodeFilter],
  ['a TransformStream', webFilter],
]
const bodies: [string, () => Response][] = [
  ['a text', () => respond('ab')],
  ['bytes', () => respond(Buffer.from('ab'))],
  ['a web stream', () => respond(streamOf('ab'))],
  ['a Node stream', () => respond(Readable.from([Buffer.from('ab')]))],
  ['a Node stream of texts', () => respond(Readable.from(['ab']))],
  ['a native response', () => new Response('ab')],
]
const each = filters.flatMap(([filter, make]) =>
  bodies.map(([body, response]) => [filter, body, make, response] as const),
)

describe('filterBody(response, make)', () => {
  it.each(each)('%s over %s', async (_filter, _body, make, response) => {
    expect(await filterBody(response(), () => make('<', '>', '.')).text()).toBe('<ab>.')
  })

  it.each(each)('the first filter stands next to the app: %s over %s', async (_filter, _body, make, response) => {
    const once = filterBody(response(), () => make('(', ')'))
    expect(await filterBody(once, () => make('[', ']')).text()).toMatch(/^\[\(ab\)\](\[\])?$/)
    const webOutside = filterBody(
      filterBody(response(), () => make('(', ')')),
      () => webFilter('[', ']'),
    )
    expect(await webOutside.text()).toMatch(/^\[\(ab\)\](\[\])?$/)
    const nodeOutside = filterBody(
      filterBody(response(), () => make('(', ')')),
      () => nodeFilter('[', ']'),
    )
    expect(await nodeOutside.text()).toMatch(/^\[\(ab\)\](\[\])?$/)
  })

  it.each(each)(
    'a filter may be given after somebody asked for the body: %s over %s',
    async (_f, _b, make, response) => {
      const given = response()
      void given.body
      expect(await filterBody(given, () => make('<', '>')).text()).toBe('<ab>')
    },
  )

  it.each(filters)('a filter that has run is not run again by one that comes later: %s', async (_, make) => {
    const response = filterBody(respond('ab'), () => make('(', ')'))
    void response.body
    expect(await filterBody(response, () => make('[', ']')).text()).toMatch(/^\[\(ab\)\](\[\])?$/)
  })

  it('another body is not filtered by what was meant for the old one', async () => {
    const response = filterBody(respond('ab'), () => nodeFilter('<', '>'))
    expect(await replaceBody(response, 'another').text()).toBe('another')
  })

  it('gives the same object where it can be changed, and a copy with the same head where not', () => {
    const light = respond('a')
    expect(filterBody(light, () => nodeFilter('', ''))).toBe(light)
    const init = {
      status: 404,
      statusText: 'No',
      headers: [
        ['set-cookie', 'a'],
        ['set-cookie', 'b'],
      ] as [string, string][],
    }
    const copy = filterBody(new Response('a', init), () => nodeFilter('', ''))
    expect([copy.status, copy.statusText, copy.headers.getSetCookie()]).toEqual([404, 'No', ['a', 'b']])
  })

  it.each(bodies)('Content-Length goes, since it is not true any more: %s', (_, make) => {
    const response = make()
    response.headers.set('Content-Length', '2')
    expect(filterBody(response, () => nodeFilter('<', '>')).headers.has('content-length')).toBe(false)
  })

  it.each<[string, () => Response]>([
    ['light', () => respond(null, { headers: { 'content-length': '1000' } })],
    ['native', () => new Response(null, { headers: { 'content-length': '1000' } })],
  ])('where there is no body, no filter is made, but the length goes, as with GET: %s', async (_, make) => {
    const response = filterBody(make(), () => {
      throw new Error('made')
    })
    expect([response.body, wholeBody(response), await response.text()]).toEqual([null, null, ''])
    expect(response.headers.has('content-length')).toBe(false)
  })

  it('a native response without body and length goes out as it is', () => {
    const response = new Response()
    expect(filterBody(response, () => nodeFilter('', ''))).toBe(response)
  })

  it('no filter is made before the body begins', () => {
    let made = 0
    const response = filterBody(respond('a'), () => {
      made += 1
      return nodeFilter('', '')
    })
    expect([made, wholeBody(response), response.bodyUsed]).toEqual([0, undefined, false])
    void response.body
    void response.body
    expect(made).toBe(1)
  })

  it('an empty text passes the filter: it is a body', async () => {
    expect(gunzipSync(await filterBody(respond(''), () => createGzip()).bytes()).toString()).toBe('')
  })

  it.each<[string, string | Uint8Array]>([
    ['text', ''],
    ['bytes', new Uint8Array()],
  ])('empty %s passes as an end, and not as a chunk', async (_, body) => {
    expect(await filterBody(respond(body), () => webFilter('<', '>', '.')).text()).toBe('.')
  })

  it('a filter that works in place does not reach the bytes of the app', async () => {
    const bytes = new Uint8Array([1, 2, 3])
    const zeroing = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => controller.enqueue(chunk.fill(0)),
    })
    expect([...(await filterBody(respond(bytes), () => zeroing).bytes())]).toEqual([0, 0, 0])
    expect([...bytes]).toEqual([1, 2, 3])
  })

  it('gzip over three megabytes, in pieces, gives them back', async () => {
    const piece = 'outerware '.repeat(10_000)
    for (const source of [
      respond(Readable.from(Array.from({ length: 30 }, () => piece))),
      respond(streamOf(...Array.from({ length: 30 }, () => piece))),
    ]) {
      const zipped = await filterBody(source, () => createGzip()).bytes()
      expect(gunzipSync(zipped).toString() === piece.repeat(30)).toBe(true)
    }
  })
})

const piece = 16_384
/** What two filters and the streams between them may hold: a Node stream has 16 KiB on Node 20, 64 KiB from 22 on. */
const room = 16 * Math.max(piece, getDefaultHighWaterMark(false))

/** Endless sources that count the bytes they were asked for, and know when they were freed. */
const endless: [string, () => { response: Response; made: () => number; freed: () => boolean }][] = [
  [
    'a web stream',
    () => {
      let [made, freed] = [0, false]
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          made += piece
          controller.enqueue(new Uint8Array(piece))
        },
        cancel: () => void (freed = true),
      })
      return { response: respond(body), made: () => made, freed: () => freed }
    },
  ],
  [
    'a Node stream',
    () => {
      let made = 0
      const body = new Readable({
        read() {
          made += piece
          this.push(Buffer.alloc(piece))
        },
      })
      return { response: respond(body), made: () => made, freed: () => body.destroyed }
    },
  ],
]
const passing: [string, () => BodyFilter][] = [
  ['a Node Transform', () => new PassThrough()],
  ['a TransformStream', () => new TransformStream<Uint8Array, Uint8Array>()],
]
const pairs = endless.flatMap(([source, make]) =>
  passing.map(([filter, pass]) => [source, filter, make, pass] as const),
)

describe('backpressure goes inward', () => {
  it.each(pairs)('nobody reads, and %s behind %s stands still', async (_source, _filter, make, pass) => {
    const { response, made } = make()
    const body = filterBody(filterBody(response, pass), pass).body!
    await turns()
    expect(made()).toBeLessThan(room)
    const before = made()
    await turns()
    expect(made()).toBe(before)
    await body.cancel()
  })

  it.each(pairs)('somebody reads, and %s behind %s goes on', async (_source, _filter, make, pass) => {
    const { response, made } = make()
    const reader = filterBody(filterBody(response, pass), pass).body!.getReader()
    let read = 0
    while (read < 4 * room) read += (await reader.read()).value!.byteLength
    await turns()
    expect(made() - read).toBeGreaterThanOrEqual(0)
    expect(made() - read).toBeLessThan(room)
    await reader.cancel()
  })
})

describe('who leaves frees what stands before it', () => {
  it.each(pairs)('a reader that cancels frees %s behind %s', async (_source, _filter, make, pass) => {
    const { response, freed } = make()
    const made: BodyFilter[] = []
    const keep = (): BodyFilter => {
      const filter = pass()
      made.push(filter)
      return filter
    }
    const reader = filterBody(filterBody(response, keep), keep).body!.getReader()
    await reader.read()
    await reader.cancel()
    await turns()
    expect(freed()).toBe(true)
    for (const filter of made) if ('destroyed' in filter) expect(filter.destroyed).toBe(true)
  })

  it.each(endless)('a reader that cancels before the first byte frees %s', async (_, make) => {
    const { response, freed } = make()
    await filterBody(response, () => new PassThrough()).body!.cancel()
    await turns()
    expect(freed()).toBe(true)
  })

  it.each(endless)('a filter that fails frees %s, and breaks what comes out', async (_, make) => {
    const { response, freed } = make()
    const failing = new Transform({ transform: (_chunk, _encoding, done) => done(new Error('bad bytes')) })
    await expect(filterBody(response, () => failing).text()).rejects.toThrow('bad bytes')
    await turns()
    expect(freed()).toBe(true)
  })

  it.each(endless)('a maker that throws frees %s, and the exception comes out', async (_, make) => {
    const { response, freed } = make()
    const reason = new Error('no filter')
    const filtered = filterBody(response, () => {
      throw reason
    })
    expect(() => filtered.body).toThrow(reason)
    await turns()
    expect(freed()).toBe(true)
  })

  it.each(endless)('a second maker that throws frees the first filter and %s', async (_, make) => {
    const { response, freed } = make()
    const first = new PassThrough()
    filterBody(response, () => first)
    filterBody(response, () => {
      throw new Error('no filter')
    })
    await expect(response.text()).rejects.toThrow('no filter')
    await turns()
    expect([first.destroyed, freed()]).toEqual([true, true])
  })
})

describe('errors go outward, and a short body never looks whole', () => {
  const reason = new Error('broken')
  const broken: [string, () => Response][] = [
    [
      'a web stream that fails half way',
      () => {
        let begun = false
        return respond(
          new ReadableStream<Uint8Array>({
            pull(controller) {
              if (begun) throw reason
              begun = true
              controller.enqueue(Buffer.from('he'))
            },
          }),
        )
      },
    ],
    [
      'a Node stream that fails half way',
      () =>
        respond(
          Readable.from(
            (function* () {
              yield 'he'
              throw reason
            })(),
          ),
        ),
    ],
    [
      'a Node stream that has failed already',
      () => {
        const source = new Readable({ read() {} })
        const response = respond(source)
        source.destroy(reason)
        return response
      },
    ],
  ]

  it.each(broken.flatMap(([name, make]) => passing.map(([filter, pass]) => [name, filter, make, pass] as const)))(
    '%s, behind %s',
    async (_name, _filter, make, pass) => {
      const response = filterBody(make(), pass)
      await turns()
      await expect(response.text()).rejects.toBe(reason)
    },
  )

  it('a web stream that fails with no Error still tells what it failed with', async () => {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.error('out of paper') })
    await expect(filterBody(respond(body), () => new PassThrough()).text()).rejects.toMatchObject({
      message: 'The body failed: out of paper',
      cause: 'out of paper',
    })
  })

  it.each(passing)('a Node stream that is cut half way, behind %s', async (_, pass) => {
    const source = new Readable({ read() {} })
    const response = filterBody(respond(source), pass)
    source.push('he')
    const reader = response.body!.getReader()
    expect(text((await reader.read()).value!)).toBe('he')
    source.destroy()
    await expect(reader.read()).rejects.toMatchObject({ message: expect.stringMatching(/before its time|Premature/) })
  })

  it.each(passing)('a Node stream that was cut before, behind %s', async (_, pass) => {
    const source = new Readable({ read() {} })
    source.destroy()
    await turns(2)
    await expect(filterBody(respond(source), pass).text()).rejects.toMatchObject({
      message: expect.stringMatching(/before its time|Premature/),
    })
  })

  it('a Node stream that somebody has read already, behind a Node Transform', async () => {
    for (const autoDestroy of [true, false]) {
      const source = Readable.from(['he'], { autoDestroy })
      source.resume()
      await turns(5)
      expect([source.readableEnded, source.destroyed]).toEqual([true, autoDestroy])
      await expect(filterBody(respond(source), () => new PassThrough()).text()).rejects.toThrow('before its time')
    }
  })

  it('a web stream that somebody reads already, behind a Node Transform', async () => {
    const source = streamOf('he')
    const response = filterBody(respond(source), () => new PassThrough())
    source.getReader()
    await expect(response.text()).rejects.toMatchObject({ name: 'TypeError' })
  })

  it('a filter that fails before anybody reads ends nothing but its own body', async () => {
    const failing = new Transform({ transform: (_chunk, _encoding, done) => done(new Error('bad bytes')) })
    const { body } = filterBody(respond('he'), () => failing)
    await turns(2)
    await expect(textOf(body)).rejects.toThrow('bad bytes')
  })

  it('a filter that is full, and fails then, lets its web stream go', async () => {
    let cancelled = false
    const filter = new PassThrough({ highWaterMark: 1 })
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1000)),
      cancel: () => void (cancelled = true),
    })
    const out = filterBody(respond(body), () => filter).body!
    await turns()
    filter.destroy(new Error('gone'))
    await turns()
    expect(cancelled).toBe(true)
    await expect(textOf(out)).rejects.toThrow('gone')
  })
})
