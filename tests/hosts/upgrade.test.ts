import { afterEach, describe, expect, it } from '@jest/globals'
import { after, compose, editHeaders, respond, upgrade, type App, type Finished, type Wrapper } from '@outerware/core'
import { fromNode, serve, type Running } from '@outerware/core/node'
import express from 'express'
import httpProxy from 'http-proxy'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { Server as SocketServer } from 'socket.io'
import { io } from 'socket.io-client'
import { WebSocket, WebSocketServer, type RawData } from 'ws'
import { exchange, listen, until } from '../support/index.ts'
import { Wire } from './harness/wire.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function run(app: App): Promise<Running> {
  const running = await serve(app, { port: 0, hostname: '127.0.0.1', signals: false, stopTimeoutMs: 200, onError() {} })
  cleanups.push(() => running.stop())
  return running
}

const mark: Wrapper = (app) => (request, context) =>
  after(app(request, context), (response) =>
    editHeaders(response, (headers) => {
      headers.append('set-cookie', 'a=1')
      headers.append('set-cookie', 'b=2')
    }),
  )

/** What `ws` hands over for a text message. */
const textOf = (message: RawData): string =>
  Buffer.concat([message].flat().map((part) => Buffer.from(Object(part)))).toString()

/** A gate that knows nothing of WebSockets. */
const gate: Wrapper = (app) => (request, context) =>
  request.headers.get('authorization') === null ? respond('sign in', { status: 401 }) : app(request, context)

function echo(): { app: App; sockets: WebSocketServer } {
  const sockets = new WebSocketServer({ noServer: true })
  cleanups.push(() => sockets.close())
  sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(`echo ${textOf(message)}`)))
  const site = express().get('/', (_req, res) => void res.send('page'))
  const app = fromNode(site, {
    upgrade: (req, socket, head) =>
      sockets.handleUpgrade(req, socket, head, (accepted) => sockets.emit('connection', accepted, req)),
  })
  return { app, sockets }
}

interface Opened {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: string
  readonly socket: WebSocket
}

/** Opens a WebSocket, and tells how the server answered. */
function open(url: string, headers: Record<string, string> = {}): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), { headers })
    cleanups.push(() => socket.terminate())
    let answer: Opened | undefined
    socket.on('upgrade', (response) => {
      answer = { status: response.statusCode ?? 0, headers: response.headers, body: '', socket }
    })
    socket.on('open', () => resolve(answer!))
    socket.on('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', (chunk) => (body += String(chunk)))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body, socket }))
    })
    socket.on('error', reject)
  })
}

function say(socket: WebSocket, message: string): Promise<string> {
  return new Promise((resolve) => {
    socket.once('message', (answer) => resolve(textOf(answer)))
    socket.send(message)
  })
}

