import { expect, it } from '@jest/globals'
import { compose, errors, toFetch } from '@outerware/core'
import { fromNode, serve, toConnect, toNode } from '@outerware/core/node'
import { allowedHosts } from '@outerware/allowed-hosts'
import { compression, decompressRequest } from '@outerware/compression'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { httpsRedirect } from '@outerware/https-redirect'
import { oidc } from '@outerware/oauth2'
import { securityHeaders } from '@outerware/security-headers'
import { staticFiles } from '@outerware/static'
import { trustedProxy } from '@outerware/trusted-proxy'
import connect from 'connect'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { app, gate, said, slip, type Mistake } from './slip.ts'

/** The same for what is no wrapper to the compiler either. */
const around = slip(app)
const anApp = 'must be an app, (request, context) => Response'
const later = async () => app

it.each<Mistake>([
  ['a promise, to compose()', () => compose(errors())(slip(later())), 'compose(…)', 'a Promise', 'await'],
  ['a promise, to toNode()', () => toNode(slip(later())), 'toNode(…)', 'a Promise', 'await'],
  ['a promise, to toFetch()', () => toFetch(slip(later())), 'toFetch(…)', 'a Promise', 'await'],
  ['a promise, to serve()', () => serve(slip(later())), 'serve(…)', 'a Promise', 'await'],
  ['app() for app', () => toNode(slip(app(slip({}), slip({})))), 'toNode(…)', 'a Response', 'app, not app()'],
  ['nothing', () => compose(errors())(slip(undefined)), 'compose(…)', 'undefined', 'an app'],
  ['Express', () => toNode(slip(express())), 'toNode(…)', 'a function app()', 'fromNode(app)'],
  [
    'Express, in compose()',
    () => compose(errors())(slip(express())),
    'compose(…)',
    'a function app()',
    'fromNode(app)',
  ],
  ['Connect', () => toNode(slip(connect())), 'toNode(…)', 'a function app()', 'fromNode(app)'],
  [
    'a plain (req, res)',
    () => toNode(slip((_req: IncomingMessage, res: ServerResponse) => res.end())),
    'toNode(…)',
    'a function',
    'fromNode(app)',
  ],
  ['Koa', () => toNode(slip(new Koa())), 'toNode(…)', 'an Application', 'fromNode(app.callback())'],
  ['Fastify', () => toNode(slip(fastify())), 'toNode(…)', '{"log"', 'await app.ready() and fromNode(app.routing)'],
  ['Hono', () => toNode(slip(new Hono())), 'toNode(…)', 'a Hono', 'app.fetch'],
  ['what a Worker exports', () => serve(slip({ fetch: app })), 'serve(…)', '{}', 'app.fetch'],
  ['a module', () => toNode(slip({ default: app })), 'toNode(…)', '{}', 'its default export, app.default'],
  ['a server', () => toNode(slip(createServer())), 'toNode(…)', 'a Server', 'createServer(toNode(app))'],
])('%s is no app', async (_name, make, about, given, write) => {
  const message = await said(make)
  expect(message).toContain(`${about} ${anApp}, got ${given}`)
  expect(message).toContain(write)
})

const aListener = 'must be a listener, (req, res) => void, such as an Express app'

it.each<Mistake>([
  ['a promise', () => fromNode(slip(later())), 'fromNode(…)', 'a Promise', 'await'],
  ['Koa', () => fromNode(slip(new Koa())), 'fromNode(…)', 'an Application', 'app.callback()'],
  ['Fastify', () => fromNode(slip(fastify())), 'fromNode(…)', '{"log"', 'await app.ready() and app.routing'],
  [
    'Nest',
    () => fromNode(slip({ getHttpAdapter: express })),
    'fromNode(…)',
    '{}',
    'app.getHttpAdapter().getInstance()',
  ],
  ['Hono', () => fromNode(slip(new Hono())), 'fromNode(…)', 'a Hono', 'leave fromNode() out, app.fetch is an app'],
  ['a module', () => fromNode(slip({ default: express() })), 'fromNode(…)', '{}', "import app from './app.js'"],
  ['a server', () => fromNode(slip(createServer())), 'fromNode(…)', 'a Server', 'createServer(listener)'],
])('%s is no listener', async (_name, make, about, given, write) => {
  const message = await said(make)
  expect(message).toContain(`${about} ${aListener}, got ${given}`)
  expect(message).toContain(write)
})

/** Every wrapper there is; each looks at what it is put around, and tells it at once. */
const wrappers = {
  errors: errors(),
  trustedProxy: trustedProxy({ proxies: ['loopback'] }),
  allowedHosts: allowedHosts(['site.example']),
  httpsRedirect: httpsRedirect(),
  securityHeaders: securityHeaders(),
  compression: compression(),
  decompressRequest: decompressRequest(),
  staticFiles: staticFiles(import.meta.dirname),
  crossOriginProtection: crossOriginProtection(),
  oidc: oidc(gate),
}

it.each(Object.entries(wrappers))('%s tells at once that it stands around no app', (_name, wrapper) => {
  expect(() => wrapper(slip(later()))).toThrow(`${anApp}, got a Promise (is an await missing?)`)
  expect(() => wrapper(slip(express()))).toThrow('fromNode(app)')
})

it.each<Mistake>([
  ['middleware', () => compose(slip(middleware)), 'compose[0]', 'a function middleware()', 'fromConnect(middleware)'],
  ['a list', () => compose(slip([errors(), compression()])), 'compose[0]', '[', 'compose(...wrappers)'],
  ['a condition', () => compose(errors(), slip(false)), 'compose[1]', 'false', 'where there is none, write app => app'],
  [
    'a wrapped app',
    () => compose(slip(securityHeaders()(app)))(around),
    'compose[0]',
    'a function',
    'compose(a, b)(app)',
  ],
  ['the app', () => compose(errors(), slip(app))(around), 'compose[1]', 'a Response', 'compose(a, b)(app)'],
  [
    'an async wrapper',
    () => compose(slip(async (inner: typeof app) => inner))(around),
    'compose[0]',
    'a Promise (is an await missing?)',
    'a wrapper, app => app',
  ],
])('%s is no wrapper', async (_name, make, about, given, write) => {
  const message = await said(make)
  expect(message).toContain(`${about} must be a wrapper, app => app, got ${given}`)
  expect(message).toContain(write)
})

it.each(['errors', 'securityHeaders', 'compression', 'oidc', 'trustedProxy', 'httpsRedirect', 'crossOriginProtection'])(
  '%s without its call is told apart from a wrapper',
  (name) => {
    const makers = { errors, securityHeaders, compression, oidc, trustedProxy, httpsRedirect, crossOriginProtection }
    expect(() => compose(slip(Reflect.get(makers, name)))(around)).toThrow(
      `${name}(…) must be called with its options first, got a function app(); ` +
        `write ${name}(options)(app), or ${name}(options) in compose()`,
    )
  },
)

it('staticFiles and allowedHosts without their calls are, too', () => {
  expect(() => compose(slip(staticFiles))(around)).toThrow("write staticFiles('public')(app)")
  expect(() => compose(slip(allowedHosts))(around)).toThrow("write allowedHosts(['site.example'])(app)")
})

it('an app whose second parameter is its context is one, by whatever name', () => {
  const named = [
    app,
    (request: Request) => new Response(request.url),
    async (_req: Request, c: object) => Response.json(c),
  ]
  for (const one of named) expect(toConnect(one)).toEqual(expect.any(Function))
})

function middleware(_req: IncomingMessage, _res: ServerResponse, next: () => void): void {
  next()
}
