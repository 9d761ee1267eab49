/** The same small app in three frameworks: what stands behind the files. */
import type { App } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import express from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'

function onExpress(): App {
  const app = express()
  app.get('/app.js', (_req, res) => void res.send('the app'))
  app.get('/hello', (_req, res) => void res.set('x-from', 'express').send('hello'))
  app.post('/app.js', express.text(), (req, res) => void res.status(201).send(`posted ${req.body}`))
  app.use((_req, res) => void res.status(404).send('no route'))
  return fromNode(app)
}

async function onFastify(): Promise<App> {
  const app = fastify()
  app.get('/app.js', () => 'the app')
  app.get('/hello', (_request, reply) => reply.header('x-from', 'fastify').send('hello'))
  app.post('/app.js', (request, reply) => reply.code(201).send(`posted ${String(request.body)}`))
  app.setNotFoundHandler((_request, reply) => reply.code(404).send('no route'))
  await app.ready()
  return fromNode((req, res) => app.routing(req, res))
}

function onHono(): App {
  const app = new Hono()
  app.get('/app.js', (c) => c.text('the app'))
  app.get('/hello', (c) => c.text('hello', 200, { 'x-from': 'hono' }))
  app.post('/app.js', async (c) => c.text(`posted ${await c.req.text()}`, 201))
  app.notFound((c) => c.text('no route', 404))
  return (request) => app.fetch(request)
}

export const frameworks: readonly (readonly [name: string, make: () => App | Promise<App>])[] = [
  ['express', onExpress],
  ['fastify', onFastify],
  ['hono', onHono],
]
