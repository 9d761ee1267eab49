/** A listener over HTTP/2, with a route for each kind. It knows nothing of Outerware. */
import type { RequestListener } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { PlainRoute } from '../apps/site.ts'
import type { AppRecord } from '../harness/record.ts'

const block = Buffer.alloc(65_536, 'outerware ')

const routes: Readonly<Record<string, PlainRoute>> = {
  '/end': (_, res) => void res.end('hello'),
  '/nothing': (_, res) => void res.end(),
  '/head-only': (_, res) => res.writeHead(204).end(),
  '/not-modified': (_, res) => res.writeHead(304, { ETag: '"a"' }).end(),
  '/fields': (_, res) => {
    res.setHeader('X-Kept', '1')
    res.setHeader('Set-Cookie', ['a=1', 'b=2'])
    res.appendHeader('X-Kept', '2')
    res.removeHeader('X-Gone')
    res.writeHead(201, { 'X-Head': 'h', 'Content-Type': 'text/plain' })
    res.end('fields')
  },
  '/list': (_, res) => res.writeHead(200, ['X-A', '1', 'Set-Cookie', 'a', 'Set-Cookie', 'b', 'x-a', '2']).end('list'),
  '/length': (_, res) => res.writeHead(200, { 'Content-Length': 5 }).end('hello'),
  '/no-date': (_, res) => {
    res.sendDate = false
    res.end('no date')
  },
  '/connection': (_, res) => {
    res.setHeader('Connection', 'close')
    res.end('over HTTP/2 there is none')
  },
  '/of-connection': (_, res, seen) => {
    res.setHeader('Transfer-Encoding', 'chunked')
    seen.attempt('end', () => res.end('never'))
    res.removeHeader('Transfer-Encoding')
    seen.attempt('end', () => res.end('mended'))
  },
  '/pieces': (_, res, seen) => {
    seen.attempt('write', () => res.write('a'))
    res.write('62', 'hex', seen.callback('second'))
    res.end('c', seen.callback('end'))
  },
  '/later': (_, res, seen, record) => {
    res.write('first ')
    seen.attempt('late field', () => res.setHeader('x', '1'))
    record.task(pause(10).then(() => void res.end('last')))
  },
  '/flush': (_, res, __, record) => {
    res.writeHead(200, { 'X-Early': '1' })
    res.flushHeaders()
    record.task(record.gate('body').then(() => void res.end('body')))
  },
  '/stream': (_, res) => void Readable.from(['a', 'b', 'c']).pipe(res),
  '/drain': (_, res, seen) => {
    let left = 40
    const more = (): void => {
      while (left-- > 0) if (!res.write(block)) return void res.once('drain', more)
      res.end('the end', seen.callback('end'))
    }
    more()
    seen.note('paused', left > 0)
  },
  '/trailers': (_, res) => {
    res.write('body')
    res.addTrailers({ 'X-Sum': '1', 'x-other': 'o' })
    res.end()
  },
  '/hints': (_, res) => {
    res.writeEarlyHints({ link: '</a.css>; rel=preload', 'x-trace': '1' })
    res.end('after hints')
  },
  '/hints-late': (_, res, seen) => {
    res.writeHead(200)
    seen.attempt('hints', () => res.writeEarlyHints({ link: '</a.css>; rel=preload' }))
    seen.attempt('continue', () => res.writeContinue())
    res.end('too late')
  },
  '/double': (_, res, seen) => {
    res.end('first')
    seen.attempt('writeHead', () => res.writeHead(500))
    seen.attempt('setHeader', () => res.setHeader('x', '1'))
    seen.attempt('removeHeader', () => res.removeHeader('x'))
    seen.attempt('appendHeader', () => res.appendHeader('x', '1'))
    seen.attempt('end', () => res.end('second', seen.callback('second end')))
    seen.note('states', [res.headersSent, res.finished, res.writableEnded])
  },
  '/double-head': (_, res, seen) => {
    res.writeHead(202)
    seen.attempt('writeHead', () => res.writeHead(500))
    seen.note('states', [res.headersSent, res.writableEnded, res.statusCode])
    res.end('first')
  },
  '/wrong-status': (_, res, seen) => {
    seen.attempt('status', () => (res.statusCode = 1000))
    res.end('mended')
  },
  '/request': (req, res) => {
    const { url, method, httpVersion, headers, rawHeaders } = req
    res.end(JSON.stringify({ url, method, httpVersion, headers, rawHeaders }))
  },
  '/echo': (req, res) => void req.pipe(res),
  '/size': (req, res) => {
    let size = 0
    req.on('data', (chunk: Buffer) => (size += chunk.length))
    req.on('end', () => res.end(String(size)))
  },
  '/request-trailers': (req, res) => {
    req.resume()
    req.on('end', () => res.end(JSON.stringify(req.trailers)))
  },
  '/unread': (_, res) => void res.end('not read'),
  '/never': (_, __, seen) => seen.note('started'),
  '/endless': (_, res, seen, record) => {
    const timer = setInterval(() => res.write('tick'), 5)
    record.task(new Promise<void>((resolve) => void res.on('close', resolve)).then(() => clearInterval(timer)))
    seen.note('started')
  },
  '/destroy': (_, res, seen) => {
    seen.attempt('destroy', () => res.destroy())
    seen.attempt('end', () => res.end('too late'))
  },
  '/destroy-error': (_, res) => void res.destroy(new Error('on purpose')),
  '/destroy-after-end': (_, res) => void res.end('answered').destroy(),
  '/destroy-half-way': (_, res, __, record) => {
    res.write('a good beginning')
    record.task(record.gate('fail').then(() => void res.destroy(new Error('half way'))))
  },
  '/cut-after-end': (req, res) => {
    res.end('answered')
    process.nextTick(() => req.socket.destroy())
  },
  '/cut-after-write': (req, res) => {
    res.write('a part')
    process.nextTick(() => req.socket.destroy())
  },
  '/reset': (_, res) => void Reflect.get(res, 'stream').close(11),
}

export function makeHttp2App(record: AppRecord): RequestListener {
  return (req, res) => {
    const seen = record.watch(req, res)
    const route = routes[req.url?.split('?', 1)[0] ?? '']
    if (route === undefined) res.writeHead(404).end()
    else route(req, res, seen, record)
  }
}
