/**
 * Bodies that fail. Before their first byte there is an answer yet; after it the client sees a cut. The host hears of
 * each of them, once.
 */
import { describe, expect, it } from '@jest/globals'
import { Readable, Transform } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import {
  editHeaders,
  filterBody,
  keepForError,
  prepareHeaders,
  respond,
  type App,
  type Body,
  type Finished,
  type Wrapper,
} from '@outerware/core'
import { fromConnect, toConnect, toNode, type NodeListener } from '@outerware/core/node'
import express from 'express'
import { listenHttp2, turns } from '../support/index.ts'
import { around, ask, reporting, type Answer, type Reporting } from './harness/ask.ts'
import { requestOf } from './harness/kind.ts'
import { later, serving } from './harness/serving.ts'

const fault = new Error('a fault of the body')
const fail = (): never => {
  throw fault
}

const brokenAtOnce: [string, () => Body][] = [
  ['a web stream, at its start', () => new ReadableStream({ start: (controller) => controller.error(fault) })],
  ['a web stream, at its first pull', () => new ReadableStream({ pull: fail })],
  ['a web stream, some microtasks later', () => new ReadableStream({ pull: () => Promise.resolve().then(fail) })],
  ['a Node stream', () => new Readable({ read() {} }).destroy(fault)],
  [
    'a Node stream, at its first read',
    () =>
      new Readable({
        read() {
          this.destroy(fault)
        },
      }),
  ],
]

/** Ends in the middle, once the first chunk has been seen. */
function halfWay(seen: Promise<void>): [string, () => Body][] {
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from('begun')
    await seen
    throw fault
  }
  return [
    ['a web stream', () => Readable.toWeb(Readable.from(chunks())) as ReadableStream<Uint8Array>],
    ['a Node stream', () => Readable.from(chunks())],
  ]
}

function expectPlain500(answer: Answer): void {
  expect([answer.status, answer.text, answer.complete]).toEqual([500, '500 Internal Server Error\n', true])
  expect(answer.field('x-leak')).toBeUndefined()
}

/** An app that answers with the body, and keeps how it ended. */
function answering(body: () => Body, ends: Finished[]): App {
  return (_, context) => {
    context.onFinish((end) => ends.push(end))
    return respond(body(), { headers: { 'x-leak': '1' } })
  }
}

/** In place of whatever the app has answered. */
const insteadOf =
  (body: () => Body): Wrapper =>
  (app) =>
  async (request, context) => {
    await app(request, context)
    return respond(body(), { headers: { 'x-leak': '2' } })
  }

const throughBroken: Wrapper = (app) => async (request, context) =>
  filterBody(await app(request, context), () => new Transform({ transform: (_chunk, _encoding, done) => done(fault) }))

const leaking: NodeListener = (_, res) => void res.setHeader('x-leak', '1').end('leak')

