import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { compose, respond, type App, type Wrapper } from '@outerware/core'
import { fromNode, serve, type Running } from '@outerware/core/node'
import { securityHeaders } from '@outerware/security-headers'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { staticFiles } from '@outerware/static'
import { exchange } from '../support/index.ts'

const file = fileURLToPath(new URL('../package.json', import.meta.url))
const boom = (): never => {
  throw new Error('boom')
}

/** The same site in five ways: each answers /ok, /304, /405, /500, /redirect, /file, /throw, and what it finds nowhere. */
const sites: [string, () => App | Promise<App>][] = [
  ['Express', overExpress],
  ['Koa', overKoa],
  ['Fastify', overFastify],
  ['Hono', overHono],
  ['a plain function', () => plain],
]

function overExpress(): App {
  const app = express().set('env', 'test')
  app.get('/ok', (_req, res) => void res.send('hello'))
  app.get('/304', (_req, res) => void res.status(304).end())
  app.post('/405', (_req, res) => void res.status(405).set('Allow', 'GET').end())
  app.get('/500', (_req, res) => void res.status(500).send('sorry'))
  app.get('/redirect', (_req, res) => res.redirect('/ok'))
  app.get('/file', (_req, res) => res.sendFile(file))
  app.get('/throw', boom)
  app.get('/by/:name', (_req, res) => void res.send('never'))
  return fromNode(app)
}

function overKoa(): App {
  const app = new Koa()
  app.silent = true
  app.use((ctx) => {
    if (ctx.path === '/ok') ctx.body = 'hello'
    else if (ctx.path === '/304') ctx.status = 304
    else if (ctx.path === '/405') ctx.status = 405
    else if (ctx.path === '/500') ctx.status = 500
    else if (ctx.path === '/redirect') ctx.redirect('/ok')
    else if (ctx.path === '/file') ctx.body = createReadStream(file)
    else if (ctx.path === '/throw') {
      ctx.set('x-frame-options', 'lost with the error')
      boom()
    }
  })
  return fromNode(app.callback())
}

async function overFastify(): Promise<App> {
  const app = fastify()
  app.get('/ok', () => 'hello')
  app.get('/304', (_request, reply) => reply.code(304).send())
  app.post('/405', (_request, reply) => reply.code(405).send())
  app.get('/500', (_request, reply) => reply.code(500).send())
  app.get('/redirect', (_request, reply) => reply.redirect('/ok'))
  app.get('/file', (_request, reply) => reply.send(createReadStream(file)))
  app.get('/throw', boom)
  await app.ready()
  return fromNode((req, res) => app.routing(req, res))
}

function overHono(): App {
  const app = new Hono()
  app.get('/ok', (c) => c.text('hello'))
  app.get('/304', (c) => c.body(null, 304))
  app.post('/405', (c) => c.text('no', 405))
  app.get('/500', (c) => c.text('sorry', 500))
  app.get('/redirect', (c) => c.redirect('/ok'))
  app.get('/file', () => respond(createReadStream(file)))
  app.get('/throw', boom)
  app.onError((_error, c) => c.text('sorry', 500))
  return (request) => app.fetch(request)
}

const plain: App = ({ url }) => {
  const { pathname } = new URL(url)
  if (pathname === '/ok') return new Response('hello')
  if (pathname === '/304') return respond(null, { status: 304 })
  if (pathname === '/405') return respond(null, { status: 405 })
  if (pathname === '/500') return respond('sorry', { status: 500 })
  if (pathname === '/redirect') return Response.redirect(new URL('/ok', url), 302)
  if (pathname === '/file') return respond(createReadStream(file))
  if (pathname === '/throw') boom()
  return new Response('not here', { status: 404 })
}

const set = [
  'content-security-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'origin-agent-cluster',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
]

/** Refuses every WebSocket, as a gate does. */
const noSockets: Wrapper = (app) => (request, context) =>
  context.upgrade === undefined ? app(request, context) : respond('no', { status: 403 })

const files = staticFiles({ dir: fileURLToPath(new URL('../../recipes/express-site/public', import.meta.url)) })
const conditional = 'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT'
const socket = ['Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='].join(
  '\r\n',
)

describe.each(sites)('over %s', (name, make) => {
  let running: Running
  beforeAll(async () => {
    const site = compose(securityHeaders({ hsts: { overHttp: true } }), noSockets, files)(await make())
    const here = { port: 0, hostname: '127.0.0.1', signals: false, stopTimeoutMs: 100 } as const
    running = await serve(site, { ...here, onError: () => {} })
  })
  afterAll(() => running.stop())

  /** Names of all fields, in lower case, with the status line before them. */
  const ask = async (start: string, ...fields: string[]): Promise<string[]> => {
    const connection = fields.includes(socket) ? 'Connection: Upgrade' : 'Connection: close'
    const head = [`${start} HTTP/1.1`, 'Host: site.test', 'Content-Length: 0', connection, ...fields].join('\r\n')
    const { text } = await exchange(running.port, `${head}\r\n\r\n`)
    const [status = '', ...lines] = text.split('\r\n\r\n', 1)[0]!.split('\r\n')
    return [status, ...lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase())]
  }

  it.each<[what: string, start: string, status: number, ...fields: string[]]>([
    ['a 200', 'GET /ok', 200],
    ['a HEAD', 'HEAD /ok', 200],
    ['a 304', 'GET /304', 304],
    ['a 404', 'GET /missing', 404],
    ['the HEAD of a 404', 'HEAD /missing', 404],
    ['a 405', 'POST /405', 405],
    ['a 500', 'GET /500', 500],
    ['a redirect', 'GET /redirect', 302],
    ['a file', 'GET /file', 200],
    ['a file before the framework', 'GET /robots.txt', 200],
    ['a file that has not changed', 'GET /robots.txt', 304, conditional],
    ['an exception', 'GET /throw', 500],
    ['a path with a bad escape', 'GET /by/%zz', name === 'Fastify' || name === 'Express' ? 400 : 404],
    ['a WebSocket that is refused', 'GET /ok', 403, socket],
  ])('%s carries the whole set, each field once, and no X-Powered-By', async (_what, start, status, ...fields) => {
    const [first, ...names] = await ask(start, ...fields)
    expect(first).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(names.filter((field) => set.includes(field)).sort()).toEqual(set)
    expect(names).not.toContain('x-powered-by')
    expect(new Set(names).size).toBe(names.length)
  })
})
