/** Every server that is measured, by name. All answer the same bytes as their baseline. */
import type { RequestListener } from 'node:http'
import { compression } from '@outerware/compression'
import { compose, respond, type App, type Wrapper } from '@outerware/core'
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
import { bridgeServers } from './bridge-servers.ts'
import { compressionPrograms, compressionServers } from './compression-servers.ts'
import { djangoUnderGunicorn } from './django.ts'
import type { Program } from './programs.ts'
import { gateServers } from './gate-servers.ts'
import { headersServers } from './headers-servers.ts'
import { staticPrograms, staticServers, tenKilobytes } from './static-servers.ts'
import { get } from '../support/apps.ts'
import { testContext } from '../support/context.ts'

/** 2 KB of JSON, gzipped, with security headers, behind a folder of files that does not have it. */
const JSON_TYPE = 'application/json; charset=utf-8'
const items = Array.from({ length: 24 }, (_, i) => ({
  id: i,
  name: `item ${i}`,
  price: (i * 7919) % 1000,
  tags: ['a', 'b'],
}))

/** With the very fields of the stack, if asked to: the same bytes on the wire, so that what is compared is the work. */
async function stackBare(hasAllFields: boolean): Promise<RequestListener> {
  const { headers } = await stack()(jsonApp)(get('/api', { 'accept-encoding': 'gzip' }), testContext())
  const fields = hasAllFields ? Object.fromEntries(headers) : { 'content-type': JSON_TYPE }
  return (_req, res) => {
    const body = gzipSync(JSON.stringify(items))
    res.writeHead(200, { ...fields, 'content-encoding': 'gzip', 'content-length': body.length })
    res.end(body)
  }
}

const stack = (): Wrapper =>
  compose(securityHeaders(), compression({ encodings: ['gzip'] }), staticFiles(tenKilobytes()))

const jsonApp: App = () => respond(JSON.stringify(items), { headers: { 'content-type': JSON_TYPE } })

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
  ...bridgeServers,
  ...staticServers,
  ...gateServers,
  ...compressionServers,
  ...headersServers,
  'stack, bare gzipSync': () => stackBare(true),
  'stack, bare gzipSync without security headers': () => stackBare(false),
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
