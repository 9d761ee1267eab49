/** Methods: HEAD, and those that few apps think of. */
import { Readable } from 'node:stream'
import type { Routes } from './site.ts'

export const methods: Routes = {
  express(app) {
    app.all('/echo-method', async (req, res) => {
      const chunks: Buffer[] = []
      for await (const chunk of req) chunks.push(chunk)
      res.json({ method: req.method, body: Buffer.concat(chunks).toString() })
    })
    app.get('/string', (_, res) => res.send('hello'))
    app.get('/json', (_, res) => res.json({ a: 1 }))
    app.get('/redirect', (_, res) => res.redirect('/elsewhere'))
    app.get('/file', (_, res) => res.sendFile(new URL('../files/letters.txt', import.meta.url).pathname))
    app.get('/stream', (_, res) => void Readable.from(['a', 'b']).pipe(res))
    app.get('/options', (_, res) => res.send('get')).post('/options', (_, res) => res.send('post'))
    app.get('/status/:code', (req, res) => res.status(Number(req.params.code)).send('a body'))
  },
  plain: {
    '/plain/length': (_, res) => res.writeHead(200, { 'Content-Length': 5 }).end(),
    '/plain/length-body': (_, res) => res.writeHead(200, { 'Content-Length': 5 }).end('hello'),
    '/plain/write': (_, res, seen) => {
      seen.note('write', res.write('hello'))
      res.end('bye')
    },
    '/plain/no-body': (_, res) => res.writeHead(204).end('a body'),
    '/plain/no-body-fields': (_, res) => {
      res.statusCode = 204
      res.setHeader('X-A', '1')
      res.write('a body')
      res.end()
    },
    '/plain/reset-content': (_, res) => res.writeHead(205).end(),
    '/plain/body-refused': (_, res, seen) => {
      // Under the option of the server that has Node refuse a body where none may be.
      res.statusCode = 204
      seen.attempt('write', () => res.write('a body', seen.callback('write called back')))
      seen.state('after the write', res)
      seen.attempt('end', () => res.end('a body'))
      seen.state('after the end', res)
      seen.attempt('end without it', () => res.end(seen.callback('end called back')))
    },
    '/plain/body-ignored': (_, res, seen) => {
      res.writeHead(304)
      for (let i = 0; i < 3; i++)
        seen.attempt('write', () => res.write(Buffer.alloc(100_000), seen.callback('write called back')))
      res.end('more')
    },
    '/plain/not-modified': (_, res) => res.writeHead(304, { ETag: '"a"', 'Content-Length': 5 }).end(),
    '/plain/not-modified-body': (_, res) => res.writeHead(304, { ETag: '"a"' }).end('a body'),
  },
}
