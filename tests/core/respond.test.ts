import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { editHeaders, editStatus, filterBody, replaceBody, respond, wholeBody, type RespondInit } from '@outerware/core'
import { streamOf, textOf, turns } from '../support/index.ts'

/** All that can be told of a response without reading it. */
const head = (response: Response): unknown => ({
  status: response.status,
  statusText: response.statusText,
  ok: response.ok,
  type: response.type,
  url: response.url,
  redirected: response.redirected,
  bodyUsed: response.bodyUsed,
  headers: [...response.headers],
  empty: response.body === null,
})

describe('respond(body, init) is what new Response(body, init) is', () => {
  it.each<[string, string | Uint8Array<ArrayBuffer> | null | undefined, RespondInit | undefined]>([
    ['nothing at all', undefined, undefined],
    ['no body', null, {}],
    ['an empty text, which is a body', '', undefined],
    ['a text', 'grüße', undefined],
    ['bytes, which bring no type', new Uint8Array([1, 2]), undefined],
    ['no bytes, which are a body', new Uint8Array(), undefined],
    ['a text with a type of its own', 'a', { headers: { 'Content-Type': 'text/html' } }],
    ['200', null, { status: 200 }],
    ['204', null, { status: 204 }],
    ['205', null, { status: 205 }],
    ['299', 'a', { status: 299 }],
    ['300', 'a', { status: 300 }],
    ['304', null, { status: 304 }],
    ['599', 'a', { status: 599 }],
    ['a reason phrase', 'a', { statusText: 'Fine\tby mé' }],
    ['fields as a record', null, { headers: { B: '2', a: '1' } }],
    [
      'fields as pairs',
      null,
      {
        headers: [
          ['b', '2'],
          ['A', '1'],
          ['B', '3'],
        ],
      },
    ],
    ['fields as Headers', null, { headers: new Headers({ b: '2', a: '1' }) }],
    ['equal names of a record', null, { headers: { a: '1', A: '2' } }],
    [
      'cookies, each on its own',
      null,
      {
        headers: [
          ['set-cookie', 'a=1'],
          ['x', '1'],
          ['Set-Cookie', 'b=2'],
        ],
      },
    ],
    ['white space around a value', null, { headers: { a: ' \t\r\n x  y \r\n' } }],
    ['no-break space, which is none of HTTP', null, { headers: { a: '\u00a0x\u00a0' } }],
    ['latin1', null, { headers: { a: 'é\u0080\u00ff' } }],
    ['a tab within', null, { headers: { a: 'x\ty' } }],
    ['an empty value', null, { headers: { a: '' } }],
    ['a value of white space only', null, { headers: { a: ' \t ' } }],
    ['all characters of a name', null, { headers: { "!#$%&'*+-.^_`|~09az": '1' } }],
  ])('with %s', async (_, body, init) => {
    const [ours, theirs] = [respond(body, init), new Response(body, init as ResponseInit)]
    expect(head(ours)).toEqual(head(theirs))
    expect(await ours.text()).toBe(await theirs.text())
    expect(ours.bodyUsed).toBe(theirs.bodyUsed)
  })

  it.each<[string, string, string | null, RespondInit]>([
    ['RangeError', 'status 199', null, { status: 199 }],
    ['RangeError', 'status 600', null, { status: 600 }],
    ['RangeError', 'status 0', null, { status: 0 }],
    ['RangeError', 'status NaN', null, { status: Number.NaN }],
    ['RangeError', 'status 101, which only upgrade() makes', null, { status: 101 }],
    ['TypeError', 'a body with 204', 'a', { status: 204 }],
    ['TypeError', 'an empty text with 204', '', { status: 204 }],
    ['TypeError', 'a body with 205', 'a', { status: 205 }],
    ['TypeError', 'a body with 304', 'a', { status: 304 }],
    ['TypeError', 'a line break in the reason', null, { statusText: 'a\r\nset-cookie: b' }],
    ['TypeError', 'a wide character in the reason', null, { statusText: '€' }],
    ['TypeError', 'a line break in a value', null, { headers: { a: 'b\r\nset-cookie: c' } }],
    ['TypeError', 'a NUL in a value', null, { headers: { a: 'b\0c' } }],
    ['TypeError', 'a wide character in a value', null, { headers: { a: '€' } }],
    ['TypeError', 'an empty name', null, { headers: { '': 'a' } }],
    ['TypeError', 'a space in a name', null, { headers: { 'a b': 'c' } }],
    ['TypeError', 'a colon in a name', null, { headers: { 'a:': 'c' } }],
    ['TypeError', 'a line break in a name', null, { headers: { 'a\r\nb': 'c' } }],
    ['TypeError', 'a name beyond ASCII', null, { headers: { ä: 'c' } }],
  ])('throws a %s for %s', (name, _, body, init) => {
    expect(() => new Response(body, init as ResponseInit)).toThrow(expect.objectContaining({ name }))
    expect(() => respond(body, init)).toThrow(expect.objectContaining({ name }))
  })
})

