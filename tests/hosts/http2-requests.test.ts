/**
 * What an App sees of HTTP/2, and what it can do there: both with and without a Node app inside.
 */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, constants, createSecureServer, createServer, type Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { expect, it, describe } from '@jest/globals'
import {
  derive,
  editRequestHeaders,
  editStatus,
  filterBody,
  respond,
  type App,
  type Finished,
  type Wrapper,
} from '@outerware/core'
import { fromNode, toNode, toUpgrade } from '@outerware/core/node'
import { WebSocket, WebSocketServer } from 'ws'
import { turns } from '../support/index.ts'
import { certificate } from './harness/certificate.ts'
import { later } from './harness/serving.ts'
import { Wire } from './harness/wire.ts'
import { Client, type Exchange } from './http2/client.ts'

const run = promisify(execFile)

/** Runs a test against an app over HTTP/2. */
async function over<T>(
  app: App | Http2Server,
  test: (client: Client, port: number) => Promise<T>,
  secure = false,
): Promise<T> {
  const server = typeof app === 'function' ? made(app, secure) : app
  server.on('session', (session) => session.on('error', () => {}))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const client = new Client(port, secure)
  try {
    return await test(client, port)
  } finally {
    client.leave()
    server.close()
  }
}

function made(app: App, secure: boolean): Http2Server {
  const handler = toNode(app, { onError: () => {} })
  return secure ? createSecureServer({ ...certificate, allowHTTP1: true }, handler) : createServer(handler)
}

async function answer(asked: Exchange): Promise<{ status: number; fields: Record<string, unknown>; text: string }> {
  await asked.closed
  const head = asked.lines.find((line) => line.startsWith('head '))?.slice(5) ?? '[[":status",0]]'
  const { ':status': status, ...fields } = Object.fromEntries(JSON.parse(head))
  return { status, fields, text: asked.body().toString() }
}

const get = (client: Client, fields: Record<string, string> = {}): Promise<Awaited<ReturnType<typeof answer>>> =>
  answer(client.ask({ ':path': '/', ...fields }))

/** What a Node app finds in its own `req`. */
const mirror = fromNode((req: IncomingMessage, res: ServerResponse) => {
  const { url, method, headers, rawHeaders } = req
  res.end(JSON.stringify({ url, method, headers, rawHeaders: rawHeaders.join('|') }))
})

const around = (wrapper: Wrapper): App => wrapper(mirror)

describe('the request of HTTP/2', () => {
  const facts: App = (request, context) => {
    const { url, method, headers } = request
    return respond(JSON.stringify({ url, method, host: headers.get('host'), fields: [...headers], ip: context.ip }))
  }

  it.each([
    ['http', false],
    ['https', true],
  ])('has a url of %s, with :authority and :path as they were sent', async (scheme, secure) => {
    const asked = { ':path': '/a/../b?c=%20', ':authority': 'other.test:8443', 'x-own': 'o' }
    const { text } = await over(facts, (client) => get(client, asked), secure)
    expect(JSON.parse(text)).toEqual({
      url: `${scheme}://other.test:8443/a/../b?c=%20`,
      method: 'GET',
      host: 'other.test:8443',
      fields: [
        ['host', 'other.test:8443'],
        ['x-own', 'o'],
      ],
      ip: '127.0.0.1',
    })
  })

  it('goes by Host where there is no :authority', async () => {
    const { text } = await over(facts, (client) => get(client, { host: 'named.test' }))
    expect(JSON.parse(text)).toMatchObject({ url: 'http://named.test/', host: 'named.test' })
  })

  it('is not taken from the client in the point of :scheme: the connection tells', async () => {
    const { text } = await over(facts, (client) => get(client, { ':scheme': 'https' }))
    expect(JSON.parse(text).url).toMatch(/^http:/)
  })

  it('that names two hosts is malformed, a 400 (RFC 9113, 8.3.1)', async () => {
    const { status } = await over(facts, (client) => get(client, { ':authority': 'good.test', host: 'evil.test' }))
    expect(status).toBe(400)
  })

  it.each<[string, Wrapper, Record<string, unknown>]>([
    [
      'derive() with a url',
      (app) => (request, context) => app(derive(request, { url: 'http://new.test/other?x' }), context),
      { url: '/other?x', headers: { ':authority': 'new.test', ':path': '/other?x' } },
    ],
    [
      'derive() with a method and fields',
      (app) => (request, context) =>
        app(derive(request, { method: 'POST', headers: new Headers({ 'x-new': 'n' }) }), context),
      { url: '/', method: 'POST', headers: { ':method': 'POST', ':path': '/', 'x-new': 'n' } },
    ],
    [
      'editRequestHeaders() of host',
      (app) => (request, context) =>
        app(
          editRequestHeaders(request, (headers) => headers.set('Host', 'new.test')),
          context,
        ),
      { url: '/', headers: { ':authority': 'new.test' } },
    ],
    [
      'a native Request made by a wrapper',
      (app) => (request, context) => app(new Request('http://site.test/made', { method: 'PUT' }), context),
      { url: '/made', method: 'PUT' },
    ],
  ])('reaches the real req as %s', async (_, wrapper, wanted) => {
    const { text } = await over(around(wrapper), (client) => get(client, { 'x-old': 'o' }))
    const told = JSON.parse(text)
    expect(told).toMatchObject(wanted)
    // No old value survives in one of its places.
    for (const [name, value] of Object.entries(Object(wanted['headers']))) {
      expect(told.rawHeaders).toContain(`${name}|${String(value)}`)
    }
  })
})

