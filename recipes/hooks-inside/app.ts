/**
 * The same two hooks inside four frameworks. Copy the line that is yours, and the file that it imports.
 *
 * @module
 */
import { compressionHooks } from '@outerware/compression'
import type { App, Hooks } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import { securityHeadersHooks } from '@outerware/security-headers'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { insideExpress } from './express.ts'
import { insideFastify } from './fastify.ts'
import { insideHono, type Bound } from './hono.ts'
import { insideKoa } from './koa.ts'

/** Outermost first, as with wrappers. */
const hooks: readonly Hooks[] = [securityHeadersHooks(), compressionHooks()]
const page = 'The lamp is lit at dusk and put out at dawn. '.repeat(50)

/** Express: middleware, before the routes. */
export function inExpress(): App {
  const app = express()
  for (const each of hooks) app.use(insideExpress(each))
  app.get('/', (_req, res) => void res.type('text').send(page))
  return fromNode(app)
}

/** Fastify: plugins, before the routes. */
export async function inFastify(): Promise<App> {
  const app = fastify()
  for (const each of hooks) await app.register(insideFastify(each))
  app.get('/', (_request, reply) => reply.type('text/plain').send(page))
  await app.ready()
  return fromNode((req, res) => app.routing(req, res))
}

/** Koa: middleware, before all other. */
export function inKoa(): App {
  const app = new Koa()
  for (const each of hooks) app.use(insideKoa(each))
  app.use((ctx) => {
    if (ctx.path === '/') ctx.body = page
  })
  return fromNode(app.callback())
}

/** Hono: middleware, before the routes; the context of the request goes in as its bindings. */
export function inHono(): App {
  const app = new Hono<Bound>()
  for (const each of hooks) app.use(insideHono(each))
  app.get('/', (c) => c.text(page))
  return (request, context) => app.fetch(request, context)
}