describe('respond() is stricter than Fetch, as Node is', () => {
  it.each<[string, object]>([
    ['control characters in a value', { a: 'b\u0001c' }],
    ['a DEL in a value', { a: 'b\u007fc' }],
    ['a value that is missing', { a: undefined }],
    ['a value that is null', { a: null }],
  ])('it refuses %s', (_, headers) => {
    // Stands for JavaScript, where no type stops it.
    expect(() => respond(null, { headers } as RespondInit)).toThrow(expect.objectContaining({ name: 'TypeError' }))
  })

  it.each<[string, unknown]>([
    ['an object', { a: 1 }],
    ['a number', 1],
    ['an ArrayBuffer', new ArrayBuffer(1)],
    ['FormData', new FormData()],
    ['a promise', Promise.resolve('a')],
  ])('it refuses %s as a body, and says what it wants', (_, body) => {
    expect(() => respond(body as string)).toThrow(
      /must be a string, a Uint8Array, a stream or null, got \[object \w+\]/,
    )
    expect(() => replaceBody(respond('a'), body as string)).toThrow(/must be a string, a Uint8Array, a stream or null/)
  })

  it('it says where a 101 comes from', () => {
    expect(() => respond(null, { status: 101 })).toThrow(/upgrade\(\)/)
  })

  it('numbers and booleans become text, as in Fetch', () => {
    const headers = { a: 1, b: true } as unknown as Record<string, string>
    expect([...respond(null, { headers }).headers]).toEqual([
      ['a', '1'],
      ['b', 'true'],
    ])
  })

  it('a message never shows the value, which may be a secret', () => {
    expect(() => respond(null, { headers: { authorization: 'secret\n1' } })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    )
  })
})

describe('a light response passes for a Response', () => {
  it('to instanceof, and to Object.prototype.toString', () => {
    const response = respond('a')
    expect(response instanceof Response).toBe(true)
    expect(response.headers instanceof Headers).toBe(true)
    expect(Object.prototype.toString.call(response)).toBe('[object Response]')
    expect(Object.prototype.toString.call(response.headers)).toBe('[object Headers]')
  })

  it('to new Response(light.body, light)', async () => {
    const light = respond('hello', {
      status: 404,
      statusText: 'Gone fishing',
      headers: [
        ['a', '1'],
        ['set-cookie', 'x'],
        ['set-cookie', 'y'],
      ],
    })
    const copy = new Response(light.body, light)
    expect(head(copy)).toEqual({ ...Object(head(light)), bodyUsed: false })
    expect(copy.headers.getSetCookie()).toEqual(['x', 'y'])
    expect(await copy.text()).toBe('hello')
  })

  it('to new Headers(light.headers)', () => {
    const { headers } = respond(null, {
      headers: [
        ['B', '2'],
        ['a', '1'],
        ['set-cookie', 'x'],
        ['set-cookie', 'y'],
      ],
    })
    expect([...new Headers(headers)]).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['set-cookie', 'x'],
      ['set-cookie', 'y'],
    ])
  })

  it('to another respond()', () => {
    const { headers } = respond(null, { headers: { a: '1', B: '2' } })
    const other = respond(null, { headers })
    other.headers.set('a', 'changed')
    expect([...other.headers]).toEqual([
      ['a', 'changed'],
      ['b', '2'],
    ])
    expect(headers.get('a')).toBe('1')
  })

  it('to console.log, which leaves the body whole', async () => {
    const response = respond('hello', { headers: { a: '1' } })
    expect(inspect(response, { compact: true, breakLength: Infinity })).toBe(
      "Response { status: 200, statusText: '', headers: Headers { a: '1', 'content-type': 'text/plain;charset=UTF-8' }, bodyUsed: false }",
    )
    expect(
      inspect(
        respond(null, {
          headers: [
            ['set-cookie', 'a'],
            ['set-cookie', 'b'],
          ],
        }).headers,
      ),
    ).toBe("Headers { 'set-cookie': [ 'a', 'b' ] }")
    expect(await response.text()).toBe('hello')
  })
})

