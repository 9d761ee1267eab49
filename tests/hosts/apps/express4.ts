/** An Express 4 app: its own `res.send`, its own error page. */
import { createReadStream } from 'node:fs'
import type { RequestListener } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import makeExpress, { type Express } from 'express4'
import type { AppRecord } from '../harness/record.ts'

export function express4(record: AppRecord): RequestListener {
  const app = makeExpress()
  // Else the error page holds a stack, and a stack holds who called.
  app.set('env', 'production')
  answers(app)
  bodies(app, record)
  return (req, res) => {
    record.watch(req, res)
    app(req, res)
  }
}

function answers(app: Express): void {
  app.get('/ready', (_, res) => res.send('ready'))
  app.get('/text', (_, res) => res.type('text').send('größe'))
  app.get('/json', (_, res) => res.json({ a: [1, null] }))
  app.get('/buffer', (_, res) => res.send(Buffer.from([0, 255])))
  app.get('/null', (_, res) => res.status(204).send())
  app.get('/status', (_, res) => res.sendStatus(418))
  app.get('/fields', (_, res) => {
    res.set({ 'X-Kept-CASE': '1', 'x-lower': '2' }).append('Link', '<a>').append('Link', '<b>')
    res.cookie('a', '1', { signed: false }).cookie('b', '2').vary('Accept').send('fields')
  })
  app.get('/redirect', (_, res) => res.redirect('/elsewhere?a=b&c'))
  app.get('/later', (_, res, next) => {
    pause(5).then(() => res.send('later'), next)
  })
  app.get('/throws', () => {
    throw new Error('a fault')
  })
  app.get('/throws-status', (_req, _res, next) =>
    next(Object.assign(new Error('pay'), { status: 402, headers: { 'X-Price': '1' } })),
  )
  app.get('/by-hand', (_, res) => {
    res.socket?.end('HTTP/1.1 203 By Hand\r\nConnection: close\r\n\r\nby hand')
  })
}

const letters = new URL('../files/letters.txt', import.meta.url)

function bodies(app: Express, record: AppRecord): void {
  app.get('/stream', (_, res) => void createReadStream(letters, { highWaterMark: 10 }).pipe(res))
  app.get('/stream-fails', (_, res) => {
    const body = Readable.from(
      (async function* (): AsyncGenerator<string> {
        yield 'a good beginning'
        await record.gate('fail')
        throw new Error('half way')
      })(),
    )
    record.task(pipeline(body, res))
  })
  app.post('/echo', makeExpress.json(), (req, res) => res.json(req.body))
  app.get('/never', (req) => record.of(req).note('started'))
}
