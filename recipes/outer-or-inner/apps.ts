/**
 * One small app, five times: a page for each light, a view that throws, and whatever the framework says to the rest.
 *
 * Inside of it may stand the hooks, or what people write who know nothing of hooks: the framework's own middleware,
 * which sets one field.
 *
 * @module
 */
import type { App, Hooks } from '@outerware/core'
import { path, render, site, type SiteHooks } from '@outerware/core/inner'
import { fromNode } from '@outerware/core/node'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { insideExpress } from './inside/express.ts'
import { insideFastify } from './inside/fastify.ts'
import { insideHono, type Bound } from './inside/hono.ts'
import { insideKoa } from './inside/koa.ts'
import { FIELD } from './concern.ts'

/** Makes the app, with nothing inside, with hooks, or with the framework's own means. */
export type MakeApp = (inside?: Hooks | 'own') => App | Promise<App>

const page = (name: string): string => `<!doctype html><title>${name}</title><h1>${name}</h1>`
const boom = (): never => {
  throw new Error('The lamp is out')
}

function siteApp(inside?: SiteHooks | 'own'): App {
  return site({
    // Hooks are its own means.
    hooks: typeof inside === 'object' ? [inside] : [],
    routes: [
      path('/lights/:name', function light(_request, { params: { name } }) {
        return render('light', { name, range: 18 })
      }),
      path('/boom', boom),
    ],
    renderer: (_template, { name }) => page(String(name)),
    report: () => {},
  })
}

function expressApp(inside?: Hooks | 'own'): App {
  const app = express().set('env', 'test')
  if (typeof inside === 'object') app.use(insideExpress(inside))
  if (inside === 'own') {
    app.use((_req, res, next) => {
      res.set(FIELD, 'own')
      next()
    })
  }
  app.get('/lights/:name', (req, res) => void res.send(page(req.params.name)))
  app.get('/boom', boom)
  return fromNode(app)
}

async function fastifyApp(inside?: Hooks | 'own'): Promise<App> {
  const app = fastify()
  if (typeof inside === 'object') await app.register(insideFastify(inside))
  if (inside === 'own') {
    app.addHook('onRequest', (_request, reply, done) => {
      reply.header(FIELD, 'own')
      done()
    })
  }
  app.get<{ Params: { name: string } }>('/lights/:name', ({ params }, reply) =>
    reply.type('text/html').send(page(params.name)),
  )
  app.get('/boom', boom)
  await app.ready()
  return fromNode((req, res) => app.routing(req, res))
}

function koaApp(inside?: Hooks | 'own'): App {
  const app = new Koa()
  app.silent = true
  if (typeof inside === 'object') app.use(insideKoa(inside))
  if (inside === 'own') {
    app.use((ctx, next) => {
      ctx.set(FIELD, 'own')
      return next()
    })
  }
  app.use((ctx) => {
    if (ctx.path === '/boom') boom()
    const name = /^\/lights\/([^/]+)$/.exec(ctx.path)?.[1]
    if (name !== undefined) ctx.body = page(decodeURIComponent(name))
  })
  return fromNode(app.callback())
}

function honoApp(inside?: Hooks | 'own'): App {
  const app = new Hono<Bound>()
  if (typeof inside === 'object') app.use(insideHono(inside))
  if (inside === 'own') {
    app.use(async (c, next) => {
      await next()
      c.header(FIELD, 'own')
    })
  }
  app.get('/lights/:name', (c) => c.html(page(c.req.param('name'))))
  app.get('/boom', boom)
  app.onError((_error, c) => c.text('500 Internal Server Error', 500))
  return (request, context) => app.fetch(request, context)
}

/** Each by the name of its framework. */
export const apps: Readonly<Record<'site()' | 'Express' | 'Fastify' | 'Koa' | 'Hono', MakeApp>> = {
  'site()': siteApp,
  Express: expressApp,
  Fastify: fastifyApp,
  Koa: koaApp,
  Hono: honoApp,
}
