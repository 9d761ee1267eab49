/**
 * The light Request of `toNode()`, over real sockets: it passes for a Request, and reads as one.
 */
import { describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { createServer as createSecureServer } from 'node:https'
import { connect, createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { derive, editRequestHeaders, native, pathOf, peekBody, respond, type App, type Wrapper } from '@outerware/core'
import { fromNode, toNode, type NodeListener } from '@outerware/core/node'
import express from 'express'
import { exchange, listen } from '../support/index.ts'
import { around, ask, reporting } from './harness/ask.ts'
import { certificate } from './harness/certificate.ts'
import { later, serving } from './harness/serving.ts'
import { inChunks, requestOf, withBody } from './harness/kind.ts'
import { Wire } from './harness/wire.ts'
import { readMessage } from './harness/message.ts'

/** Answers with what a function makes of the request, as JSON. */
const telling =
  (tell: (request: Request) => unknown): App =>
  async (request) =>
    respond(JSON.stringify((await tell(request)) ?? null))

/** What a function makes of the request that these bytes are. */
async function told(tell: (request: Request) => unknown, bytes: string): Promise<unknown> {
  const options = reporting()
  const { text } = await ask(toNode(telling(tell), options), bytes)
  if (options.errors.length > 0) throw options.errors[0]
  return JSON.parse(text)
}

const closing = 'Connection: close'
const post = (body: string, ...fields: string[]): string => withBody('POST /', body, closing, ...fields)

describe('url', () => {
  it.each([
    ['/', 'http://site.test/'],
    ['/a/b?c=d&e', 'http://site.test/a/b?c=d&e'],
    ['//double//slash', 'http://site.test//double//slash'],
    ['/a%2Fb%zz?%', 'http://site.test/a%2Fb%zz?%'],
    ['http://other.test:81/absolute?form=1', 'http://other.test:81/absolute?form=1'],
    // In the clear nothing is secured, whatever the target says (RFC 9110, section 7.4).
    ['https://other.test:81/absolute', 'http://other.test:81/absolute'],
    ['HTTPS://other.test', 'http://other.test/'],
  ])('of %s is %s', async (target, url) => {
    expect(await told((request) => request.url, requestOf(`GET ${target}`, closing))).toBe(url)
  })

  it.each([
    ['/back\\slash'],
    ['/../up'],
    ['/#fragment'],
    ['*'],
    ['/a|b^c`{d}'],
    ['http://'],
    ['ftp://other.test/'],
    ['HTTP://Other.TEST'],
  ])('of %s is one that new URL() takes', async (target) => {
    const url = await told((request) => request.url, requestOf(`GET ${target}`, closing))
    expect(URL.canParse(String(url))).toBe(true)
  })

  it.each([
    ['a.b.site.test:8080', 'http://a.b.site.test:8080/'],
    ['[::1]:81', 'http://[::1]:81/'],
    ['', 'http://localhost/'],
    ['a b', 'http://invalid.invalid/'],
    ['evil@site.test', 'http://invalid.invalid/'],
    ['site.test/path', 'http://invalid.invalid/'],
    ['site.test?query', 'http://invalid.invalid/'],
    ['site.test#frag', 'http://invalid.invalid/'],
    ['site.test\\path', 'http://invalid.invalid/'],
  ])('for the Host %p is %s, which is a URL', async (host, url) => {
    expect(await told((request) => request.url, `GET / HTTP/1.1\r\nHost: ${host}\r\n${closing}\r\n\r\n`)).toBe(url)
  })

  it.each(['/secure', 'http://site.test/secure'])('of %s is an https one over TLS', async (target) => {
    const server = await listen(createSecureServer({ ...certificate }, toNode(telling((request) => request.url))))
    const wire = new Wire(server.port, true)
    wire.send(requestOf(`GET ${target}`))
    expect(JSON.parse((await wire.response()).body.toString())).toBe('https://site.test/secure')
    wire.leave()
    await server.close()
  })
})

describe('pathOf() reads the raw target', () => {
  it.each([
    ['/', '/'],
    ['/a/b?c', '/a/b'],
    ['//double//slash', '//double//slash'],
    ['/%C3%BCber%20uns', '/über uns'],
    ['/a%2Fb', null],
    ['/a%5Cb', null],
    ['/back\\slash', null],
    ['/../up', null],
    ['/a/./b', null],
    ['/%2e%2e/up', null],
    ['/%zz', null],
    ['/%00', null],
    ['/%ff', null],
    ['*', null],
    ['http://other.test/a%20b?c', '/a b'],
    ['http://other.test', '/'],
  ])('%p: %p', async (target, path) => {
    expect(await told((request) => pathOf(request), requestOf(`GET ${target}`, closing))).toBe(path)
  })
})

describe('headers', () => {
  const fields = [
    'X-One: 1',
    'x-one: 2',
    'Accept: a',
    'Cookie: a=1',
    'Cookie: b=2',
    'X-Space: \t a  b ',
    'X-Latin: gr\xf6\xdfe',
  ]
  const bytes = requestOf('GET /', closing, ...fields)

  it.each<[string, (headers: Headers) => unknown, unknown]>([
    ['get, in any case', (h) => [h.get('accept'), h.get('ACCEPT'), h.get('none')], ['a', 'a', null]],
    ['get, of a repeated field', (h) => h.get('x-one'), '1, 2'],
    ['get, of Cookie', (h) => h.get('cookie'), 'a=1; b=2'],
    ['get, without the space around', (h) => h.get('x-space'), 'a  b'],
    ['get, bytes as latin1', (h) => h.get('x-latin'), 'größe'],
    ['has', (h) => [h.has('Accept'), h.has('none')], [true, false]],
    [
      'entries, sorted and lower-cased',
      (h) => [...h].map(([name]) => name),
      ['accept', 'connection', 'cookie', 'host', 'x-latin', 'x-one', 'x-space'],
    ],
    ['keys', (h) => [...h.keys()].length, 7],
    ['values', (h) => [...h.values()].includes('1, 2'), true],
    [
      'forEach',
      (h) => {
        const all: string[] = []
        h.forEach((value, name) => all.push(`${name}=${value}`))
        return all[0]
      },
      'accept=a',
    ],
    ['instanceof Headers', (h) => h instanceof Headers, true],
    ['a copy', (h) => new Headers(h).get('x-one'), '1, 2'],
  ])('%s', async (_, tell, expected) => {
    // prettier-ignore
    expect(await told((request) => tell(request.headers), bytes)).toEqual(expected)
  })

  it('a field __proto__ is none: Node itself puts it nowhere but in rawHeaders', async () => {
    const tell = ({ headers }: Request): unknown => [
      headers.get('__proto__'),
      headers.has('__proto__'),
      [...headers.keys()],
    ]
    expect(await told(tell, requestOf('GET /', closing, '__proto__: 1'))).toEqual([null, false, ['connection', 'host']])
  })

  it.each(['constructor', 'toString', 'hasOwnProperty'])(
    'a name that objects have is a name like others: %s',
    async (name) => {
      const tell = ({ headers }: Request): unknown => [
        headers.get(name),
        headers.has(name),
        [...headers.keys()].includes(name.toLowerCase()),
      ]
      expect(await told(tell, requestOf('GET /', closing))).toEqual([null, false, false])
      expect(await told(tell, requestOf('GET /', closing, `${name}: 1`))).toEqual(['1', true, true])
    },
  )
})

describe('a change of the headers', () => {
  const listener: NodeListener = (req, res) => {
    const { headers, rawHeaders, headersDistinct } = req
    res.end(
      JSON.stringify([
        headers['x-a'],
        rawHeaders.filter((_, i) => /^x-a$/i.test(rawHeaders[i - (i % 2)]!)),
        headersDistinct['x-a'],
      ]),
    )
  }
  it.each<[string, (headers: Headers) => void, unknown]>([
    ['set', (h) => h.set('x-a', 'new'), ['new', ['X-A', 'new'], ['new']]],
    ['append', (h) => h.append('x-a', 'new'), ['1, 2, new', ['X-A', '1, 2, new'], ['1, 2, new']]],
    ['delete', (h) => h.delete('x-a'), [null, [], null]],
  ])('%s reaches headers, rawHeaders and headersDistinct of the Node app inside', async (_, change, expected) => {
    const edit: Wrapper = (app) => (request, context) => {
      change(request.headers)
      return app(request, context)
    }
    const { text } = await ask(around(edit, listener), requestOf('GET /', closing, 'X-A: 1', 'x-a: 2'))
    expect(JSON.parse(text)).toEqual(expected)
  })

  it('leaves nothing of a field that was sent again and again', async () => {
    const edit: Wrapper = (app) => (request, context) => {
      request.headers.set('x-a', 'new')
      return app(request, context)
    }
    const lines = ['X-A: 1', 'x-a: 2', 'X-a: 3', 'b: 4', 'x-A: 5', 'x-a: 6', 'x-a: 7']
    const { text } = await ask(around(edit, listener), requestOf('GET /', closing, ...lines))
    expect(JSON.parse(text)).toEqual(['new', ['X-A', 'new'], ['new']])
  })

  it('that HTTP does not allow is a TypeError', async () => {
    const tell = ({ headers }: Request): string => {
      try {
        headers.set('a b', '1')
        return 'set'
      } catch (error) {
        return Object(error).name
      }
    }
    expect(await told(tell, requestOf('GET /', closing))).toBe('TypeError')
  })
})

describe('the request', () => {
  it('is a Request to instanceof, and has what Fetch gives one', async () => {
    const tell = (request: Request): unknown => {
      const { method, bodyUsed, cache, credentials, destination, integrity, keepalive, mode, redirect, referrer } =
        request
      return [
        request instanceof Request,
        method,
        bodyUsed,
        cache,
        credentials,
        destination,
        integrity,
        keepalive,
        mode,
        redirect,
        referrer,
      ]
    }
    const plain = new Request('http://site.test/')
    const { cache, credentials, destination, integrity, keepalive, mode, redirect, referrer } = plain
    const expected = [
      true,
      'PURGE',
      false,
      cache,
      credentials,
      destination,
      integrity,
      keepalive,
      mode,
      redirect,
      referrer,
    ]
    expect(await told(tell, requestOf('PURGE /', closing))).toEqual(expected)
  })

  it('has no body for GET and HEAD, as in Fetch', async () => {
    const tell = ({ body }: Request): unknown => body === null
    expect(await told(tell, requestOf('GET /', closing))).toBe(true)
    expect(await told(tell, post('hello'))).toBe(false)
  })

  it('that Fetch cannot say, TRACE, is a 501 with request: "native"', async () => {
    const options = reporting()
    const listener = toNode(() => respond('never'), { ...options, request: 'native' })
    const { status } = await ask(listener, requestOf('TRACE /', closing))
    expect([status, options.errors]).toEqual([501, []])
  })

  it('with request: "native" is the platform\'s own', async () => {
    const app: App = async (request) =>
      respond(`${'peekBody' in request} ${new Request(request.clone()).method} ${await request.text()}`)
    const { text } = await ask(toNode(app, { request: 'native' }), post('hello'))
    expect(text).toBe('false POST hello')
  })
})

describe('the body', () => {
  const json = '{"name":"größe"}'
  const bytes = Buffer.from(json).toString('latin1')
  it.each<[string, (request: Request) => unknown, unknown]>([
    ['text()', (r) => r.text(), json],
    ['json()', (r) => r.json(), { name: 'größe' }],
    ['arrayBuffer()', async (r) => Buffer.from(await r.arrayBuffer()).toString(), json],
    ['bytes()', async (r) => Buffer.from(await r.bytes()).toString(), json],
    ['blob()', async (r) => (await r.blob()).text(), json],
    ['body', async (r) => Buffer.concat(await collect(r.body)).toString(), json],
    ['clone().text()', (r) => r.clone().text(), json],
    ['native(request).text()', (r) => native(r).text(), json],
    ['new Request(native(request))', (r) => new Request(native(r)).json(), { name: 'größe' }],
  ])('by %s, with a length and in chunks', async (_, read, expected) => {
    expect(await told(read, post(bytes))).toEqual(expected)
    const pieces = [bytes.slice(0, 9), bytes.slice(9)]
    expect(await told(read, inChunks('POST /', pieces, [closing]))).toEqual(expected)
  })

  it('by formData(), urlencoded and multipart', async () => {
    const tell = async (request: Request): Promise<unknown> => [...(await request.formData())]
    const urlencoded = post('a=1&b=%C3%BC', 'Content-Type: application/x-www-form-urlencoded')
    expect(await told(tell, urlencoded)).toEqual([['a', '1'], ['b', 'ü']]) // prettier-ignore
    const part = ['--b', 'Content-Disposition: form-data; name="a"', '', '1', '--b--', ''].join('\r\n')
    expect(await told(tell, post(part, 'Content-Type: multipart/form-data; boundary=b'))).toEqual([['a', '1']])
  })

  it('of nothing is an empty one', async () => {
    expect(await told((r) => r.text(), requestOf('POST /', closing, 'Content-Length: 0'))).toBe('')
    expect(await told((r) => r.text(), requestOf('GET /', closing))).toBe('')
  })

  it('of two megabytes', async () => {
    const tell = async (request: Request): Promise<unknown> => (await request.bytes()).byteLength
    expect(await told(tell, post('x'.repeat(2_000_000)))).toBe(2_000_000)
  })

  it('is read once: a second reading is a TypeError, as in Fetch', async () => {
    const tell = async (request: Request): Promise<unknown> => {
      const before = request.bodyUsed
      await request.text()
      const second = await request.text().catch((error: unknown) => Object(error).name)
      return [before, request.bodyUsed, second]
    }
    expect(await told(tell, post('hello'))).toEqual([false, true, 'TypeError'])
  })

  it('a clone and its original are both read whole', async () => {
    const tell = async (request: Request): Promise<unknown> => {
      const copy = request.clone()
      return Promise.all([request.text(), copy.text()])
    }
    expect(await told(tell, post('hello'))).toEqual(['hello', 'hello'])
  })

  it('text() drops a byte order mark and mends bytes that are no UTF-8, as Fetch does', async () => {
    expect(await told((r) => r.text(), post('\xef\xbb\xbfa\xff'))).toBe('a\ufffd')
  })

  it('json() of what is none is a SyntaxError', async () => {
    const tell = (request: Request): unknown => request.json().catch((error: unknown) => Object(error).name)
    expect(await told(tell, post('{'))).toBe('SyntaxError')
  })

  it('that the client breaks off is a rejection, not a short body', async () => {
    const called = later()
    const result = later<unknown>()
    const app: App = async (request) => {
      called.resolve()
      result.resolve(await request.text().catch((error: unknown) => Object(error).code ?? Object(error).name))
      return respond('never')
    }
    await serving(toNode(app, reporting()), async ({ connect }) => {
      const wire = connect()
      wire.send(requestOf('POST /', 'Content-Length: 10') + 'half')
      await called.promise
      wire.leave()
      expect(await result.promise).toBe('ECONNRESET')
    })
  })
})

describe('derive() with another body', () => {
  const other = new TextEncoder().encode('{"other":true}')
  const app = express()
  app.post('/json', express.json(), (req, res) => void res.json([req.body, req.get('content-length')]))
  app.post('/raw', (req, res) => void req.pipe(res))

  const replacing =
    (body: Uint8Array<ArrayBuffer>): Wrapper =>
    (inner) =>
    async (request, context) => {
      await peekBody(request)
      // Any other work may be waited for before the new body is there.
      await new Promise((resolve) => setTimeout(resolve, 5))
      const edited = editRequestHeaders(request, (headers) => headers.set('content-length', String(body.byteLength)))
      return inner(derive(edited, { body }), context)
    }

  it.each(['{"x":1}', JSON.stringify({ x: 'x'.repeat(200_000) })])('reaches the parser of Express', async (old) => {
    const bytes = withBody('POST /json', old, closing, 'Content-Type: application/json')
    const { text } = await ask(around(replacing(other), app), bytes)
    expect(JSON.parse(text)).toEqual([{ other: true }, String(other.byteLength)])
  })

  it.each([0, 1, 300_000])('reaches who pipes it, %d bytes long, and the next request after it', async (size) => {
    const server = await listen(around(replacing(new Uint8Array(size).fill(97)), app))
    try {
      const bytes = withBody('POST /raw', 'old') + withBody('POST /raw', 'old too', closing)
      const { text } = await exchange(server.port, bytes)
      expect(text.match(/HTTP\/1.1 200/g)).toHaveLength(2)
      expect(text.match(/aa*(?=\r\n)/g)?.join('') ?? '').toBe('a'.repeat(2 * size))
    } finally {
      await server.close()
    }
  })

  it('is what a Fetch app reads', async () => {
    const { text } = await ask(toNode(replacing(other)(async (r) => respond(await r.text()))), post('old'))
    expect(text).toBe('{"other":true}')
  })

  it('is a TypeError where the old one has not been read, or not to its end', async () => {
    const tell = async (request: Request): Promise<unknown> => {
      const attempt = (): string => {
        try {
          return typeof derive(request, { body: other })
        } catch (error) {
          return Object(error).name
        }
      }
      const unread = attempt()
      await peekBody(request, 10)
      return [unread, attempt()]
    }
    expect(await told(tell, post('y'.repeat(300_000)))).toEqual(['TypeError', 'TypeError'])
  })
})

describe('peekBody()', () => {
  const app = express()
  app.post('/', express.json({ limit: '10mb' }), (req, res) => void res.json(JSON.stringify(req.body).length))
  app.post('/raw', (req, res) => void req.pipe(res))

  const peeking =
    (seen: unknown[], limit?: number): Wrapper =>
    (inner) =>
    async (request, context) => {
      seen.push((await peekBody(request, limit))?.byteLength)
      return inner(request, context)
    }

  it.each([8, 70_000, 2_000_000])('sees %d bytes, which Express parses as if no one had', async (size) => {
    const body = JSON.stringify({ x: 'x'.repeat(size - 8) })
    const seen: unknown[] = []
    const json = 'Content-Type: application/json'
    const whole = await ask(around(peeking(seen, 4_000_000), app), post(body, json))
    expect(whole.text).toBe(`${size}`)
    const pieces = body.match(/[^]{1,30000}/g) ?? []
    const chunked = await ask(around(peeking(seen, 4_000_000), app), inChunks('POST /', pieces, [closing, json]))
    expect(chunked.text).toBe(`${size}`)
    expect(seen).toEqual([size, size])
  })

  it('sees no body that is longer than its limit, and leaves it whole', async () => {
    const seen: unknown[] = []
    const body = 'y'.repeat(300_000)
    const { text } = await ask(around(peeking(seen, 100_000), app), withBody('POST /raw', body, closing))
    expect([seen, text === body]).toEqual([[undefined], true])
  })

  it('sees an empty one, and twice the same', async () => {
    const seen: unknown[] = []
    const twice: Wrapper = (inner) => peeking(seen)(peeking(seen)(inner))
    expect((await ask(around(twice, app), withBody('POST /raw', '', closing))).text).toBe('')
    expect((await ask(around(twice, app), withBody('POST /raw', 'hello', closing))).text).toBe('hello')
    expect(seen).toEqual([0, 0, 5, 5])
  })

  it('leaves the body to a Fetch app, too', async () => {
    const seen: unknown[] = []
    const fetchApp: App = async (request) => respond(await request.text())
    const { text } = await ask(toNode(peeking(seen)(fetchApp)), post('hello'))
    expect([seen, text]).toEqual([[5], 'hello'])
  })

  it('of a body that was read already is a TypeError, not an empty one', async () => {
    const tell = async (request: Request): Promise<unknown> => {
      await request.text()
      return peekBody(request).catch((error: unknown) => Object(error).name)
    }
    expect(await told(tell, post('hello'))).toBe('TypeError')
  })

  it('does not count as reading: bodyUsed, and a second reading after the first', async () => {
    const tell = async (request: Request): Promise<unknown> => {
      await peekBody(request)
      const before = request.bodyUsed
      const text = await request.text()
      return [before, text, request.bodyUsed, await request.text().catch((error: unknown) => Object(error).name)]
    }
    expect(await told(tell, post('hello'))).toEqual([false, 'hello', true, 'TypeError'])
  })

  it.each<[string, (request: Request) => unknown]>([
    ['body', async (r) => Buffer.concat(await collect(r.body)).toString()],
    ['clone()', (r) => r.clone().text()],
    ['native()', (r) => native(r).text()],
    ['derive()', (r) => derive(r, { url: '/new' }).text()],
  ])('leaves the body to %s', async (_, read) => {
    const tell = async (request: Request): Promise<unknown> => {
      await peekBody(request)
      return read(request)
    }
    expect(await told(tell, post('hello'))).toBe('hello')
  })

  it('sees the body of HTTP/2 as well', async () => {
    const echo: App = async (request) => respond(`${(await peekBody(request))?.byteLength} ${await request.text()}`)
    // What Node hands over in HTTP/2 passes for a request of HTTP/1, but its types say otherwise.
    const server = createHttp2Server().on('request', toNode(echo) as never)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    try {
      const post = session.request({ ':method': 'POST', ':path': '/' })
      post.write('hel')
      setImmediate(() => post.end('lo'))
      expect(Buffer.concat(await post.toArray()).toString()).toBe('5 hello')
    } finally {
      session.destroy()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('leaves the connection fit for the next request', async () => {
    const server = await listen(around(peeking([]), app))
    try {
      const bytes = withBody('POST /raw', 'one') + withBody('POST /raw', 'two', closing)
      const { bytes: received } = await exchange(server.port, bytes)
      const first = readMessage(received, 0, 'POST', true)
      const second = readMessage(received, first?.end ?? 0, 'POST', true)
      expect([first?.body.toString(), second?.body.toString()]).toEqual(['one', 'two'])
    } finally {
      await server.close()
    }
  })

  it('rejects when the client leaves before its body has come', async () => {
    const started = later()
    const failed = later<unknown>()
    const wrapper: Wrapper = (inner) => async (request, context) => {
      started.resolve()
      await peekBody(request).catch((error: unknown) => failed.resolve(Object(error).message))
      return inner(request, context)
    }
    await serving(around(wrapper, app, reporting()), async ({ connect: open }) => {
      const wire = open()
      wire.send(requestOf('POST /raw', 'Content-Length: 10') + 'half')
      await started.promise
      wire.leave()
      expect(await failed.promise).toMatch(/aborted|left/)
    })
  })
})

describe('derive() reaches the real req of the Node app', () => {
  const listener: NodeListener = (req, res) => {
    res.end(JSON.stringify({ url: req.url, method: req.method, host: req.headers.host, raw: req.rawHeaders }))
  }
  const derived = async (
    init: Parameters<typeof derive>[1] | ((request: Request) => Parameters<typeof derive>[1]),
  ): Promise<Record<string, unknown>> => {
    const change: Wrapper = (app) => (request, context) =>
      app(derive(request, typeof init === 'function' ? init(request) : init), context)
    return JSON.parse((await ask(around(change, listener), requestOf('GET /old?a=b', closing, 'X-A: 1'))).text)
  }

  it.each([
    ['/new', '/new'],
    ['/new?c=d', '/new?c=d'],
    ['?only=query', '/old?only=query'],
    ['http://site.test/a%2Fb', '/a%2Fb'],
  ])('url %s', async (url, target) => {
    expect(await derived({ url })).toMatchObject({ url: target, host: 'site.test' })
  })

  it('a url on another host, with its Host', async () => {
    const { url, host, raw } = await derived({ url: 'http://other.test:81/x' })
    expect([url, host]).toEqual(['/x', 'other.test:81'])
    expect(raw).toEqual(['Host', 'other.test:81', 'Connection', 'close', 'X-A', '1'])
  })

  it('method', async () => {
    expect(await derived({ method: 'PURGE' })).toMatchObject({ method: 'PURGE', url: '/old?a=b' })
  })

  it('headers, in rawHeaders too', async () => {
    const { raw } = await derived((request) => {
      const headers = new Headers(request.headers)
      headers.set('x-a', 'new')
      headers.set('x-b', 'added')
      headers.delete('connection')
      return { headers }
    })
    expect(raw).toEqual(['host', 'site.test', 'x-a', 'new', 'x-b', 'added'])
  })

  it('nothing that differs leaves the target as it was sent', async () => {
    expect(await derived({})).toMatchObject({
      url: '/old?a=b',
      raw: ['Host', 'site.test', 'Connection', 'close', 'X-A', '1'],
    })
  })

  it('Express routes by the derived url, and finds the old one nowhere', async () => {
    const app = express()
    app.get('/inside', (req, res) => void res.json([req.url, req.originalUrl, req.path]))
    const mount: Wrapper = (inner) => (request, context) =>
      inner(derive(request, { url: request.url.replace('/outside', '') }), context)
    const { text } = await ask(around(mount, app), requestOf('GET /outside/inside?q=1', closing))
    expect(JSON.parse(text)).toEqual(['/inside?q=1', '/inside?q=1', '/inside'])
  })

  it('twice, and the body goes with it', async () => {
    const echo: NodeListener = (req, res) => void req.pipe(res.setHeader('x-target', `${req.method} ${req.url}`))
    const change: Wrapper = (app) => (request, context) =>
      app(derive(derive(request, { url: '/new' }), { method: 'PUT' }), context)
    const answer = await ask(around(change, echo), post('hello'))
    expect([answer.field('x-target'), answer.text]).toEqual(['PUT /new', 'hello'])
  })

  it('a native Request made by a wrapper counts, too', async () => {
    const change: Wrapper = (app) => (request, context) =>
      app(new Request('http://site.test/new', { method: 'PUT', headers: { 'x-a': 'n' } }), context)
    const { text } = await ask(toNode(change(fromNode(listener))), requestOf('GET /old', closing))
    expect(JSON.parse(text)).toMatchObject({ url: '/new', method: 'PUT', raw: ['x-a', 'n'] })
  })

  it('a Fetch app sees the same', async () => {
    const app: App = (request) =>
      respond(`${request.method} ${request.url} ${pathOf(request)} ${request.headers.get('x-a')}`)
    const change: Wrapper = (inner) => (request, context) =>
      inner(derive(request, { url: '/n%20w', method: 'PUT', headers: new Headers({ 'x-a': '2' }) }), context)
    expect((await ask(toNode(change(app)), post('hello'))).text).toBe('PUT http://site.test/n%20w /n w 2')
  })
})

async function collect(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  if (stream !== null) for await (const chunk of stream) chunks.push(chunk)
  return chunks
}
