/** A Koa 3 app: it answers late, from a body that it was given. */
import { createReadStream } from 'node:fs'
import type { RequestListener } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import Koa, { type Context } from 'koa'
import type { AppRecord } from '../harness/record.ts'

const letters = new URL('../files/letters.txt', import.meta.url)

type Route = (context: Context, record: AppRecord) => unknown

const routes: Readonly<Record<string, Route>> = {
  '/ready': (context) => (context.body = 'ready'),
  '/text': (context) => (context.body = 'größe'),
  '/json': (context) => (context.body = { a: [1, null] }),
  '/html': (context) => (context.body = '<p>html</p>'),
  '/buffer': (context) => (context.body = Buffer.from([0, 255])),
  '/null': (context) => (context.body = null),
  '/status': (context) => (context.status = 418),
  '/fields': (context) => {
    context.set({ 'X-Kept-CASE': '1', 'x-lower': '2' })
    context.append('Link', '<a>')
    context.append('Link', '<b>')
    context.cookies.set('a', '1', { httpOnly: false })
    context.cookies.set('b', '2')
    context.vary('Accept')
    context.body = 'fields'
  },
  '/redirect': (context) => context.redirect('/elsewhere?a=b&c'),
  '/stream': (context) => (context.body = createReadStream(letters, { highWaterMark: 10 })),
  '/stream-fails': (context, record) => {
    context.body = Readable.from(
      (async function* (): AsyncGenerator<string> {
        yield 'a good beginning'
        await record.gate('fail')
        throw new Error('half way')
      })(),
    )
  },
  '/later': async (context) => {
    await pause(5)
    context.body = 'later'
  },
  '/fresh': (context) => {
    context.etag = 'v1'
    context.status = 200
    if (context.fresh) context.status = 304
    else context.body = 'fresh'
  },
  '/throws': () => {
    throw new Error('a fault')
  },
  '/throws-status': (context) => context.throw(402, 'pay', { headers: { 'X-Price': '1' } }),
  '/by-hand': (context) => {
    context.respond = false
    context.res.writeHead(203, { 'X-Hand': '1' })
    context.res.end('by hand')
  },
  '/echo': (context) => {
    context.type = context.request.type
    context.body = context.req
  },
  '/never': (context, record) => {
    record.of(context.req).note('started')
    return new Promise(() => {})
  },
}

export function koa(record: AppRecord): RequestListener {
  const app = new Koa()
  app.silent = true
  app.use((context) => routes[context.path]?.(context, record))
  const listener = app.callback()
  return (req, res) => {
    record.watch(req, res)
    void listener(req, res)
  }
}
