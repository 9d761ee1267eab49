/** Every server that is measured, by name. All answer the same bytes as their baseline. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { compression } from '@outerware/compression'
import { after, compose, editHeaders, respond, type App, type Wrapper } from '@outerware/core'
import { path, site } from '@outerware/core/inner'
import { fromNode, toNode } from '@outerware/core/node'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import compressionMiddleware from 'compression'
import express from 'express'
import fastify from 'fastify'
import helmet from 'helmet'
import { Hono } from 'hono'
import serveStatic from 'serve-static'
import { gzipSync } from 'node:zlib'
import { compressionPrograms, compressionServers } from './compression-servers.ts'
import { djangoUnderGunicorn } from './django.ts'
import type { Program } from './programs.ts'
import { gateServers } from './gate-servers.ts'
import { staticPrograms, staticServers, tenKilobytes } from './static-servers.ts'

const TEXT = 'hello, world\n'
const HEADERS = { 'content-type': 'text/plain; charset=utf-8', 'content-length': String(TEXT.length) }

const bare = (_req: IncomingMessage, res: ServerResponse): void => {
  res.writeHead(200, HEADERS)
  res.end(TEXT)
}
const fetchApp: App = () => respond(TEXT, { headers: HEADERS })
const nativeApp: App = () => new Response(TEXT, { headers: HEADERS })

/** A wrapper that lets everything pass. */
const pass: Wrapper = (app) => (request, context) => app(request, context)
const passAsync: Wrapper = (app) => async (request, context) => {
  const response = await app(request, context)
  return response
}
const mark: Wrapper = (app) => (request, context) =>
  after(app(request, context), (response) => editHeaders(response, (headers) => headers.set('x-mark', '1')))

const times = (count: number, wrapper: Wrapper): Wrapper => compose(...Array.from({ length: count }, () => wrapper))

const fetchThrough = (count: number, wrapper = pass): RequestListener => toNode(times(count, wrapper)(fetchApp))
const nodeThrough = (count: number, wrapper = pass): RequestListener => toNode(times(count, wrapper)(fromNode(bare)))

function expressApp(): express.Express {
  const app = express()
  app.get('/', (_req, res) => void res.send(TEXT))
  return app
}

/** 2 KB of JSON, gzipped, with security headers, behind a folder of files that does not have it. */
const items = Array.from({ length: 24 }, (_, i) => ({
  id: i,
  name: `item ${i}`,
  price: (i * 7919) % 1000,
  tags: ['a', 'b'],
}))

function stackBare(): RequestListener {
  return (_req, res) => {
    const body = gzipSync(JSON.stringify(items))
    res.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-encoding': 'gzip',
      'content-length': body.length,
    })
    res.end(body)
  }
}

const stack = (): Wrapper =>
  compose(securityHeaders(), compression({ encodings: ['gzip'] }), staticFiles(tenKilobytes()))

const jsonApp: App = () =>
  respond(JSON.stringify(items), { headers: { 'content-type': 'application/json; charset=utf-8' } })

function stackExpress(): RequestListener {
  const app = express()
  app.get('/api', (_req, res) => void res.json(items))
  return toNode(stack()(fromNode(app)))
}

function usualExpress(): RequestListener {
  const app = express()
  app.use(helmet(), compressionMiddleware(), serveStatic(tenKilobytes()))
  app.get('/api', (_req, res) => void res.json(items))
  return app
}

/** One view among fifty, by a parameter, each time. */
const others = Array.from({ length: 49 }, (_, i) => `/section-${i}/:year/:slug`)
const viewPath = '/articles/:year/:slug'
const greet = (year: string | undefined, slug: string | undefined): string => `${year} ${slug}\n`
const PLAIN = { 'content-type': 'text/plain; charset=utf-8' }

/** The yardstick of the inside: the same words with no router at all. */
const bareView: App = () => respond(greet('2026', 'skerry'), { headers: PLAIN })

function routedSite(): RequestListener {
  const other = path('/', bareView)
  const routes = [
    ...others.map((pattern) => ({ ...other, pattern })),
    path(viewPath, (_request, { params }) => respond(greet(params.year, params.slug), { headers: PLAIN })),
  ]
  return toNode(site({ routes }))
}

function routedExpress(): RequestListener {
  const app = express()
  for (const pattern of others) app.get(pattern, (_req, res) => void res.end())
  app.get(viewPath, (req, res) => void res.type('text').send(greet(req.params.year, req.params.slug)))
  return app
}

async function routedFastify(): Promise<RequestListener> {
  const app = fastify()
  for (const pattern of others) app.get(pattern, (_request, reply) => reply.send())
  app.get<{ Params: { year: string; slug: string } }>(viewPath, ({ params }, reply) =>
    reply.headers(PLAIN).send(greet(params.year, params.slug)),
  )
  await app.ready()
  return (req, res) => app.routing(req, res)
}

/** Hono, served by the same host as the site. */
function routedHono(): RequestListener {
  const app = new Hono()
  for (const pattern of others) app.get(pattern, (c) => c.body(null))
  app.get(viewPath, (c) => c.text(greet(c.req.param('year'), c.req.param('slug'))))
  return toNode((request) => app.fetch(request))
}

/** Made when asked for, so that a process holds only the one it measures. */
export const servers: Readonly<Record<string, () => RequestListener | Promise<RequestListener>>> = {
  bare: () => bare,
  'fetch through 0': () => fetchThrough(0),
  'fetch through 1': () => fetchThrough(1),
  'fetch through 4': () => fetchThrough(4),
  'fetch through 10': () => fetchThrough(10),
  'fetch through 10 async': () => fetchThrough(10, passAsync),
  'fetch through 4 that set a header': () => fetchThrough(4, mark),
  'fetch, native Response': () => toNode(nativeApp),
  'node through 0': () => nodeThrough(0),
  'node through 1': () => nodeThrough(1),
  'node through 4': () => nodeThrough(4),
  'node through 10': () => nodeThrough(10),
  'node through 10 async': () => nodeThrough(10, passAsync),
  express: () => expressApp(),
  'express through 4': () => toNode(times(4, pass)(fromNode(expressApp()))),
  'express through 10 async': () => toNode(times(10, passAsync)(fromNode(expressApp()))),
  ...staticServers,
  ...gateServers,
  ...compressionServers,
  'stack, bare gzipSync': stackBare,
  'stack over a Fetch app': () => toNode(stack()(jsonApp)),
  'stack over Express': stackExpress,
  'express + helmet + compression + serve-static': usualExpress,
  'view, bare Fetch app': () => toNode(bareView),
  'view, site()': routedSite,
  'view, Express': routedExpress,
  'view, Fastify': routedFastify,
  'view, Hono through toNode': routedHono,
}

/** Those that are not Node. */
export const programs: Readonly<Record<string, Program>> = {
  ...staticPrograms,
  ...compressionPrograms,
  'view, Django under gunicorn': djangoUnderGunicorn,
}
