/** A Fastify 5 app: it says its whole head by `writeHead`, from an object of its own. */
import { createServer, type RequestListener } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fastify as makeFastify, type FastifyInstance } from 'fastify'
import type { AppRecord } from '../harness/record.ts'

/** By `routing`: Fastify makes no server. */
export async function fastify(record: AppRecord): Promise<RequestListener> {
  const app = makeFastify({ logger: false })
  await prepare(app, record)
  return (req, res) => {
    record.watch(req, res)
    app.routing(req, res)
  }
}

/** By `serverFactory`: Fastify hands its listener over to whoever makes the server. */
export async function fastifyFactory(record: AppRecord): Promise<RequestListener> {
  let handler: RequestListener = () => {}
  const app = makeFastify({
    logger: false,
    serverFactory(given) {
      handler = given
      return createServer()
    },
  })
  await prepare(app, record)
  return (req, res) => {
    record.watch(req, res)
    handler(req, res)
  }
}

async function prepare(app: FastifyInstance, record: AppRecord): Promise<void> {
  answers(app)
  bodies(app, record)
  await app.ready()
}

function answers(app: FastifyInstance): void {
  app.get('/ready', () => 'ready')
  app.get('/text', () => 'größe')
  app.get('/json', () => ({ a: [1, null] }))
  app.get('/buffer', (_, reply) => reply.send(Buffer.from([0, 255])))
  app.get('/null', (_, reply) => reply.send(null))
  app.get('/status', (_, reply) => reply.code(418).send('teapot'))
  app.get('/fields', (_, reply) =>
    reply
      .headers({ 'X-Kept-CASE': '1', 'x-lower': 2 })
      .header('Set-Cookie', 'a=1')
      .header('set-cookie', 'b=2')
      .send('fields'),
  )
  app.get('/redirect', (_, reply) => reply.redirect('/elsewhere?a=b&c', 303))
  app.get('/later', async () => {
    await pause(5)
    return 'later'
  })
  app.get('/throws', () => {
    throw new Error('a fault')
  })
  app.get('/throws-status', () => {
    throw Object.assign(new Error('pay'), { statusCode: 402 })
  })
  app.get('/by-hand', (_, reply) => {
    reply.hijack()
    reply.raw.writeHead(203, { 'X-Hand': '1' })
    reply.raw.end('by hand')
  })
  app.get('/hints', (_, reply) => {
    reply.raw.writeEarlyHints({ link: '</a.css>; rel=preload' })
    return reply.send('after hints')
  })
  app.get('/trailers', (_, reply) => {
    reply.trailer('x-sum', (_reply, _payload, done) => done(null, 'sum'))
    return reply.send('with a trailer')
  })
}

function bodies(app: FastifyInstance, record: AppRecord): void {
  app.get('/stream', (_, reply) => reply.send(Readable.from(['a', 'b', 'c'])))
  app.get('/stream-fails', (_, reply) =>
    reply.send(
      Readable.from(
        (async function* (): AsyncGenerator<string> {
          yield 'a good beginning'
          await record.gate('fail')
          throw new Error('half way')
        })(),
      ),
    ),
  )
  app.post('/echo', (request) => request.body)
  app.get('/never', (request) => {
    record.of(request.raw).note('started')
    return new Promise(() => {})
  })
}