describe('the body of a light response', () => {
  const kinds: [string, () => string | Uint8Array | ReadableStream<Uint8Array> | Readable][] = [
    ['a text', () => 'hello'],
    ['bytes', () => new TextEncoder().encode('hello')],
    ['bytes of a shared pool', () => Buffer.from('hello')],
    ['a web stream', () => streamOf('he', 'llo')],
    ['a Node stream of bytes', () => Readable.from([Buffer.from('he'), Buffer.from('llo')])],
    ['a Node stream of texts', () => Readable.from(['he', 'llo'])],
    [
      'a Node stream with an encoding',
      () => Readable.from([Buffer.from('hello')], { objectMode: false }).setEncoding('utf8'),
    ],
  ]

  it.each(kinds)('is read as text, bytes, a buffer and a blob: %s', async (_, body) => {
    expect(await respond(body()).text()).toBe('hello')
    expect(Buffer.from(await respond(body()).bytes()).toString()).toBe('hello')
    expect(Buffer.from(await respond(body()).arrayBuffer()).toString()).toBe('hello')
    const blob = await respond(body(), { headers: { 'content-type': 'text/x-hello' } }).blob()
    expect([await blob.text(), blob.type]).toEqual(['hello', 'text/x-hello'])
  })

  it.each(kinds)('is one stream, however often it is asked for: %s', async (_, body) => {
    const response = respond(body())
    expect(response.body).toBe(response.body)
    expect(await textOf(response.body)).toBe('hello')
  })

  it.each(kinds)('is read once, and a second reading is a TypeError: %s', async (_, body) => {
    const response = respond(body())
    expect(response.bodyUsed).toBe(false)
    await response.text()
    expect(response.bodyUsed).toBe(true)
    for (const read of ['text', 'json', 'arrayBuffer', 'bytes', 'blob', 'formData'] as const) {
      await expect(response[read]()).rejects.toMatchObject({ name: 'TypeError' })
    }
    expect(() => response.clone()).toThrow(expect.objectContaining({ name: 'TypeError' }))
  })

  it.each(kinds)('is cloned: both have it, and either may change its headers: %s', async (_, body) => {
    const response = respond(body(), {
      status: 404,
      statusText: 'No',
      headers: [
        ['a', '1'],
        ['set-cookie', 'b'],
      ],
    })
    response.headers.set('a', '2')
    const copy = response.clone()
    expect(head(copy)).toEqual(head(response))
    copy.headers.set('a', '3')
    expect(response.headers.get('a')).toBe('2')
    expect(await copy.text()).toBe('hello')
    expect(response.bodyUsed).toBe(false)
    expect(await response.text()).toBe('hello')
  })

  it('stays whole where it was whole, when it is cloned', () => {
    const bytes = new Uint8Array([1])
    for (const body of ['hello', bytes, null]) {
      const response = respond(body)
      response.clone()
      expect(wholeBody(response)).toBe(body)
    }
  })

  it.each<[string, (body: ReadableStream<Uint8Array>) => Response]>([
    ['light', (body) => respond(body)],
    ['native', (body) => new Response(body)],
  ])('of which somebody has read a part is not cloned: %s', async (_, make) => {
    const response = make(streamOf('he', 'llo'))
    const reader = response.body!.getReader()
    await reader.read()
    reader.releaseLock()
    expect(() => response.clone()).toThrow(expect.objectContaining({ name: 'TypeError' }))
  })

  it('is read as JSON and as a form', async () => {
    expect(await respond('{"a":1}').json()).toEqual({ a: 1 })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect((await respond('a=1', { headers }).formData()).get('a')).toBe('1')
    await expect(respond('{').json()).rejects.toMatchObject({ name: 'SyntaxError' })
  })

  it('is null where there is none, and read as empty', async () => {
    const response = respond()
    expect([response.body, await response.text(), response.bodyUsed]).toEqual([null, '', false])
    expect((await response.clone().arrayBuffer()).byteLength).toBe(0)
  })

  it('that has a reader is not to be read by another', async () => {
    const response = respond(streamOf('a'))
    const reader = response.body!.getReader()
    await expect(response.text()).rejects.toMatchObject({ name: 'TypeError' })
    await expect(response.blob()).rejects.toMatchObject({ name: 'TypeError' })
    expect(() => response.clone()).toThrow(expect.objectContaining({ name: 'TypeError' }))
    await reader.cancel()
    expect(response.bodyUsed).toBe(true)
  })

  it('that somebody else reads already is known for used', () => {
    const body = streamOf('a')
    const response = respond(body)
    expect(response.bodyUsed).toBe(false)
    body.getReader()
    expect(response.bodyUsed).toBe(true)
  })

  it('is the bytes as they were given, at the place where they were given', async () => {
    const bytes = new Uint8Array([0, 1, 2, 3, 4]).subarray(1, 4)
    expect([...(await respond(bytes).bytes())]).toEqual([1, 2, 3])
  })

  it('taken from bytes is a copy: a reader that transfers it leaves the given bytes alone', async () => {
    const bytes = new Uint8Array([1, 2, 3])
    for (const response of [respond(bytes), respond(Readable.from([bytes]))]) {
      const { value } = await response.body!.getReader().read()
      structuredClone(value!.buffer, { transfer: [value!.buffer] })
      expect(value).toHaveLength(0)
      expect(bytes).toHaveLength(3)
    }
  })

  it('that was put where the status has none is not cloned', () => {
    const response = replaceBody(respond(null, { status: 204 }), 'hello')
    expect(response.clone().body).toBeNull()
  })

  it('clones what the head is by then', async () => {
    const response = respond('a')
    void response.body
    editStatus(response, 404, 'No')
    editHeaders(response, (headers) => headers.set('content-type', 'text/x-late'))
    const copy = response.clone()
    expect([copy.status, copy.statusText, copy.headers.get('content-type')]).toEqual([404, 'No', 'text/x-late'])
    expect((await response.blob()).type).toBe('text/x-late')
  })

  it('a clone gets no content-type that the response does not have', () => {
    const response = respond('a')
    response.headers.delete('content-type')
    expect([...response.clone().headers]).toEqual([])
  })

  it('is filtered after it was cloned, and the clone is not', async () => {
    const response = respond(streamOf('a'))
    const copy = response.clone()
    filterBody(response, () => new TransformStream({ flush: (controller) => controller.enqueue(Buffer.from('!')) }))
    expect([await response.text(), await copy.text()]).toEqual(['a!', 'a'])
  })
})

