/** Other ways to serve on Node: each answers the bytes of the bare server, by the fastest means that its docs show. */
import type { RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import { getRequestListener } from '@hono/node-server'
import { toNode } from '@outerware/core/node'
import { fastify } from 'fastify'
import { H3 } from 'h3'
import { toNodeHandler as h3ToNode } from 'h3/node'
import { Hono } from 'hono'
import Koa from 'koa'
import { FastResponse, toNodeHandler as srvxToNode } from 'srvx/node'
import { HEADERS, TEXT } from './hello.ts'

// Not by import: their types bring the DOM's into every file here.
const require = createRequire(import.meta.url)
const { createServerAdapter }: { createServerAdapter(app: Fetch): RequestListener } = require('@whatwg-node/server')
const whatwg: { Response: typeof Response } = require('@whatwg-node/fetch')

type Fetch = (request: Request) => Response | Promise<Response>

/** Their handlers return a promise that nobody waits for. */
function listener(handler: (req: never, res: never) => unknown): RequestListener {
  return (req, res) => void handler(req as never, res as never)
}

function honoApp(): Fetch {
  const app = new Hono()
  app.get('/', (c) => c.body(TEXT, 200, HEADERS))
  return (request) => app.fetch(request)
}

function h3App(): H3 {
  const app = new H3()
  return app.get('/', (event) => {
    for (const [name, value] of Object.entries(HEADERS)) event.res.headers.set(name, value)
    return TEXT
  })
}

async function fastifyListener(): Promise<RequestListener> {
  const app = fastify()
  app.get('/', (_, reply) => reply.headers(HEADERS).send(TEXT))
  await app.ready()
  return (req, res) => app.routing(req, res)
}

function koaListener(): RequestListener {
  const app = new Koa()
  app.use((context) => {
    context.set(HEADERS)
    context.body = TEXT
  })
  return listener(app.callback())
}

export const bridgePeers: Readonly<Record<string, () => RequestListener | Promise<RequestListener>>> = {
  'srvx, FastResponse': () => listener(srvxToNode(() => new FastResponse(TEXT, { headers: HEADERS }))),
  'srvx, new Response': () => listener(srvxToNode(() => new Response(TEXT, { headers: HEADERS }))),
  '@whatwg-node/server': () => listener(createServerAdapter(() => new whatwg.Response(TEXT, { headers: HEADERS }))),
  'hono, @hono/node-server': () => listener(getRequestListener(honoApp())),
  'hono, toNode': () => toNode(honoApp()),
  'h3, h3/node': () => listener(h3ToNode(h3App())),
  'h3, toNode': () => {
    const app = h3App()
    return toNode((request) => app.fetch(request))
  },
  fastify: fastifyListener,
  koa: koaListener,
}