describe('a body that fails before its first byte', () => {
  const listeners: [string, (body: () => Body, options: Reporting, ends: Finished[]) => NodeListener][] = [
    ['of a Fetch app', (body, options, ends) => toNode(answering(body, ends), options)],
    ['in place of a Node app', (body, options) => around(insteadOf(body), leaking, options)],
    [
      'of a Fetch app behind middleware',
      (body, options, ends) => toNode(fromConnect((_req, _res, next) => next())(answering(body, ends)), options),
    ],
    [
      'of an onion inside an onion',
      (body, options, ends) => around((app) => app, toNode(answering(body, ends), options), reporting()),
    ],
  ]

  describe.each(listeners)('%s', (_, make) => {
    it.each(brokenAtOnce)('is answered with a plain 500, and reported once: %s', async (__, body) => {
      const options = reporting()
      const ends: Finished[] = []
      expectPlain500(await ask(make(body, options, ends), '/'))
      expect(options.errors).toEqual([fault])
      for (const end of ends) expect(end).toMatchObject({ status: 500, outcome: 'error', error: fault })
    })
  })

  it('is the filter of a wrapper', async () => {
    const options = reporting()
    expectPlain500(await ask(around(throughBroken, leaking, options), '/'))
    expect(options.errors).toEqual([fault])
  })

  it('goes to the next error handler, inside an Express app', async () => {
    const site = express().use(toConnect(() => respond(new ReadableStream({ pull: fail }))))
    site.use(((error, _req, res, _next) => void res.status(418).send(error.message)) as express.ErrorRequestHandler)
    const { status, text } = await ask(site, '/')
    expect([status, text]).toEqual([418, fault.message])
  })

  it('has the headers that wrappers keep for errors, and leaves the connection fit for more', async () => {
    const app: App = (request, context) => {
      keepForError(context, [['x-kept', '1']])
      return respond(request.url.endsWith('/broken') ? new ReadableStream({ pull: fail }) : 'fine')
    }
    await serving(toNode(app, reporting()), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /broken'))
      const broken = await wire.response()
      expect([broken.status, Object.fromEntries(broken.fields)]).toMatchObject([500, { 'x-kept': '1' }])
      wire.send(requestOf('GET /'))
      expect((await wire.response()).body.toString()).toBe('fine')
    })
  })

  it.each<[string, () => Body]>([
    ['a Node stream of objects', () => Readable.from([{ a: 1 }])],
    ['a Node stream of numbers', () => Readable.from([1, 2])],
    ['a web stream of numbers', () => ReadableStream.from([1]) as ReadableStream<never>],
  ])('is one that comes in neither bytes nor strings: %s', async (_, body) => {
    const options = reporting()
    expectPlain500(
      await ask(
        toNode(() => respond(body()), options),
        '/',
      ),
    )
    expect(options.errors).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/^A body must come in bytes or strings, got/) }),
    ])
  })

  it('is no fault if the app has cut its connection itself', async () => {
    const options = reporting()
    const cutting: NodeListener = (_, res) => {
      res.write('said')
      setImmediate(() => res.destroy())
    }
    const gzip: Wrapper = (app) => async (request, context) => {
      const response = await app(request, context)
      return filterBody(response, () => new Transform({ transform: (_chunk, _encoding, done) => done() }))
    }
    const { wire, ending } = await ask(around(gzip, cutting, options), '/')
    expect([wire.includes('500'), ending === 'timeout', options.errors]).toEqual([false, false, []])
  })

  it('is a 500 over HTTP/2, too', async () => {
    const options = reporting()
    const site = await listenHttp2(toNode(() => respond(new ReadableStream({ pull: fail })), options))
    try {
      const { headers } = await site.ask({ ':path': '/' })
      expect([headers[':status'], options.errors]).toEqual([500, [fault]])
    } finally {
      await site.close()
    }
  })
})

describe('a body that fails later', () => {
  it.each(['a web stream', 'a Node stream'])('is cut after its first byte, and reported once: %s', async (name) => {
    const options = reporting()
    const ends: Finished[] = []
    const seen = later()
    const [, body] = halfWay(seen.promise).find(([each]) => each === name)!
    await serving(toNode(answering(body, ends), options), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await wire.saw('begun')
      seen.resolve()
      await wire.closed()
      await expect(wire.response()).rejects.toThrow('before a whole response')
    })
    expect(options.errors).toEqual([fault])
    expect(ends).toEqual([expect.objectContaining({ status: 200, outcome: 'error', error: fault })])
  })

  it('is cut when its head has gone without it: one that is slow holds no head back', async () => {
    const options = reporting()
    const begun = later()
    const body = new ReadableStream<Uint8Array>({ pull: () => begun.promise.then(fail) })
    await serving(
      toNode(() => respond(body), options),
      async ({ connect }) => {
        const wire = connect()
        wire.send(requestOf('GET /'))
        await wire.saw('\r\n\r\n')
        begun.resolve()
        await wire.closed()
        expect(wire.received.toString()).toMatch(/^HTTP\/1.1 200 /)
      },
    )
    expect(options.errors).toEqual([fault])
  })

  it('is cut inside an Express app, whatever its error handler would do', async () => {
    const options = reporting()
    const seen = later()
    const site = express().use(toConnect(() => respond(halfWay(seen.promise)[0]![1]()), options))
    site.use(((_error, _req, _res, _next) => {}) as express.ErrorRequestHandler)
    await serving(site, async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await wire.saw('begun')
      seen.resolve()
      await wire.closed()
    })
    expect(options.errors).toEqual([fault])
  })

  it('is not reported when its client has left', async () => {
    const options = reporting()
    const left = later()
    const app: App = (request) => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(Buffer.from('begun'))
          request.signal.addEventListener('abort', () => {
            controller.error(new Error('told by the signal'))
            left.resolve()
          })
        },
      })
      return respond(body)
    }
    await serving(toNode(app, options), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await wire.saw('begun')
      wire.leave()
      await left.promise
      await turns()
    })
    expect(options.errors).toEqual([])
  })
})

