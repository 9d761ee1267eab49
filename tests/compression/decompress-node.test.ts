import { once } from 'node:events'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import express from 'express'
import Fastify from 'fastify'
import Koa from 'koa'
import { respond, type App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { decompressRequest } from '@outerware/compression'
import { exchange, listen, type Listening } from '../support/index.ts'
import { noise } from './support.ts'

const LIMIT = 500_000
const around = (app: App): Promise<Listening> => listen(toNode(decompressRequest({ limit: LIMIT })(app)))

/** What each app answers with: what it parsed, and what its request says of the body. */
interface Seen {
  readonly body: unknown
  readonly encoding?: string
  readonly transfer?: string
  readonly length?: string
}

const seen = (headers: NodeJS.Dict<string | string[]>, body: unknown): object => ({
  body,
  encoding: headers['content-encoding'],
  transfer: headers['transfer-encoding'],
  length: headers['content-length'],
})

function withExpress(): Promise<Listening> {
  const app = express()
  app.post('/json', express.json({ limit: '1mb' }), (req, res) => void res.json(seen(req.headers, req.body)))
  app.post('/raw', (req, res) => void req.pipe(res))
  return around(fromNode(app))
}

function withKoa(): Promise<Listening> {
  const app = new Koa()
  app.use(async (ctx) => {
    if (ctx.path === '/raw') return void (ctx.body = ctx.req)
    const chunks: Buffer[] = []
    for await (const chunk of ctx.req) chunks.push(chunk)
    ctx.body = seen(ctx.headers, JSON.parse(Buffer.concat(chunks).toString()))
  })
  return around(fromNode(app.callback()))
}

async function withFastify(): Promise<Listening> {
  const app = Fastify()
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload))
  app.post('/json', (request, reply) => reply.send(seen(request.headers, request.body)))
  app.post('/raw', (request, reply) => reply.send(request.body))
  await app.ready()
  return around(fromNode((req, res) => app.routing(req, res)))
}

function withFetch(): Promise<Listening> {
  return around(async (request) => {
    if (request.url.endsWith('/raw')) return new Response(request.body)
    const told = seen(Object.fromEntries(request.headers), await request.json())
    return respond(JSON.stringify(told), { headers: { 'content-type': 'application/json' } })
  })
}

const brotli = (text: string): Buffer => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })

describe.each([
  ['Express', withExpress],
  ['Koa', withKoa],
  ['Fastify', withFastify],
  ['a Fetch app', withFetch],
])('%s', (_name, start) => {
  let site: Listening
  beforeAll(async () => void (site = await start()))
  afterAll(() => site.close())

  const post = (path: string, body: Uint8Array<ArrayBuffer> | ReadableStream, coding = 'gzip'): Promise<Response> =>
    fetch(site.url + path, {
      method: 'POST',
      body,
      headers: {
        'content-type': path === '/json' ? 'application/json' : 'application/octet-stream',
        'content-encoding': coding,
      },
      duplex: 'half',
    })
  const inPieces = (bytes: Uint8Array): ReadableStream => {
    const pieces = Array.from({ length: 9 }, (_, i) =>
      bytes.subarray((i * bytes.length) / 9, ((i + 1) * bytes.length) / 9),
    )
    return new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setImmediate(resolve))
        const piece = pieces.shift()
        if (piece === undefined) controller.close()
        else controller.enqueue(new Uint8Array(piece))
      },
    })
  }

  it.each([10, 9000, 400_000])('parses JSON of %d characters, with a length and in chunks', async (size) => {
    const body = { text: noise(size).toString('base64').slice(0, size) }
    const json = JSON.stringify(body)
    const whole: Seen = { body, length: String(json.length) }
    expect(await (await post('/json', new Uint8Array(brotli(json)), 'br')).json()).toEqual(whole)
    expect(await (await post('/json', inPieces(gzipSync(json)))).json()).toEqual(whole)
  })

  it.each([1, 70_000, 400_000])('pipes %d bytes through', async (size) => {
    for (const body of [new Uint8Array(gzipSync(noise(size))), inPieces(gzipSync(noise(size)))]) {
      const response = await post('/raw', body)
      expect(Buffer.from(await response.arrayBuffer()).equals(noise(size))).toBe(true)
    }
  })

  it('hears nothing of a bomb, of what is malformed, or of a coding that nobody knows', async () => {
    expect((await post('/json', new Uint8Array(gzipSync(Buffer.alloc(5_000_000))))).status).toBe(413)
    expect((await post('/json', new Uint8Array(Buffer.from('{"not":"coded"}')))).status).toBe(400)
    const { status, headers } = await post('/json', new Uint8Array(1), 'compress')
    expect([status, headers.get('accept-encoding')]).toEqual([415, expect.stringContaining('gzip')])
  })

  it('takes the next request on the same connection, after each of the answers', async () => {
    const request = (body: Buffer, coding: string): Buffer => {
      const fields = `Content-Type: application/json\r\nContent-Encoding: ${coding}\r\nContent-Length: ${body.length}`
      return Buffer.concat([Buffer.from(`POST /json HTTP/1.1\r\nHost: site.test\r\n${fields}\r\n\r\n`), body])
    }
    const good = gzipSync('{"x":1}')
    const bytes = Buffer.concat([
      request(good, 'gzip'),
      request(gzipSync(Buffer.alloc(5_000_000)), 'gzip'),
      request(Buffer.from('bad'), 'gzip'),
      request(good, 'compress'),
      request(good, 'gzip'),
      Buffer.from('GET /raw HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n'),
    ])
    const { text } = await exchange(site.port, bytes)
    const statuses = Array.from(text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => Number(status))
    expect(statuses.slice(0, 5)).toEqual([200, 413, 400, 415, 200])
  })

  it('is answered for when a body is too long, which is then thrown away', async () => {
    const fields = 'Content-Encoding: gzip\r\nTransfer-Encoding: chunked'
    const head = `POST /json HTTP/1.1\r\nHost: site.test\r\n${fields}\r\n\r\n`
    const chunk = Buffer.concat([Buffer.from('186a0\r\n'), noise(100_000), Buffer.from('\r\n')])
    const next = '0\r\n\r\nGET /raw HTTP/1.1\r\nHost: site.test\r\nConnection: close\r\n\r\n'
    const long = Array.from({ length: 100 }, () => chunk)
    const { text, end } = await exchange(site.port, Buffer.concat([Buffer.from(head), ...long, Buffer.from(next)]))
    expect(text).toMatch(/^HTTP\/1\.1 413 .*HTTP\/1\.1 \d/s)
    expect(end).toBe('fin')
  })
})

it('hands a decoded body on over HTTP/2', async () => {
  const app: App = async (request) => respond(`${await request.text()} ${request.headers.get('content-length')}`)
  const server = createHttp2Server().on('request', toNode(decompressRequest()(app)) as never)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  try {
    const post = session.request({ ':method': 'POST', 'content-encoding': 'gzip' })
    post.end(gzipSync('hello'))
    expect(Buffer.concat(await post.toArray()).toString()).toBe('hello 5')
  } finally {
    session.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
})
