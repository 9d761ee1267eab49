/**
 * Fetch apps through `toNode()`: what they answer, byte for byte, and who frees what when somebody leaves.
 */
import { describe, expect, it } from '@jest/globals'
import { Readable } from 'node:stream'
import { respond, type App, type RespondInit } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { turns } from '../support/index.ts'
import { ask, reporting, type Answer } from './harness/ask.ts'
import { ready, requestOf } from './harness/kind.ts'
import { later, serving } from './harness/serving.ts'

const closing = 'Connection: close'

/** The two ways to make a response: the platform's, and the light one. */
const makers: [
  string,
  (
    body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null,
    init?: ResponseInit & RespondInit,
  ) => Response,
][] = [
  ['new Response()', (body, init) => new Response(body, init)],
  ['respond()', (body, init) => respond(body, init)],
]

describe.each(makers)('a response by %s', (name, make) => {
  it('of a text has its type', async () => {
    const answer = await ask(
      toNode(() => make('größe ✓')),
      '/',
    )
    expect([answer.statusLine, answer.text, answer.complete]).toEqual(['HTTP/1.1 200 OK', 'größe ✓', true])
    expect(answer.field('content-type')).toBe('text/plain;charset=UTF-8')
  })

  it('of bytes has no type', async () => {
    const answer = await ask(
      toNode(() => make(new Uint8Array([0, 1, 254, 255]))),
      '/',
    )
    expect([...answer.body]).toEqual([0, 1, 254, 255])
    expect(answer.field('content-type')).toBeUndefined()
  })

  it('of a text at hand is sent with its length, if it is a light one', async () => {
    const { framing } = await ask(
      toNode(() => make('hello')),
      '/',
    )
    // A native one gives its text as a stream only, whose length nobody knows.
    expect(framing).toBe(name === 'respond()' ? 'length' : 'chunked')
  })

  it('of nothing is empty', async () => {
    const answer = await ask(
      toNode(() => make(null)),
      '/',
    )
    expect([answer.status, answer.text, answer.complete, answer.framing]).toEqual([200, '', true, 'length'])
  })

  it('of a stream is chunked, piece by piece', async () => {
    const answer = await ask(
      // From Node 26 on, what is written in one tick is one chunk.
      toNode(() => make(turnByTurn('one ', 'two'))),
      '/',
    )
    expect([answer.text, answer.framing]).toEqual(['one two', 'chunked'])
    expect(answer.wire).toContain('\r\n4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n')
  })

  it('of a stream with a Content-Length has that', async () => {
    const answer = await ask(
      toNode(() => make(pieces('one ', 'two'), { headers: { 'content-length': '7' } })),
      '/',
    )
    expect([answer.text, answer.framing, answer.complete]).toEqual(['one two', 'length', true])
  })

  it('has its status, reason phrase and fields, every Set-Cookie on a line of its own', async () => {
    const headers = new Headers([['x-a', '1'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2'], ['x-a', '2']]) // prettier-ignore
    const { statusLine, fields } = await ask(
      toNode(() => make('a', { status: 418, statusText: 'Short and Stout', headers })),
      '/',
    )
    expect(statusLine).toBe('HTTP/1.1 418 Short and Stout')
    expect(fields.filter(([field]) => field === 'set-cookie').map(([, value]) => value)).toEqual(['a=1', 'b=2'])
    expect(fields.flatMap(([field, value]) => (field === 'x-a' ? value.split(', ') : []))).toEqual(['1', '2'])
  })

  it.each([204, 304])('of status %d has no body and no length', async (status) => {
    const answer = await ask(
      toNode(() => make(null, { status, headers: { etag: '"a"' } })),
      '/',
    )
    expect([answer.status, answer.field('content-length'), answer.field('transfer-encoding')]).toEqual([
      status,
      undefined,
      undefined,
    ])
    expect(answer.wire.endsWith('\r\n\r\n')).toBe(true)
  })

  it('to HEAD has the fields of the GET, its length too, and no body', async () => {
    const head = await ask(
      toNode(() => make('hello')),
      requestOf('HEAD /', closing),
    )
    const whole = await ask(
      toNode(() => make('hello')),
      requestOf('GET /', closing),
    )
    const fields = (answer: Answer): unknown =>
      answer.fields.filter(([field]) => !/^(transfer-encoding|date)$/i.test(field))
    expect([head.status, fields(head)]).toEqual([200, fields(whole)])
    expect(head.wire.endsWith('\r\n\r\n')).toBe(true)
  })

  it('to HEAD gives up its stream, unread', async () => {
    const given = later<unknown>()
    let pulled = 0
    const stream = (): ReadableStream<Uint8Array> =>
      new ReadableStream({ pull: () => void pulled++, cancel: (reason) => given.resolve(reason) }, { highWaterMark: 0 })
    const answer = await ask(
      toNode(() => make(stream())),
      requestOf('HEAD /', closing),
    )
    await given.promise
    expect([answer.status, pulled]).toEqual([200, 0])
  })

  it('leaves the connection fit for the next request', async () => {
    await serving(
      toNode(() => make('hello')),
      async ({ connect }) => {
        const wire = connect()
        wire.send(requestOf('GET /') + requestOf('HEAD /') + ready)
        for (const method of ['GET', 'HEAD', 'GET']) expect((await wire.response(method)).status).toBe(200)
        await wire.closed()
      },
    )
  })

  it('sends its head before its body comes', async () => {
    const body = later()
    const slow = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        async pull(controller) {
          await body.promise
          controller.enqueue(new TextEncoder().encode('body'))
          controller.close()
        },
      })
    await serving(
      toNode(() => make(slow())),
      async ({ connect }) => {
        const wire = connect()
        wire.send(requestOf('GET /'))
        await wire.saw('\r\n\r\n')
        body.resolve()
        expect((await wire.response()).body.toString()).toBe('body')
      },
    )
  })

  it('that cannot be sent twice is an error, and a 500, the second time', async () => {
    const options = reporting()
    const one = make(pieces('once'))
    const listener = toNode(() => one, options)
    expect((await ask(listener, '/')).text).toBe('once')
    expect((await ask(listener, '/')).status).toBe(500)
    expect(options.errors).toEqual([expect.objectContaining({ name: 'TypeError' })])
  })
})

describe('a light response', () => {
  it('keeps the case and order of its fields', async () => {
    const app: App = () => respond(null, { headers: [['X-B', '1'], ['x-a', '2'], ['X-B', '3']] }) // prettier-ignore
    const { fields } = await ask(toNode(app), '/')
    expect(fields.slice(0, 3)).toEqual([['X-B', '1'], ['x-a', '2'], ['X-B', '3']]) // prettier-ignore
  })

  it('sends a Node stream, and frees it', async () => {
    const stream = Readable.from(['one ', 'two'])
    const { text, framing } = await ask(
      toNode(() => respond(stream)),
      '/',
    )
    expect([text, framing, stream.destroyed]).toEqual(['one two', 'chunked', true])
  })

  it('frees a Node stream that HEAD does not read', async () => {
    const stream = Readable.from(['one'])
    await ask(
      toNode(() => respond(stream)),
      requestOf('HEAD /', closing),
    )
    expect([stream.destroyed, stream.readableDidRead]).toEqual([true, false])
  })

  it('may be sent twice, if its body is at hand', async () => {
    const one = respond('again')
    const listener = toNode(() => one)
    for (let i = 0; i < 2; i++) expect((await ask(listener, '/')).wire).toMatch(/content-length: 5\r\n[^]*again$/)
  })
})

describe('a reader that stalls', () => {
  // What a socket of loopback may hold on both sides, with room to spare; the body is endless.
  const bound = 16_000_000

  it('stops a web stream within a bounded number of bytes, and lets it go on', async () => {
    let made = 0
    const endless = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        pull(controller) {
          made += 65_536
          controller.enqueue(new Uint8Array(65_536))
        },
      })
    await stallsAndGoesOn(
      () => respond(endless()),
      () => made,
    )
  })

  it('stops a Node stream within a bounded number of bytes, and lets it go on', async () => {
    let made = 0
    const endless = (): Readable =>
      new Readable({
        read() {
          made += 65_536
          this.push(Buffer.alloc(65_536))
        },
      })
    await stallsAndGoesOn(
      () => respond(endless()),
      () => made,
    )
  })

  async function stallsAndGoesOn(app: App, made: () => number): Promise<void> {
    await serving(toNode(app, reporting()), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await wire.saw('\r\n\r\n')
      wire.pause()
      const stalled = await settled(made)
      expect(stalled).toBeLessThan(bound)
      wire.resume()
      await wire.sawBytes(stalled + 1_000_000)
      expect(made()).toBeGreaterThan(stalled)
    })
  }
})

