/** The kinds over HTTP/2: what is asked, and what the client does meanwhile. */
import { constants } from 'node:http2'
import type { AppRecord } from '../harness/record.ts'
import type { Client, Exchange } from './client.ts'

export interface Http2Kind {
  readonly name: string
  readonly app: 'plain' | 'koa' | 'fastify'
  readonly ask: (client: Client, record: AppRecord) => Promise<Exchange | Exchange[]>
  /** How much had come by then is a matter of time, and so is whether Node counts it as finished. */
  readonly untimed?: true
  /** Why it cannot be the same where a wrapper makes another Response. */
  readonly notRebuilt?: string
}

const large = Buffer.alloc(3_000_000, 'outerware ')

function get(path: string, fields: Record<string, string> = {}, app: Http2Kind['app'] = 'plain'): Http2Kind {
  const method = fields[':method'] ?? 'GET'
  return {
    name: `${app}: ${method} ${path}`,
    app,
    async ask(client) {
      const asked = client.ask({ ':path': path, ...fields })
      await asked.closed
      return asked
    },
  }
}

function post(path: string, body: string | Buffer, fields: Record<string, string> = {}): Http2Kind {
  return {
    name: `POST ${path}, ${body.length} bytes`,
    app: 'plain',
    async ask(client) {
      const asked = client.ask({ ':path': path, ':method': 'POST', ...fields })
      asked.stream.end(body)
      await asked.closed
      return asked
    },
  }
}

/** The client resets its stream once the app has begun. */
function reset(path: string, code: number): Http2Kind {
  return {
    name: `GET ${path}, and RST_STREAM ${code}`,
    app: 'plain',
    untimed: true,
    async ask(client, record) {
      const asked = client.ask({ ':path': path })
      await record.saw('app started')
      if (path === '/endless') await asked.saw(4)
      asked.stream.close(code)
      await asked.closed
      await record.saw('req close')
      return asked
    },
  }
}

const gated = (path: string, gate: string, bytes: number): Http2Kind => ({
  name: `GET ${path}, step by step`,
  app: 'plain',
  async ask(client, record) {
    const asked = client.ask({ ':path': path })
    const head = new Promise((resolve) => asked.stream.once('response', resolve))
    await head
    await asked.saw(bytes)
    record.open(gate)
    await asked.closed
    return asked
  },
})

const paths = ['/end', '/nothing', '/head-only', '/not-modified', '/fields', '/list', '/length']
const more = ['/connection', '/of-connection', '/pieces', '/later', '/stream', '/drain', '/trailers', '/hints']
const errors = ['/hints-late', '/double', '/double-head', '/wrong-status', '/destroy', '/destroy-error', '/reset']

const pages = [
  '/text',
  '/json',
  '/buffer',
  '/status',
  '/fields',
  '/redirect',
  '/stream',
  '/later',
  '/throws',
  '/by-hand',
]

const of = (app: 'koa' | 'fastify'): Http2Kind[] => [
  ...[...pages, '/missing'].map((path) => get(path, {}, app)),
  get('/text', { ':method': 'HEAD' }, app),
]

export const kinds: readonly Http2Kind[] = [
  ...[...paths, ...more, ...errors].map((path) => get(path)),
  { ...get('/no-date'), notRebuilt: 'Fetch cannot say that there is no Date' },
  { ...get('/destroy-after-end'), notRebuilt: 'the other body is whole before the stream is destroyed' },
  { ...get('/cut-after-end'), notRebuilt: 'the other body is whole before the stream is destroyed' },
  {
    ...get('/cut-after-write'),
    notRebuilt: 'a body of another hand that ends half way resets its stream with an error',
  },
  ...['/end', '/nothing', '/length'].map((path) => get(path, { ':method': 'HEAD' })),
  get('/request?a=%20b', { cookie: 'a=1', 'x-own': 'o', ':authority': 'other.test:8443' }),
  { ...get('/request?a', { ':method': 'OPTIONS' }), name: 'OPTIONS' },
  get('/nowhere'),
  gated('/flush', 'body', 0),
  gated('/destroy-half-way', 'fail', 16),
  post('/echo', 'hello'),
  post('/echo', large),
  post('/size', large, { 'content-length': String(large.length) }),
  post('/unread', 'never read'),
  { ...post('/echo', 'expected', { expect: '100-continue' }), name: 'Expect: 100-continue' },
  {
    name: 'trailers of the request',
    app: 'plain',
    async ask(client) {
      const asked = client.ask({ ':path': '/request-trailers', ':method': 'POST' }, { endStream: false })
      asked.stream.on('wantTrailers', () => void 0)
      asked.stream.end('body')
      await asked.closed
      return asked
    },
  },
  ...[constants.NGHTTP2_CANCEL, constants.NGHTTP2_INTERNAL_ERROR].flatMap((code) => [
    reset('/never', code),
    reset('/endless', code),
  ]),
  {
    name: 'ten streams at once, of which one is reset',
    app: 'plain',
    async ask(client, record) {
      const never = client.ask({ ':path': '/never' })
      await record.saw('app started')
      const others = Array.from({ length: 9 }, () => client.ask({ ':path': '/later' }))
      never.stream.close(constants.NGHTTP2_CANCEL)
      await Promise.all([never, ...others].map(({ closed }) => closed))
      return [never, ...others]
    },
  },
  ...of('koa'),
  ...of('fastify'),
]
