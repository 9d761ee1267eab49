/** Connections: keep-alive, pipelining, old versions, clients that leave, limits of the server, takeovers. */
import { inChunks, ready, requestOf, withBody, type Kind } from '../harness/kind.ts'
import { endWithReady } from '../harness/run.ts'
import type { Wire } from '../harness/wire.ts'

const late = 'an answer that comes a turn later is cut off, bare as well, when the client has said its last'
const onlySync = { async: late, 'ten async': late, slow: late, nested: late, rebuild: late }

const get = (path: string, ...fields: string[]): Kind => ({
  name: `GET ${path}`,
  sends: requestOf(`GET ${path}`, ...fields),
})

/** Sends bytes as they are, and reads until the server closes. */
const untilClosed = (name: string, bytes: string): Kind => ({
  name,
  async script(wire) {
    wire.send(bytes)
    await wire.closed()
  },
})

/** The client leaves when the app has seen something; the run ends when the app has seen that. */
const leaving = (name: string, path: string, how: 'leave' | 'reset' | 'end', saw?: string): Kind => ({
  name,
  async script(wire, { record }) {
    wire.send(requestOf(`GET ${path}`))
    await record.saw('app started')
    if (saw !== undefined) await wire.saw(saw)
    wire[how]()
    await record.saw('destroyed=true')
  },
})

export const keepAlive: readonly Kind[] = [
  {
    name: 'three requests, one after the other',
    async script(wire) {
      for (const method of ['GET', 'POST', 'HEAD']) {
        wire.send(withBody(`${method} /hello`, method === 'POST' ? 'body' : ''))
        await wire.response(method)
      }
      await endWithReady(wire, await (wire.send(requestOf('GET /hello')), wire.response()))
    },
  },
  {
    name: 'pipelining, answers in order',
    async script(wire) {
      wire.send(requestOf('GET /hello') + withBody('POST /hello', 'body') + requestOf('GET /missing') + ready)
      for (const method of ['GET', 'POST', 'GET', 'GET']) await wire.response(method)
      await wire.closed()
    },
  },
  {
    name: 'pipelining, the first answer comes last',
    async script(wire, { record }) {
      wire.send(requestOf('GET /slow/one') + requestOf('GET /hello') + ready)
      await record.saw('#3 req GET /ready')
      record.open('one')
      for (let i = 0; i < 3; i++) await wire.response()
      await wire.closed()
    },
  },
  {
    name: 'pipelining behind a connection that the app cuts',
    async script(wire) {
      wire.send(requestOf('GET /plain/mid-stream') + ready)
      await wire.saw('a good beginning')
      wire.reset()
    },
  },
  { name: 'Connection: close by the client', sends: requestOf('GET /hello', 'Connection: close') },
  { name: 'Connection: keep-alive by the client', sends: requestOf('GET /hello', 'Connection: keep-alive') },
  untilClosed('HTTP/1.0', 'GET /hello HTTP/1.0\r\nHost: site.test\r\n\r\n'),
  untilClosed('HTTP/1.0 without Host', 'GET /hello HTTP/1.0\r\n\r\n'),
  {
    name: 'HTTP/1.0 with keep-alive',
    sends: 'GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
  },
  untilClosed('HTTP/1.0, streamed until the end', 'GET /missing HTTP/1.0\r\n\r\n'),
  {
    name: 'a connection that idles is closed',
    server: (server) => void (server.keepAliveTimeout = 30),
    async script(wire) {
      wire.send(requestOf('GET /hello'))
      await wire.response()
      await wire.closed()
    },
  },
  {
    name: 'maxRequestsPerSocket',
    server: (server) => void (server.maxRequestsPerSocket = 2),
    async script(wire) {
      wire.send(requestOf('GET /hello').repeat(3))
      for (let i = 0; i < 3; i++) await wire.response()
    },
  },
  { ...untilClosed('the client closes its side at once', ''), script: halfClosed, exempt: onlySync },
  {
    name: 'the app stops the server as it answers',
    exempt: { slow: 'an answer that comes later finds the server stopping: see the kinds that follow' },
    async script(wire) {
      wire.send(requestOf('GET /plain/stops-the-server'))
      await endWithReady(wire, await wire.response())
    },
  },
  {
    name: 'the app closes idle connections as it answers',
    exempt: { slow: 'as above' },
    async script(wire) {
      wire.send(requestOf('GET /plain/sweeps'))
      await endWithReady(wire, await wire.response())
    },
  },
  untilClosed('the app stops the server as it answers, late', requestOf('GET /plain/stops-the-server-late')),
  untilClosed('the app closes idle connections as it answers, late', requestOf('GET /plain/sweeps-late')),
]

export const aborts: readonly Kind[] = [
  leaving('the client leaves before the head', '/plain/never', 'leave'),
  leaving('the client resets before the head', '/plain/never', 'reset'),
  leaving('the client leaves in mid-stream', '/plain/mid-stream', 'leave', 'a good beginning'),
  leaving('the client resets in mid-stream', '/plain/mid-stream', 'reset', 'a good beginning'),
  leaving('the app writes to a client that has left', '/plain/writes-after-abort', 'leave', 'begun'),
  leaving('the app answers a client that has left', '/plain/answers-after-abort', 'leave'),
  {
    name: 'the client leaves in mid-upload',
    async script(wire, { record }) {
      wire.send(requestOf('POST /plain/mid-upload', 'Content-Length: 10'), 'hello')
      await record.saw('some data')
      wire.reset()
      await record.saw('destroyed=true')
    },
  },
]

