/** A Connect app: a stack of functions, each of which may answer or go on. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import makeConnect, { type NextHandleFunction, type Server } from 'connect'
import type { AppRecord } from '../harness/record.ts'

export function connect(record: AppRecord): RequestListener {
  const app = makeConnect()
  app.use((_req, res, next) => {
    res.setHeader('X-Stack', 'first')
    next()
  })
  answers(app)
  bodies(app, record)
  app.use(rescue)
  return (req, res) => {
    record.watch(req, res)
    // Its error page holds a stack unless it runs in production.
    app(req, res, (error?: Error) => finish(res, error))
  }
}

function answers(app: Server): void {
  const get = (path: string, answer: NextHandleFunction): void => void app.use(path, answer)
  get('/ready', (_, res) => res.end('ready'))
  get('/text', (_, res) => res.end('größe'))
  get('/json', (_, res) => {
    res.setHeader('Content-Type', 'application/json')
    res.end(JSON.stringify({ a: [1, null] }))
  })
  get('/buffer', (_, res) => res.end(Buffer.from([0, 255])))
  get('/null', (_, res) => {
    res.statusCode = 204
    res.end()
  })
  get('/status', (_, res) => res.writeHead(418).end('teapot'))
  get('/fields', (_, res) => res.writeHead(200, ['X-Kept-CASE', '1', 'x-lower', '2', 'X-Kept-CASE', '3']).end('fields'))
  get('/redirect', (_, res) => res.writeHead(303, { Location: '/elsewhere?a=b&c' }).end())
  get('/later', (_, res, next) => {
    pause(5).then(() => res.end('later'), next)
  })
  get('/throws-status', (_req, _res, next) => next(Object.assign(new Error('pay'), { status: 402 })))
  get('/throws', () => {
    throw new Error('a fault')
  })
  get('/by-hand', (_, res) => {
    res.socket?.end('HTTP/1.1 203 By Hand\r\nConnection: close\r\n\r\nby hand')
  })
}

function bodies(app: Server, record: AppRecord): void {
  app.use('/stream-fails', (_, res) => {
    const body = Readable.from(
      (async function* (): AsyncGenerator<string> {
        yield 'a good beginning'
        await record.gate('fail')
        throw new Error('half way')
      })(),
    )
    record.task(pipeline(body, res))
  })
  app.use('/stream', (_, res) => void Readable.from(['a', 'b', 'c']).pipe(res))
  app.use('/echo', (req, res) => void req.pipe(res))
  app.use('/never', (req) => record.of(req).note('started'))
}

/** Answers an error that tells its status; what is worse goes on. */
function rescue(
  error: Error & { status?: number },
  _req: IncomingMessage,
  res: ServerResponse,
  next: (e?: unknown) => void,
): void {
  if (error.status === undefined) return next(error)
  res.writeHead(error.status, { 'X-Price': '1' }).end(error.message)
}

function finish(res: ServerResponse, error: Error | undefined): void {
  res.statusCode = error === undefined ? 404 : 500
  res.end(error === undefined ? 'nothing here' : 'a fault')
}