describe('the answer over HTTP/2', () => {
  it('has no fields that belong to a connection of HTTP/1, and every cookie', async () => {
    const app: App = () =>
      respond('hello', {
        statusText: 'Fine',
        headers: [
          ['Connection', 'keep-alive'],
          ['Keep-Alive', 'timeout=5'],
          ['Transfer-Encoding', 'chunked'],
          ['Set-Cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      })
    const { status, fields, text } = await over(app, (client) => get(client))
    expect([status, text, Object.keys(fields)]).toEqual([
      200,
      'hello',
      ['set-cookie', 'content-type', 'content-length', 'date'],
    ])
    expect(fields['set-cookie']).toEqual(['a=1', 'b=2'])
  })

  it.each<[string, Wrapper, Record<string, unknown>]>([
    [
      'another status',
      (app) =>
        async (...all) =>
          editStatus(await app(...all), 404),
      { status: 404 },
    ],
    [
      'another answer',
      (app) =>
        async (...all) => (await app(...all), respond('other')),
      { status: 200, text: 'other' },
    ],
    [
      'a native one',
      (app) =>
        async (...all) => (await app(...all), new Response('n')),
      { status: 200, text: 'n' },
    ],
    [
      'a filter',
      (app) =>
        async (...all) =>
          filterBody(await app(...all), loud),
      { text: 'FROM THE APP' },
    ],
  ])('of a Node app can be replaced by a wrapper: %s', async (_, wrapper, wanted) => {
    const app = fromNode((_req, res) => {
      res.setHeader('x-app', '1')
      res.write('from ')
      setImmediate(() => res.end('the app'))
    })
    expect(await over(wrapper(app), (client) => get(client))).toMatchObject(wanted)
  })

  it.each<[string, App]>([
    ['throws before its head', fromNode(() => { throw new Error('a fault') })], // prettier-ignore
    ['rejects with its head held', fromNode(async (_req, res) => { res.writeHead(200, { 'x-app': '1' }); throw new Error('a fault') })], // prettier-ignore
  ])('is a plain 500 if the app %s', async (_, app) => {
    const slow: App = async (...all) => {
      const response = await app(...all)
      await turns(3)
      return response
    }
    const { status, fields } = await over(slow, (client) => get(client))
    expect([status, fields['x-app']]).toEqual([500, undefined])
  })

  it('is reset if its stream fails half way: it never looks whole', async () => {
    const app: App = () => new Response(failing())
    const asked = await over(app, async (client) => {
      const exchange = client.ask({ ':path': '/' })
      await exchange.closed
      return exchange
    })
    expect(asked.stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR)
  })

  it('stops at a client that does not read, and goes on', async () => {
    let pulled = 0
    const endless = (): ReadableStream<Uint8Array> =>
      new ReadableStream({ pull: (controller) => void (pulled++, controller.enqueue(new Uint8Array(65_536))) })
    await over(
      () => new Response(endless()),
      async (client) => {
        const asked = client.ask({ ':path': '/' })
        await asked.saw(65_536)
        asked.stream.pause()
        let before = -1
        while (before !== pulled) {
          before = pulled
          await turns(200)
        }
        expect(pulled).toBeLessThan(200)
        asked.stream.resume()
        await asked.saw((before + 50) * 65_536)
      },
    )
  })
})

describe('RST_STREAM', () => {
  it.each([constants.NGHTTP2_CANCEL, constants.NGHTTP2_INTERNAL_ERROR])(
    'aborts request.signal and is told to onFinish, code %d; the stream beside it lives on',
    async (code) => {
      const finished = later<Finished>()
      const started = later()
      const go = later()
      const signals: AbortSignal[] = []
      const app: App = async (request, context) => {
        signals.push(request.signal)
        if (request.url.endsWith('/other')) {
          await go.promise
          return respond('lives')
        }
        context.onFinish(finished.resolve)
        started.resolve()
        await new Promise((resolve) => request.signal.addEventListener('abort', resolve))
        throw request.signal.reason
      }
      await over(app, async (client) => {
        const other = client.ask({ ':path': '/other' })
        const asked = client.ask({ ':path': '/' })
        await started.promise
        asked.stream.close(code)
        expect(await finished.promise).toMatchObject({ outcome: 'aborted', status: null, error: null })
        expect(signals.map(({ aborted }) => aborted).toSorted()).toEqual([false, true])
        go.resolve()
        expect((await answer(other)).text).toBe('lives')
      })
    },
  )

  it.each<[string, App, Partial<Finished>]>([
    ['sent', () => respond('hello', { status: 201 }), { outcome: 'sent', status: 201, error: null }],
    ['sent by a Node app', fromNode((_req, res) => void res.end('hello')), { outcome: 'sent', status: 200 }],
    ['error', () => new Response(failing()), { outcome: 'error', status: 200 }],
  ])('is not what every end is: %s', async (_, app, wanted) => {
    const finished = later<Finished>()
    const told: App = (request, context) => {
      context.onFinish(finished.resolve)
      return app(request, context)
    }
    const end = await over(told, async (client) => {
      await client.ask({ ':path': '/' }).closed
      return finished.promise
    })
    expect(end).toMatchObject(wanted)
  })
})

describe('a server with allowHTTP1', () => {
  it('speaks HTTP/1 with who does not know better', async () => {
    await over(
      around((app) => app),
      async (_, port) => {
        const wire = new Wire(port, true)
        await wire.opened()
        wire.send('GET /one HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n')
        const { statusLine, body } = await wire.response()
        expect([statusLine, JSON.parse(body.toString()).url]).toEqual(['HTTP/1.1 200 OK', '/one'])
        wire.leave()
      },
      true,
    )
  })

  it('takes WebSockets, which come over HTTP/1', async () => {
    const sockets = new WebSocketServer({ noServer: true })
    sockets.on('connection', (socket) => void socket.send('hello'))
    const app = fromNode((_req, res) => void res.end(), {
      upgrade: (req, socket, head) => sockets.handleUpgrade(req, socket, head, (ws) => sockets.emit('connection', ws)),
    })
    const server = made(app, true).on('upgrade', toUpgrade(app))
    await over(
      server,
      async (_, port) => {
        const socket = new WebSocket(`wss://127.0.0.1:${port}`, { rejectUnauthorized: false })
        const [data] = await once(socket, 'message')
        expect(String(data)).toBe('hello')
        socket.terminate()
      },
      true,
    )
  })
})

describe('curl', () => {
  it.each([
    ['--http2', true],
    ['--http2-prior-knowledge', false],
  ])('%s gets the answer of a Node app', async (option, secure) => {
    const app = fromNode((req, res) => void res.writeHead(200, { 'x-app': '1' }).end(`${req.method} ${req.url}`))
    const { stdout } = await over(
      app,
      (_, port) => run('curl', ['-siNk', option, `${secure ? 'https' : 'http'}://127.0.0.1:${port}/path`]),
      secure,
    )
    const [head = '', body] = stdout.split('\r\n\r\n')
    expect([head.split('\r\n')[0], head.includes('x-app: 1'), body]).toEqual(['HTTP/2 200 ', true, 'GET /path'])
  })
})

it('two onions, one in the other, each hold their own', async () => {
  const inner = toNode(fromNode((_req, res) => void res.writeHead(201, { 'x-app': '1' }).end('deep')))
  const app = fromNode((req, res) => inner(req, res))
  const { status, fields, text } = await over(app, (client) => get(client))
  expect([status, fields['x-app'], text]).toEqual([201, '1', 'deep'])
})

it('a thousand answers on one session leave no listener on its socket', async () => {
  const app = fromNode((_req, res) => void res.end('hello'))
  const slow: App = async (request, context) => {
    const response = await app(request, context)
    await new Promise((resolve) => setImmediate(resolve))
    return response
  }
  const server = createServer(toNode(slow))
  const sockets: { listenerCount(event: string): number }[] = []
  server.on('session', (session) => sockets.push(session.socket))
  await over(server, async (_, port) => {
    const session = connect(`http://127.0.0.1:${port}`)
    for (let i = 0; i < 20; i++) {
      const streams = Array.from({ length: 50 }, () => session.request({ ':path': '/' }))
      await Promise.all(streams.map((stream) => once(stream.resume(), 'close')))
    }
    session.destroy()
    expect(sockets.map((socket) => socket.listenerCount('close')).every((count) => count < 10)).toBe(true)
  })
})

function loud(): TransformStream<Uint8Array, Uint8Array> {
  const encoder = new TextEncoder()
  return new TransformStream({
    transform: (chunk, controller) => controller.enqueue(encoder.encode(new TextDecoder().decode(chunk).toUpperCase())),
  })
}

function failing(): ReadableStream<Uint8Array> {
  let begun = false
  return new ReadableStream({
    async pull(controller) {
      await turns(5)
      if (begun) throw new Error('half way')
      begun = true
      controller.enqueue(new TextEncoder().encode('half'))
    },
  })
}