export const timeouts: readonly Kind[] = [
  get('/plain/timeout-res'),
  untilClosed('req.setTimeout, the request is whole', requestOf('GET /plain/timeout-req')),
  untilClosed('req.setTimeout, the body never ends', requestOf('POST /plain/timeout-req', 'Content-Length: 10')),
  untilClosed('a time out after the head', requestOf('GET /plain/timeout-after-head')),
  {
    ...untilClosed('a time out of the server', requestOf('GET /plain/never')),
    server: (server) => void server.setTimeout(300),
  },
  {
    ...untilClosed('a time out of the server, heard by it', requestOf('GET /plain/never')),
    server: (server, { record }) =>
      void server.setTimeout(300, (socket) => {
        record.add('server timed out')
        socket.setTimeout(0)
        socket.end('HTTP/1.1 503 Slow\r\n\r\n')
      }),
  },
  {
    name: '408, the head never ends',
    options: { headersTimeout: 200, connectionsCheckingInterval: 10 },
    async script(wire) {
      wire.send('GET /hello HTTP/1.1\r\nHost: site')
      await wire.closed()
    },
  },
  {
    name: '408, the body never ends',
    // Long enough for the head to come, on a machine that is busy with something else.
    options: { requestTimeout: 3000, headersTimeout: 3000, connectionsCheckingInterval: 10 },
    async script(wire) {
      wire.send(requestOf('POST /plain/mid-upload', 'Content-Length: 10'), 'hello')
      await wire.closed()
    },
  },
]

export const parsing: readonly Kind[] = [
  untilClosed('431, a head of 20 KB', requestOf('GET /hello', `X-Long: ${'a'.repeat(20_000)}`)),
  {
    ...untilClosed('431, by an option', requestOf('GET /hello', `X-Long: ${'a'.repeat(200)}`)),
    options: { maxHeaderSize: 150 },
  },
  untilClosed('400, no request at all', 'garbage\r\n\r\n'),
  {
    ...untilClosed('400, a chunk that is none', `${requestOf('POST /hello', 'Transfer-Encoding: chunked')}zz\r\n`),
    exempt: { slow: 'the app is called when the connection is dead already: its events have been' },
  },
  untilClosed('400, two lengths', requestOf('POST /hello', 'Content-Length: 1', 'Content-Length: 2')),
  {
    ...untilClosed('garbage behind an answered request', `${requestOf('GET /plain/identity')}garbage\r\n\r\n`),
    exempt: onlySync,
  },
  untilClosed('CONNECT, nobody listens', requestOf('CONNECT other.test:443')),
  {
    name: 'CONNECT, the server listens',
    server: (server) => void server.on('connect', (_, socket) => socket.end('HTTP/1.1 200 Tunnel\r\n\r\nbye')),
    async script(wire) {
      wire.send(requestOf('CONNECT other.test:443'))
      await wire.closed()
    },
  },
]

export const hijack: readonly Kind[] = [
  untilClosed('the app takes the socket', requestOf('GET /plain/hijack')),
  untilClosed("the app takes the response's socket", requestOf('GET /plain/hijack-res-socket')),
  untilClosed('the app detaches the socket', requestOf('GET /plain/hijack-detached')),
]

const handshake = (path: string, ...fields: string[]): string =>
  requestOf(`GET ${path}`, 'Connection: Upgrade', 'Upgrade: websocket', ...fields)
const key = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']

const noCopy = { rebuild: 'a copy of an upgrade() is no upgrade any more: rule 7 of the contract' }

export const upgrades: readonly Kind[] = [
  {
    name: 'a WebSocket: a greeting, an echo, a close',
    upgrades: true,
    exempt: noCopy,
    async script(wire) {
      wire.send(handshake('/socket', ...key))
      await wire.saw('welcome')
      wire.send(frame(1, 'ping pong'))
      await wire.saw('ping pong')
      wire.send(frame(8, '\x03\xe8'))
      await wire.closed()
    },
  },
  {
    name: 'a WebSocket, the first frame comes with the handshake',
    upgrades: true,
    exempt: noCopy,
    async script(wire) {
      wire.send(handshake('/socket', ...key) + frame(1, 'early bird'))
      await wire.saw('early bird')
      wire.send(frame(8, '\x03\xe8'))
      await wire.closed()
    },
  },
  {
    ...untilClosed('a WebSocket, 400 by ws', handshake('/socket', 'Sec-WebSocket-Version: 13')),
    upgrades: true,
    exempt: noCopy,
  },
  { ...untilClosed('an upgrade, 404 by hand', handshake('/nowhere')), upgrades: true, exempt: noCopy },
  {
    name: 'an upgrade by hand',
    upgrades: true,
    exempt: noCopy,
    async script(wire) {
      wire.send(`${handshake('/by-hand')}early `)
      await wire.saw('early')
      wire.send('late')
      await wire.saw('late')
      wire.end()
      await wire.closed()
    },
  },
  { name: 'an upgrade that no one listens for is a request', sends: handshake('/hello') },
]

export const identity: readonly Kind[] = [
  get('/identity'),
  get('/plain/identity'),
  { ...get('/identity'), name: 'the same over https', secure: true },
  { ...get('/hello'), name: 'hello over https', secure: true },
  { name: 'chunked over https', secure: true, sends: inChunks('POST /hello', ['a', 'b']) },
]

async function halfClosed(wire: Wire): Promise<void> {
  wire.send(requestOf('GET /plain/identity'))
  wire.end()
  await wire.closed()
}

/** A frame of a client, masked by zeros (RFC 6455, section 5.2). */
function frame(opcode: number, payload: string): string {
  return String.fromCharCode(0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0) + payload
}
