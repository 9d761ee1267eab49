import { createReadStream } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { securityHeaders } from '@outerware/security-headers'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { exchange, listen, type Listening } from '../support/index.ts'

const file = fileURLToPath(new URL('../package.json', import.meta.url))
const boom = (): never => {
  throw new Error('boom')
}

/** The same site in five ways: each answers /ok, /304, /405, /redirect, /file, /throw, and what it finds nowhere. */
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

describe.each(sites)('over %s', (name, make) => {
  let server: Listening
  beforeAll(async () => {
    const site = securityHeaders({ hsts: { overHttp: true } })(await make())
    server = await listen(toNode(site, { onError: () => {} }))
  })
  afterAll(() => server.close())

  it.each([
    ['a 200', 'GET /ok', 200],
    ['a HEAD', 'HEAD /ok', 200],
    ['a 304', 'GET /304', 304],
    ['a 404', 'GET /missing', 404],
    ['a 405', 'POST /405', 405],
    ['a redirect', 'GET /redirect', 302],
    ['a file', 'GET /file', 200],
    ['an exception', 'GET /throw', 500],
    ['a path with a bad escape', 'GET /by/%zz', name === 'Fastify' || name === 'Express' ? 400 : 404],
  ])('%s carries the whole set, each field once, and no X-Powered-By', async (_what, start, status) => {
    const head = 'Host: site.test\r\nContent-Length: 0\r\nConnection: close'
    const { text } = await exchange(server.port, `${start} HTTP/1.1\r\n${head}\r\n\r\n`)
    const [first, ...lines] = text.split('\r\n\r\n', 1)[0]!.split('\r\n')
    const names = lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase())
    expect(first).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(names.filter((field) => set.includes(field)).sort()).toEqual(set)
    expect(names).not.toContain('x-powered-by')
    expect(new Set(names).size).toBe(names.length)
  })
})