describe('a client that leaves', () => {
  it.each([true, false])('cancels a web stream, once; it is waiting: %s', async (waits) => {
    const cancelled = later<unknown>()
    const stream = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new Uint8Array(10))
          return waits ? new Promise(() => {}) : undefined
        },
        cancel: (reason) => cancelled.resolve(reason),
      })
    const options = reporting()
    await serving(
      toNode(() => respond(stream()), options),
      async ({ connect }) => {
        const wire = connect()
        wire.send(requestOf('GET /'))
        await wire.saw('\r\n\r\n')
        wire.reset()
        expect(await cancelled.promise).toMatchObject({ name: 'AbortError' })
      },
    )
    expect(options.errors).toEqual([])
  })

  it('destroys a Node stream', async () => {
    const closed = later()
    const options = reporting()
    const stream = new Readable({ read() {} })
    stream.on('close', () => closed.resolve())
    stream.push('begun')
    await serving(
      toNode(() => respond(stream), options),
      async ({ connect }) => {
        const wire = connect()
        wire.send(requestOf('GET /'))
        await wire.saw('begun')
        wire.reset()
        await closed.promise
      },
    )
    expect(options.errors).toEqual([])
  })

  it('before the answer is there: its stream is given up when it comes', async () => {
    const gate = later()
    const asked = later()
    const cancelled = later<unknown>()
    const left = later()
    const app: App = async (_, context) => {
      context.onFinish(() => left.resolve())
      asked.resolve()
      await gate.promise
      return respond(new ReadableStream({ cancel: (reason) => cancelled.resolve(reason) }))
    }
    const options = reporting()
    await serving(toNode(app, options), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await asked.promise
      wire.reset()
      await left.promise
      gate.resolve()
      await cancelled.promise
    })
    expect(options.errors).toEqual([])
  })

  it('before the answer is there: its Node stream is given up when it comes', async () => {
    const gate = later()
    const asked = later()
    const closed = later()
    const left = later()
    const app: App = async (_, context) => {
      context.onFinish(() => left.resolve())
      asked.resolve()
      await gate.promise
      return respond(new Readable({ read() {} }).on('close', () => closed.resolve()))
    }
    await serving(toNode(app, reporting()), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await asked.promise
      wire.reset()
      await left.promise
      gate.resolve()
      await closed.promise
    })
  })
})

