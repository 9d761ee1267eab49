/** The same site seven times: a wrapper around it, and its hooks inside of it. */
import { respond, type App, type Hooks, type Wrapper } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { path, site } from '@outerware/core/inner'
import { insideExpress } from '@outerware/recipes/hooks-inside/express'
import { insideFastify } from '@outerware/recipes/hooks-inside/fastify'
import { insideHono, type Bound } from '@outerware/recipes/hooks-inside/hono'
import { insideKoa } from '@outerware/recipes/hooks-inside/koa'
import { noncePlaceholder } from '@outerware/security-headers'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import type { IncomingMessage, RequestListener } from 'node:http'
import { Readable } from 'node:stream'
import { text as read } from 'node:stream/consumers'

export const text = 'hello '.repeat(400)
const own = { 'content-type': 'text/plain', 'x-frame-options': 'DENY', etag: '"own"' }
const html = { 'content-type': 'text/html; charset=utf-8' }
const sse = { 'content-type': 'text/event-stream' }
const plain = { 'content-type': 'text/plain; charset=utf-8' }

/** The engine of a package, by both of its faces. */
export interface Engine {
  readonly name: string
  readonly wrapper: () => Wrapper<any, any>
  readonly hooks: () => Hooks<any, any>
}

/** A page that wants a nonce. */
export const scripted = (): string => `<!doctype html><script nonce="${noncePlaceholder()}"></script>`

/** What of /events has gone out; the second goes when somebody calls it. */
export const gate: { open: () => void } = { open: () => {} }

async function* events(): AsyncGenerator<Buffer> {
  const opened = new Promise<void>((resolve) => (gate.open = resolve))
  yield Buffer.from('data: one\n\n')
  await opened
  yield Buffer.from('data: two\n\n')
}

/**
 * Puts an engine around or into a site, which answers /text, /short, /own, /script, /events, and a POST to /form with
 * what it was sent.
 */
export type Face = (engine: Engine) => RequestListener | Promise<RequestListener>

const routes = [
  path('/text', () => respond(text, { headers: plain })),
  path('/short', () => respond('hi', { headers: plain })),
  path('/own', () => respond(text, { headers: own })),
  path('/script', () => respond(scripted(), { headers: html })),
  path('/events', () => respond(Readable.from(events()), { headers: sse })),
  path('/form', { POST: async (request) => respond(`posted ${await request.text()}`, { headers: plain }) }),
]

function expressApp(hooks?: Hooks): express.Express {
  const app = express().set('env', 'test')
  if (hooks !== undefined) app.use(insideExpress(hooks))
  app.get('/text', (_req, res) => void res.type('text').send(text))
  app.get('/short', (_req, res) => void res.type('text').send('hi'))
  app.get('/own', (_req, res) => void res.set(own).send(text))
  app.get('/script', (_req, res) => void res.type('html').send(scripted()))
  app.get('/events', (_req, res) => void Readable.from(events()).pipe(res.set(sse)))
  app.post('/form', async (req, res) => void res.type('text').send(`posted ${await read(req)}`))
  return app
}

async function fastifyListener(hooks: Hooks): Promise<RequestListener> {
  const app = fastify()
  await app.register(insideFastify(hooks))
  app.addContentTypeParser('*', (_request: unknown, payload: IncomingMessage) => read(payload))
  app.get('/text', (_request, reply) => reply.headers(plain).send(text))
  app.get('/short', (_request, reply) => reply.headers(plain).send('hi'))
  app.get('/own', (_request, reply) => reply.headers(own).send(text))
  app.get('/script', (_request, reply) => reply.headers(html).send(scripted()))
  app.get('/events', (_request, reply) => reply.headers(sse).send(Readable.from(events())))
  app.post('/form', (request, reply) => reply.headers(plain).send(`posted ${String(request.body)}`))
  await app.ready()
  return (req, res) => app.routing(req, res)
}

function koaListener(hooks: Hooks): RequestListener {
  const app = new Koa()
  app.use(insideKoa(hooks))
  app.use(async (ctx) => {
    if (ctx.path === '/text') ctx.body = text
    else if (ctx.path === '/short') ctx.body = 'hi'
    else if (ctx.path === '/script') ctx.body = scripted()
    else if (ctx.path === '/events') {
      ctx.set(sse)
      ctx.body = Readable.from(events())
    } else if (ctx.path === '/own') {
      ctx.set(own)
      ctx.body = text
    } else if (ctx.path === '/form' && ctx.method === 'POST') ctx.body = `posted ${await read(ctx.req)}`
  })
  const serve = app.callback()
  return (req, res) => void serve(req, res)
}

function honoListener(hooks: Hooks): RequestListener {
  const app = new Hono<Bound>()
  app.use(insideHono(hooks))
  app.get('/text', (c) => c.text(text, 200, plain))
  app.get('/short', (c) => c.text('hi', 200, plain))
  app.get('/own', (c) => c.body(text, 200, own))
  app.get('/script', (c) => c.html(scripted()))
  app.get('/events', (c) => c.body(Readable.toWeb(Readable.from(events())) as ReadableStream, 200, sse))
  app.post('/form', async (c) => c.text(`posted ${await c.req.text()}`))
  const served: App = (request, context) => app.fetch(request, context)
  return toNode(served)
}

export const faces: readonly [name: string, face: Face][] = [
  ['around a Fetch app', ({ wrapper }) => toNode(wrapper()(site({ routes })))],
  ['around Express', ({ wrapper }) => toNode(wrapper()(fromNode(expressApp())))],
  ['inside site()', ({ hooks }) => toNode(site({ routes, hooks: [hooks()] }))],
  ['inside Express', ({ hooks }) => expressApp(hooks())],
  ['inside Fastify', ({ hooks }) => fastifyListener(hooks())],
  ['inside Koa', ({ hooks }) => koaListener(hooks())],
  ['inside Hono', ({ hooks }) => honoListener(hooks())],
]