describe('a head that Node refuses, of a streamed answer', () => {
  it('is a plain 500, and reported: nothing is thrown where nobody catches it', async () => {
    const options = reporting()
    const wrong: Wrapper = (app) => async (request, context) => {
      const response = await app(request, context)
      return editHeaders(
        filterBody(response, () => new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) })),
        (headers) => {
          headers.set('trailer', 'x-sum')
          headers.set('content-length', '4')
        },
      )
    }
    const app: NodeListener = (_, res) => void res.writeHead(200, { 'x-leak': '1' }).end('leak')
    const answer = await ask(around(wrong, app, options), '/')
    expect([answer.status, answer.ending === 'timeout']).toEqual([500, false])
    expect(options.errors).toEqual([expect.objectContaining({ code: 'ERR_HTTP_TRAILER_INVALID' })])
  })
})

describe('an app whose answer is read elsewhere', () => {
  const copied: Wrapper = (app) => async (request, context) => {
    const response = await app(request, context)
    return new Response(response.body, response)
  }
  const filtered: Wrapper = (app) => async (request, context) =>
    filterBody(
      await app(request, context),
      () => new Transform({ transform: (chunk, _encoding, done) => done(null, chunk) }),
    )

  it.each([
    ['as a stream', copied],
    ['through a filter', filtered],
  ])('may write on when its client has left, and is told as bare: %s', async (_, wrapper) => {
    const left = later()
    const told: unknown[] = []
    const done = later()
    const app: NodeListener = (_req, res) => {
      res.write('begun')
      res.on('close', () => left.resolve())
      void left.promise.then(async () => {
        await turns()
        try {
          res.write('to nobody', (error) => told.push(Object(error).code))
          res.end()
        } catch (error) {
          told.push(error)
        }
        await turns()
        done.resolve()
      })
    }
    await serving(around(wrapper, app, reporting()), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await wire.saw('begun')
      wire.leave()
      await done.promise
    })
    expect(told).toEqual(['ERR_STREAM_DESTROYED'])
  })

  it('may fail when another answer has taken its place: that one stands, and the fault is reported', async () => {
    const options = reporting()
    const overtaken = later()
    const more = later()
    const impatient: Wrapper = (app) => (request, context) => {
      const instead = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.from('too ')
        await more.promise
        yield Buffer.from('slow')
      }
      const timeout = pause(5).then(() => respond(Readable.from(instead()), { status: 504 }))
      return Promise.race([app(request, context), timeout])
    }
    const app: NodeListener = async (_req, res) => {
      await overtaken.promise
      res.write('late')
      await turns()
      throw fault
    }
    await serving(around(impatient, app, options), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('GET /'))
      await wire.saw('too ')
      overtaken.resolve()
      await turns(60)
      more.resolve()
      const { status, body } = await wire.response()
      expect([status, body.toString()]).toEqual([504, 'too slow'])
    })
    expect(options.errors).toEqual([fault])
  })
})