describe('a Node stream as a body', () => {
  it('that fails before anybody reads ends nothing but its own body', async () => {
    const source = new Readable({ read() {} })
    const response = respond(source)
    source.destroy(new Error('no such file'))
    await turns(2)
    await expect(response.text()).rejects.toThrow('no such file')
  })

  it('that fails half way breaks the body', async () => {
    const source = new Readable({ read() {} })
    const reader = respond(source).body!.getReader()
    source.push('he')
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('he')
    source.destroy(new Error('broken'))
    await expect(reader.read()).rejects.toThrow('broken')
  })

  it('that is cut without an error breaks the body too: a short body never looks whole', async () => {
    const source = new Readable({ read() {} })
    const response = respond(source)
    source.push('he')
    setImmediate(() => source.destroy())
    await expect(response.text()).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })
  })

  it('of things that are neither bytes nor text breaks the body, and is freed', async () => {
    const source = Readable.from([{ a: 1 }])
    await expect(respond(source).text()).rejects.toThrow('A body must come in bytes or strings, got [object Object]')
    expect(source.destroyed).toBe(true)
  })

  it('is freed when its reader leaves', async () => {
    const source = new Readable({ read() {} })
    const response = respond(source)
    source.push('he')
    const reader = response.body!.getReader()
    await reader.read()
    await reader.cancel()
    expect(source.destroyed).toBe(true)
  })

  it('is freed when its reader leaves before the first byte', async () => {
    const source = new Readable({ read() {} })
    await respond(source).body!.cancel()
    expect(source.destroyed).toBe(true)
  })

  it('is read no further than its reader has come', async () => {
    let made = 0
    const source = new Readable({
      highWaterMark: 10,
      read() {
        made += 1
        this.push(Buffer.alloc(10))
      },
    })
    const reader = respond(source).body!.getReader()
    await reader.read()
    await turns()
    expect(made).toBeLessThan(5)
    source.destroy()
  })
})