describe('a stream that fails after the head', () => {
  const fault = new Error('half way')
  const web = (): ReadableStream<Uint8Array> => {
    let pulls = 0
    return new ReadableStream({
      pull(controller) {
        if (pulls++ > 0) throw fault
        controller.enqueue(new TextEncoder().encode('begun'))
      },
    })
  }
  const node = (): Readable => Readable.from((function* () { yield 'begun'; throw fault })()) // prettier-ignore
  const destroyed = (): Readable => {
    const stream = new Readable({ read() {} })
    stream.push('begun')
    setTimeout(() => stream.destroy(), 10)
    return stream
  }

  it.each<[string, () => Response]>([
    ['a native Response', () => new Response(web())],
    ['a web stream', () => respond(web())],
    ['a Node stream', () => respond(node())],
    ['a Node stream that is destroyed without an error', () => respond(destroyed())],
    ['with a length', () => respond(web(), { headers: { 'content-length': '10' } })],
    ['a Node stream with a length', () => respond(node(), { headers: { 'content-length': '10' } })],
  ])('cuts the connection: never a short body that looks whole: %s', async (_, make) => {
    const answer = await ask(toNode(make, reporting()), requestOf('GET /'))
    expect([answer.complete, answer.ending === 'timeout']).toEqual([false, false])
  })
})

/** The same, a turn between one and the next. */
function turnByTurn(...texts: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      await turns(3)
      const text = texts.shift()
      if (text === undefined) controller.close()
      else controller.enqueue(new TextEncoder().encode(text))
    },
  })
}

function pieces(...texts: string[]): ReadableStream<Uint8Array> {
  const left = texts.map((text) => new TextEncoder().encode(text))
  return new ReadableStream({
    pull(controller) {
      const next = left.shift()
      if (next) controller.enqueue(next)
      else controller.close()
    },
  })
}

/** The value, once it has stood still for a while. */
async function settled(value: () => number): Promise<number> {
  for (let before = -1; before !== value();) {
    before = value()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return value()
}
