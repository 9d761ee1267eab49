/** Servers that code what they send, ours beside others: all by gzip at its level 6. */
import { writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { constants, createGzip, gzipSync } from 'node:zlib'
import fastifyCompress from '@fastify/compress'
import { getRequestListener } from '@hono/node-server'
import { compression, type CompressionOptions } from '@outerware/compression'
import { pathOf, respond, type App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import compressionMiddleware from 'compression'
import express from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import { compress as honoCompress } from 'hono/compress'
import Koa from 'koa'
import koaCompress from 'koa-compress'
import { EVENTS_TYPE, events, pageOf, pages, type Page } from './compression-bodies.ts'
import { nginx, type Program } from './programs.ts'

type Text = (page: Page) => string
const asItIs: Text = ({ text }) => text
const rendered: Text = ({ render }) => render()

const FLUSH = constants.Z_SYNC_FLUSH

/** One synchronous call for what is short, a stream for what is long, a flush for each event. */
const bare: RequestListener = ({ url }, res) => {
  const coded = { 'content-encoding': 'gzip', vary: 'accept-encoding' }
  if (url === '/events') {
    res.writeHead(200, { 'content-type': EVENTS_TYPE, ...coded })
    return void pipeline(Readable.from(events()), createGzip({ flush: FLUSH }), res, () => {})
  }
  const { type, text } = pageOf(url)
  if (text.length > 65_536) {
    res.writeHead(200, { 'content-type': type, ...coded })
    return void pipeline(Readable.from([Buffer.from(text)]), createGzip(), res, () => {})
  }
  const bytes = gzipSync(text)
  res.writeHead(200, { 'content-type': type, ...coded, 'content-length': bytes.length })
  res.end(bytes)
}

/** Sends what was coded before the first request; what an app renders it throws away. */
function readyMade(text: Text = asItIs): RequestListener {
  const ready = new Map(Object.entries(pages).map(([path, page]) => [path, gzipSync(page.text)]))
  return ({ url = '' }, res) => {
    const page = pageOf(url)
    text(page)
    const bytes = ready.get(url)!
    const fields = { 'content-encoding': 'gzip', vary: 'accept-encoding', 'content-length': bytes.length }
    res.writeHead(200, { 'content-type': page.type, ...fields, etag: 'W/"1"' })
    res.end(bytes)
  }
}

function fetchApp(text: Text = asItIs): App {
  return (request) => {
    const pathname = pathOf(request)
    if (pathname === '/events') return respond(Readable.from(events()), { headers: { 'content-type': EVENTS_TYPE } })
    const page = pageOf(pathname)
    return respond(text(page), { headers: { 'content-type': page.type, etag: '"1"' } })
  }
}

const ours = (app: App, options: CompressionOptions = {}): RequestListener =>
  toNode(compression({ encodings: ['gzip'], ...options })(app))

function expressApp(...middlewares: express.RequestHandler[]): express.Express {
  const app = express().disable('etag')
  for (const middleware of middlewares) app.use(middleware)
  app.get('/events', async (_req, res) => {
    res.set('content-type', EVENTS_TYPE)
    for await (const event of events()) {
      res.write(event)
      res.flush?.()
    }
    res.end()
  })
  app.get('/:name', ({ path }, res) => {
    const { type, text } = pageOf(path)
    res.set('content-type', type).send(text)
  })
  return app
}

/** Its middleware codes a text only where its length is told; it leaves events bare. */
function hono(): RequestListener {
  const app = new Hono()
  app.use(honoCompress())
  app.get('/events', (c) => c.body(ReadableStream.from(events()), 200, { 'content-type': EVENTS_TYPE }))
  app.get('/:name', (c) => {
    const { type, text } = pageOf(c.req.path)
    return c.body(text, 200, { 'content-type': type, 'content-length': String(text.length) })
  })
  const listener = getRequestListener(app.fetch)
  return (req, res) => void listener(req, res)
}

/** Its plugin is set once for a scope, so events have one of their own. */
async function onFastify(): Promise<RequestListener> {
  const app = fastify()
  await app.register(async (scope) => {
    await scope.register(fastifyCompress)
    scope.get('/:name', ({ url }, reply) => {
      const { type, text } = pageOf(url)
      return reply.type(type).send(text)
    })
  })
  await app.register(async (scope) => {
    await scope.register(fastifyCompress, { zlibOptions: { flush: FLUSH } })
    scope.get('/events', (_request, reply) => reply.type(EVENTS_TYPE).send(Readable.from(events())))
  })
  await app.ready()
  return (req, res) => app.routing(req, res)
}

function koa(): RequestListener {
  const app = new Koa()
  // A client that leaves at the end of a round is no error.
  app.silent = true
  const [usual, flushing] = [koaCompress(), koaCompress({ gzip: { flush: FLUSH } })]
  app.use((ctx, next) => (ctx.path === '/events' ? flushing : usual)(ctx, next))
  app.use((ctx) => {
    const { type, text } = ctx.path === '/events' ? { type: EVENTS_TYPE, text: '' } : pageOf(ctx.path)
    ctx.type = type
    ctx.body = text === '' ? Readable.from(events()) : text
  })
  const listener = app.callback()
  return (req, res) => void listener(req, res)
}

const cache: CompressionOptions = { cache: { maxBytes: 64_000_000 } }

export const compressionServers: Readonly<Record<string, () => RequestListener | Promise<RequestListener>>> = {
  'gzip, bare': () => bare,
  'gzip, ready-made': () => readyMade(),
  'gzip, ready-made for a rendered text': () => readyMade(rendered),
  'compression() over a Fetch app': () => ours(fetchApp()),
  'compression() over Express': () => ours(fromNode(expressApp())),
  'compression() with a cache': () => ours(fetchApp(), cache),
  'compression() with a cache, rendered': () => ours(fetchApp(rendered), cache),
  'compression() with a cache, over Express': () => ours(fromNode(expressApp()), cache),
  'gzip, Express without': () => expressApp(),
  'gzip, Express + compression': () => expressApp(compressionMiddleware()),
  'gzip, hono/compress': hono,
  'gzip, @fastify/compress': onFastify,
  'gzip, koa-compress': koa,
}

/** The same pages, as files. */
export const compressionPrograms: Readonly<Record<string, Program>> = {
  'gzip, nginx': nginx((dir) => {
    for (const [path, { text }] of Object.entries(pages)) writeFileSync(join(dir, path), text)
    return `root ${dir}; gzip on; gzip_comp_level 6; gzip_vary on; gzip_types text/plain application/json;`
  }),
}