describe('a WebSocket through the onion', () => {
  it('stands behind a gate that knows nothing of WebSockets', async () => {
    const { url } = await run(compose(mark, gate)(echo().app))
    const refused = await open(url)
    expect([refused.status, refused.body, refused.headers['set-cookie']]).toEqual([401, 'sign in', ['a=1', 'b=2']])
    const accepted = await open(url, { authorization: 'yes' })
    expect(accepted.status).toBe(101)
    expect(await say(accepted.socket, 'hi')).toBe('echo hi')
  })

  it('gets the fields that wrappers add, behind those of the app', async () => {
    const { port } = await run(compose(mark)(echo().app))
    const wire = new Wire(port)
    cleanups.push(() => wire.leave())
    wire.send(
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await wire.saw('\r\n\r\n')
    expect(String(wire.received)).toBe(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n\r\n',
    )
  })

  const head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\nX-Utf: é€\r\n'
  it.each<[string, (socket: Duplex) => unknown]>([
    ['ends with it', (socket) => socket.end(`${head}\r\n`)],
    ['ends with it, and with bytes behind it', (socket) => socket.end(Buffer.from(`${head}\r\nbehind €`))],
    ['writes its beginning, and ends with the rest', (socket) => socket.write(head) && socket.end('\r\nbehind €')],
    ['writes it, and ends', (socket) => socket.write(`${head}\r\n`) && socket.end()],
    [
      'writes it in base64, a piece for each third byte',
      (socket) => {
        for (const part of Buffer.from(`${head}\r\nbehind`)
          .toString('base64')
          .match(/.{1,4}/g)!)
          socket.write(part, 'base64')
        socket.end()
      },
    ],
    ['writes the beginning of one only', (socket) => socket.write(head) && socket.end()],
    ['writes another answer', (socket) => socket.end('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 1\r\n\r\n€')],
    ['ends without a word', (socket) => socket.end()],
  ])('gets them, and every byte as it is, from an acceptor that %s', async (_, accept) => {
    const accepting: App = () => upgrade((_req, socket) => void accept(socket))
    const request = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n'
    const [bare, marked] = await Promise.all(
      [accepting, mark(accepting)].map(async (app) => exchange(Number(new URL((await run(app)).url).port), request)),
    )
    const lines = 'set-cookie: a=1\r\nset-cookie: b=2\r\n'
    const wanted = bare!.text.replace(/^HTTP\/1\.1 101[^]*?\r\n(?=\r\n)/, (said) => said + lines)
    expect([marked!.text, marked!.end]).toEqual([wanted, bare!.end])
  })

  it('is accepted by a Fetch app with upgrade()', async () => {
    const { sockets } = echo()
    const app: App = (_request, context) =>
      context.upgrade?.protocol === 'websocket'
        ? upgrade((req, socket, head) =>
            sockets.handleUpgrade(req, socket, head, (accepted) => sockets.emit('connection', accepted, req)),
          )
        : respond('page')
    const { url } = await run(compose(mark)(app))
    expect(await (await fetch(url)).text()).toBe('page')
    const { socket } = await open(url)
    expect(await say(socket, 'hi')).toBe('echo hi')
  })

  it('works with socket.io inside, over polling and over WebSockets', async () => {
    const inner = createServer(express())
    const sockets = new SocketServer(inner, { serveClient: false })
    sockets.on('connection', (socket) =>
      socket.on('ask', (question: string, answer: (a: string) => void) => answer(`${question}!`)),
    )
    cleanups.push(() => sockets.close())
    const app = fromNode((req, res) => inner.emit('request', req, res), {
      upgrade: (req, socket, head) => inner.emit('upgrade', req, socket, head),
    })
    const { url } = await run(compose(mark, gate)(app))
    for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
      const client = io(url, { transports, extraHeaders: { authorization: 'yes' }, reconnection: false })
      expect(await client.emitWithAck('ask', 'hello')).toBe('hello!')
      client.close()
    }
    const stranger = io(url, { transports: ['websocket'], reconnection: false })
    await new Promise((resolve) => stranger.once('connect_error', resolve))
    stranger.close()
  })

  it('reaches another server through a proxy inside', async () => {
    const upstream = createServer()
    const { sockets } = echo()
    upstream.on('upgrade', (req, socket, head) =>
      sockets.handleUpgrade(req, socket, head, (accepted) => sockets.emit('connection', accepted, req)),
    )
    const target = await listen(upstream)
    cleanups.push(() => target.close())
    const proxy = httpProxy.createProxyServer({ target: target.url })
    cleanups.push(() => proxy.close())
    const app = fromNode((req, res) => proxy.web(req, res), {
      upgrade: (req, socket, head) => proxy.ws(req, socket, head),
    })
    const { url } = await run(compose(mark)(app))
    const { socket, headers } = await open(url)
    expect(headers['set-cookie']).toEqual(['a=1', 'b=2'])
    expect(await say(socket, 'hi')).toBe('echo hi')
  })

  it('ends for onFinish when its socket closes', async () => {
    const finished: Finished[] = []
    const { app } = echo()
    const { url } = await run((request, context) => {
      context.onFinish((end) => void finished.push(end))
      return app(request, context)
    })
    const { socket } = await open(url)
    await say(socket, 'hi')
    expect(finished).toEqual([])
    socket.close()
    await until(() => finished.length > 0)
    expect(finished).toEqual([{ status: 101, outcome: 'sent', error: null, evidence: 'os' }])
  })

  it('is not accepted for a client that has left while the onion was thinking', async () => {
    let accepted = 0
    let asked = (): void => {}
    const arrived = new Promise<void>((resolve) => (asked = resolve))
    const { url } = await run(async (_request, context) => {
      asked()
      await once(context.node!.req.socket, 'end')
      return upgrade(() => void accepted++)
    })
    const client = connect(Number(new URL(url).port), '127.0.0.1')
    client.on('error', () => {})
    client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    await arrived
    client.end()
    await new Promise((resolve) => client.once('close', resolve))
    expect(accepted).toBe(0)
  })

  it('is an ordinary request where the app takes no upgrades, as with curl --http2', async () => {
    const { url } = await run(compose(mark)(fromNode(express().get('/', (_req, res) => void res.send('page')))))
    const { text } = await exchange(
      Number(new URL(url).port),
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
    )
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n\r\npage$/)
  })

  it.each([
    [
      'a throw',
      () => {
        throw new Error('no')
      },
    ],
    ['a rejection', () => Promise.reject(new Error('no'))],
    ['no Response', () => Reflect.get({}, 'nothing')],
  ] satisfies [string, App][])('answers %s with a 500 and closes', async (_what, app) => {
    const { url } = await run(app)
    const { text, end } = await exchange(
      Number(new URL(url).port),
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    )
    expect(text).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\n/)
    expect(end).toBe('fin')
  })
})

it('a 101 that does not come from upgrade() is an error of the app, a 500', async () => {
  const { url } = await run(() => respond(null, { status: 101 }))
  expect((await fetch(url)).status).toBe(500)
})