describe('a body that is not as long as its head announces', () => {
  const announcing =
    (body: Body): App =>
    () =>
      respond(body, { headers: { 'content-length': '5' } })
  const inPieces = (...pieces: string[]): [string, () => Body][] => [
    ['a web stream', () => ReadableStream.from(pieces.map((piece) => Buffer.from(piece)))],
    ['a Node stream', () => Readable.from(pieces.map((piece) => Buffer.from(piece)))],
  ]

  // What was written in the tick of the cut may not have left.
  const upToFour = /^(?:HTTP\/1\.1 200 [^]*\r\n\r\n(?:four)?)?$/

  it.each(inPieces('longer than five'))('is a 500 if its first piece is too long: %s', async (_, body) => {
    const options = reporting()
    expectPlain500(await ask(toNode(announcing(body()), options), '/'))
    expect(options.errors).toEqual([
      expect.objectContaining({ message: expect.stringMatching(/longer than its Content-Length, 5/) }),
    ])
  })

  it.each(inPieces('four', ' and more'))('is cut before what would be read as the next answer: %s', async (_, body) => {
    const options = reporting()
    const { wire, ending } = await ask(toNode(announcing(body()), options), '/')
    expect(wire).toMatch(upToFour)
    expect(ending).not.toBe('timeout')
    expect(options.errors).toHaveLength(1)
  })

  it.each(inPieces('four'))('is cut where it is too short: %s', async (_, body) => {
    const options = reporting()
    const { wire, ending } = await ask(toNode(announcing(body()), options), '/')
    expect(wire).toMatch(upToFour)
    expect(ending).not.toBe('timeout')
    expect(options.errors).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(/ended after 4 bytes, short of its Content-Length, 5/),
      }),
    ])
  })

  it.each(inPieces('fi', 've!'))('is none where it is as long: %s', async (_, body) => {
    const options = reporting()
    const { wire } = await ask(toNode(announcing(body()), options), '/')
    expect(wire).toMatch(/\r\n\r\nfive!$/)
    expect(options.errors).toEqual([])
  })

  const prepared = prepareHeaders([['content-length', '5']])
  it.each<[string, Body]>([
    ['a string, too long', 'fünf!'],
    ['a string, too short', 'four'],
    ['bytes, too long', Buffer.from('longer')],
    ['bytes, too short', Buffer.from('four')],
    ['none', null],
  ])('is a 500 where it is at hand as a whole, and the next answer has its place: %s', async (_, body) => {
    for (const headers of [prepared, { 'Content-Length': '5' }]) {
      const options = reporting()
      const app: App = ({ url }) => (url.endsWith('/2') ? respond('next') : respond(body, { headers }))
      const { wire } = await ask(
        toNode(app, options),
        `${requestOf('GET /')}${requestOf('GET /2', 'Connection: close')}`,
      )
      expect(wire).toMatch(/^HTTP\/1\.1 500 [^]*\r\n\r\n500 Internal Server Error\nHTTP\/1\.1 200 [^]*\r\n\r\nnext$/)
      expect(options.errors).toEqual([
        expect.objectContaining({ message: expect.stringMatching(/its Content-Length, 5/) }),
      ])
    }
  })

  it('is none to HEAD, where the length is that of the GET', async () => {
    for (const headers of [prepared, { 'content-length': '5' }]) {
      for (const body of [null, 'four']) {
        const { status, field } = await ask(
          toNode(() => respond(body, { headers })),
          requestOf('HEAD /', 'Connection: close'),
        )
        expect([status, field('content-length')]).toEqual([200, '5'])
      }
    }
  })
})

describe('an app that frames its answer itself', () => {
  it.each<[string, () => Body]>([
    ['a string', () => 'hello'],
    ['bytes', () => Buffer.from('hello')],
    ['a stream', () => Readable.from([Buffer.from('hello')])],
  ])('has it framed once (RFC 9112, 6.2): %s', async (_, body) => {
    const chunked: [string, string] = ['Transfer-Encoding', 'chunked']
    for (const fields of [[chunked], [chunked, ['Content-Length', '5']], [['Content-Length', '5'], chunked]]) {
      const headers = fields.map(([name, value]): [string, string] => [name!, value!])
      for (const given of [headers, prepareHeaders(headers)]) {
        const { text, field, complete } = await ask(
          toNode(() => respond(body(), { headers: given })),
          '/',
        )
        expect([text, complete]).toEqual(['hello', true])
        const framings = [field('content-length'), field('transfer-encoding')]
        expect(framings.filter((framing) => framing !== undefined)).toHaveLength(1)
      }
    }
  })
})
