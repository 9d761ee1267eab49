/** Answers that come piece by piece. */
import { createReadStream } from 'node:fs'
import { PassThrough, pipeline, Readable, Transform } from 'node:stream'
import { pipeline as pipelineAsync } from 'node:stream/promises'
import { setImmediate as turn } from 'node:timers/promises'
import { createGzip } from 'node:zlib'
import compression from 'compression'
import session from 'express-session'
import type { Routes } from './site.ts'

const letters = new URL('../files/letters.txt', import.meta.url)
const block = Buffer.alloc(65_536, 'outerware ')

export const streams: Routes = {
  express(app, record) {
    app.get('/pipe', (_, res) => void createReadStream(letters, { highWaterMark: 10 }).pipe(res))
    app.get('/pipeline', (req, res) => {
      const seen = record.of(req)
      pipeline(Readable.from(['a', 'b', 'c']), new PassThrough(), res, seen.callback('pipeline'))
    })
    app.get('/pipeline-gzip', async (req, res) => {
      res.set('Content-Encoding', 'gzip')
      await pipelineAsync(createReadStream(letters), createGzip(), res)
      record.of(req).note('pipeline', 'done')
    })
    app.get('/pipeline-fails', (req, res) => {
      const seen = record.of(req)
      // By the gate, the first chunk is out before the failure.
      const source = async function* (): AsyncGenerator<string> {
        yield 'a good beginning'
        await record.gate('fail')
        throw new Error('half way')
      }
      pipeline(Readable.from(source()), res, seen.callback('pipeline'))
    })
    app.get('/generator', async (_, res) => {
      for (const piece of ['one ', 'two ', 'three']) {
        res.write(piece)
        await turn()
      }
      res.end()
    })
    app.get('/compressed', compression({ threshold: 0 }), (_, res) => res.send('compress me '.repeat(200)))
    app.get('/compressed-small', compression(), (_, res) => res.send('small'))
    app.get('/compressed-events', compression(), async (_, res) => {
      res.type('text/event-stream')
      res.write('data: 1\n\n')
      res.flush()
      await record.gate('more')
      res.write('data: 2\n\n')
      res.end()
    })
    app.get(
      '/compressed-large',
      compression(),
      (_, res) => void Readable.from([block, block, block]).pipe(res.type('text')),
    )
    const remember = session({ secret: 's', resave: false, saveUninitialized: true, genid: () => 'fixed-id' })
    app.get('/session', remember, (req, res) => {
      Object.assign(req.session, { visits: 1 })
      res.send(`session ${req.sessionID}`)
    })
    app.get('/session-streamed', remember, (req, res) => {
      Object.assign(req.session, { visits: 2 })
      res.write('a')
      res.end('b')
    })
  },
  plain: {
    '/plain/step-by-step': (_, res, seen, record) => {
      res.write('first\n')
      record.task(
        record.gate('more').then(() => {
          seen.note('second write', res.write('second\n'))
          res.end('third\n')
        }),
      )
    },
    '/plain/events': (_, res, __, record) => {
      res.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-cache',
        'X-Accel-Buffering': 'no',
      })
      res.write(':ok\n\n')
      record.task(
        (async () => {
          for (const name of ['one', 'two']) {
            await record.gate(name)
            res.write(`event: ${name}\ndata: {}\n\n`)
          }
          res.end()
        })(),
      )
    },
    '/plain/flush': (_, res, seen, record) => {
      res.setHeader('X-Early', '1')
      res.flushHeaders()
      seen.attempt('setHeader after flushHeaders', () => res.setHeader('x', '1'))
      record.task(record.gate('body').then(() => res.end('body')))
    },
    '/plain/flush-twice': (_, res) => {
      res.writeHead(202)
      res.flushHeaders()
      res.flushHeaders()
      res.end('twice')
    },
    '/plain/ticks': (_, res, __, record) => {
      // From Node 26 on the writes of one tick are one chunk.
      res.write('a')
      res.write('b')
      process.nextTick(() => res.write('c.'))
      const more = async (): Promise<void> => {
        await record.gate('more')
        res.write('d')
        res.write('e')
        process.nextTick(() => res.write('f'))
        await turn()
        res.write('g')
        res.end('h')
      }
      record.task(more())
    },
    '/plain/ticks-and-cut': (req, res) => {
      res.write('said')
      process.nextTick(() => {
        res.write('unsaid')
        req.socket.destroy()
      })
    },
    '/plain/drain': (_, res, seen, record) => {
      // As a well-behaved writer does: stops at `false`, goes on at `drain`.
      let left = 40
      const more = (): void => {
        while (left-- > 0) if (!res.write(block)) return void res.once('drain', more)
        res.end('the end', seen.callback('end'))
      }
      more()
      seen.note('paused', left > 0)
      record.add('started')
    },
    '/plain/no-drain': (_, res) => {
      // As a careless writer does.
      for (let i = 0; i < 20; i++) res.write(block)
      res.end('the end')
    },
    '/plain/held-before-drain': (_, res, seen) => {
      // The first write is already more than a buffer holds: `drain` must come.
      seen.note('write', res.write(Buffer.alloc(1_000_000, 'a')))
      res.once('drain', () => {
        seen.note('drained')
        res.end('the end')
      })
    },
    '/plain/pipeline-after-end': (_, res, seen) => {
      res.end('answered')
      pipeline(Readable.from(['more']), res, seen.callback('pipeline'))
    },
    '/plain/transform': (_, res) => {
      const upper = new Transform({
        transform: (chunk, _encoding, done) => done(null, String(chunk).toUpperCase()),
      })
      upper.pipe(res)
      upper.write('loud ')
      upper.end('voice')
    },
    '/plain/ends-when-read': (_, res, seen) => {
      const source = Readable.from(['a', 'b'])
      source.on('data', (chunk) => seen.note('write', res.write(chunk)))
      source.on('end', () => res.end())
    },
  },
}
