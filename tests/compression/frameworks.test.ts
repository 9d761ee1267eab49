import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import Fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { toNode } from '@outerware/core/node'
import { compression } from '@outerware/compression'
import { listen, type Listening } from '../support/index.ts'
import { around, ask, expectCoded, open } from './http.ts'
import { decodeStream } from './streams.ts'
import { noise, prose } from './support.ts'

const text = prose(8000)
const long = prose(300_000)
let events = new PassThrough()

function koa(): Promise<Listening> {
  const app = new Koa()
  app.use((ctx) => {
    ctx.type = 'text'
    if (ctx.path === '/send') ctx.body = text
    else if (ctx.path === '/etag') {
      ctx.etag = 'x'
      ctx.body = text
      if (ctx.fresh) ctx.status = 304
    } else if (ctx.path === '/pipe') ctx.body = new PassThrough().end(long)
    else if (ctx.path === '/small') ctx.body = 'hi'
    else if (ctx.path === '/image') {
      ctx.type = 'png'
      ctx.body = noise(8000)
    } else if (ctx.path === '/events') {
      ctx.type = 'text/event-stream'
      ctx.body = events
    }
  })
  return around(app.callback())
}

async function fastify(): Promise<Listening> {
  const app = Fastify()
  app.get('/send', (_request, reply) => reply.type('text/plain').send(text))
  app.get('/etag', (request, reply) => {
    reply.header('etag', '"x"').type('text/plain')
    return request.headers['if-none-match'] === 'W/"x"' ? reply.code(304).send() : reply.send(text)
  })
  app.get('/pipe', (_request, reply) => reply.type('text/plain').send(new PassThrough().end(long)))
  app.get('/small', (_request, reply) => reply.type('text/plain').send('hi'))
  app.get('/image', (_request, reply) => reply.type('image/png').send(noise(8000)))
  app.get('/events', (_request, reply) => reply.type('text/event-stream').send(events))
  await app.ready()
  return around((req, res) => app.routing(req, res))
}

function hono(): Promise<Listening> {
  const app = new Hono()
  app.get('/send', (c) => c.text(text))
  app.get('/etag', (c) =>
    c.req.header('if-none-match') === 'W/"x"' ? c.body(null, 304, { etag: '"x"' }) : c.text(text, 200, { etag: '"x"' }),
  )
  app.get('/pipe', () => new Response(new Blob([long]).stream(), { headers: { 'content-type': 'text/plain' } }))
  app.get('/small', (c) => c.text('hi'))
  app.get('/image', (c) => c.body(new Uint8Array(noise(8000)), 200, { 'content-type': 'image/png' }))
  app.get('/events', () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        events.on('data', (chunk: Uint8Array) => controller.enqueue(new Uint8Array(chunk)))
        events.on('end', () => controller.close())
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  })
  return listen(toNode(compression()((request) => app.fetch(request))))
}

describe.each([
  ['Koa', koa],
  ['Fastify', fastify],
  ['Hono', hono],
])('%s', (_name, start) => {
  let site: Listening
  beforeAll(async () => void (site = await start()))
  afterAll(() => site.close())

  it.each([
    ['/send', text],
    ['/pipe', long],
  ])('has %s coded', async (path, wanted) => {
    for (const coding of ['gzip', 'br'])
      expectCoded(await ask(site, path, { 'accept-encoding': coding }), wanted, coding)
  })

  it('has the coded length of a body that it sent as a whole', async () => {
    const { headers, bytes } = await ask(site, '/send')
    expect(headers['content-length']).toBe(String(bytes.byteLength))
  })

  it('has a short body bare', async () => {
    const { headers, text: body } = await ask(site, '/small')
    expect(body).toBe('hi')
    expect(headers).toMatchObject({ 'content-length': '2', vary: 'accept-encoding' })
    expect(headers).not.toHaveProperty('content-encoding')
  })

  it('has an image left alone', async () => {
    const { headers, bytes } = await ask(site, '/image')
    expect(bytes.equals(noise(8000))).toBe(true)
    expect(headers).not.toHaveProperty('vary')
  })

  it('has its strong entity tag weak, in the 304 too', async () => {
    expect((await ask(site, '/etag')).headers.etag).toBe('W/"x"')
    const again = await ask(site, '/etag', { 'if-none-match': 'W/"x"' })
    expect(again.status).toBe(304)
    expect(again.headers).toMatchObject({ etag: 'W/"x"', vary: 'accept-encoding' })
  })

  it('has its events sent while they come', async () => {
    events = new PassThrough()
    events.write('data: 1\n\n')
    const reader = decodeStream('gzip', await open(site.port, '/events'))
    expect(await reader.next(9)).toBe('data: 1\n\n')
    events.end('data: 2\n\n')
    expect(await reader.next(9)).toBe('data: 2\n\n')
    expect(await reader.next(1)).toBe('')
  })
})
