/** Request bodies, read in every way, and not read. */
import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import express from 'express'
import multer from 'multer'
import type { Routes } from './site.ts'

export const uploads: Routes = {
  express(app, record) {
    app.post('/json', express.json({ limit: 1000 }), (req, res) => res.json(req.body))
    app.post('/urlencoded', express.urlencoded(), (req, res) => res.json(req.body))
    app.post('/text', express.text(), (req, res) => res.send(req.body))
    app.post('/raw', express.raw({ type: '*/*', limit: '10mb' }), (req, res) => {
      res.send(createHash('sha256').update(req.body).digest('hex'))
    })
    app.post('/multipart', multer().single('file'), (req, res) => {
      res.json({ fields: { ...req.body }, name: req.file?.originalname, bytes: req.file?.size })
    })
    app.post('/unread', (_, res) => res.status(202).send('not read'))
    app.post('/echo', (req, res) => {
      res.set('Content-Type', req.get('content-type') ?? 'application/octet-stream')
      record.task(pipeline(req, res).then(() => record.of(req).note('echoed')))
    })
  },
  plain: {
    '/plain/echo': (req, res) => void req.pipe(res),
    '/plain/digest': (req, res, seen) => {
      const hash = createHash('sha256')
      let size = 0
      req.on('data', (chunk: Buffer) => {
        size += chunk.length
        hash.update(chunk)
      })
      req.on('end', () => {
        seen.note('trailers', [req.trailers, req.rawTrailers])
        res.end(`${size} ${hash.digest('hex')}`)
      })
    },
    '/plain/answer-first': (req, res, seen) => {
      // Full duplex: the answer is under way while the body still comes.
      res.write('go on\n')
      req.on('data', (chunk: Buffer) => seen.note('echo', res.write(chunk)))
      req.on('end', () => res.end())
    },
    '/plain/unread': (_, res) => void res.end('not read'),
    '/plain/read-later': (req, res) => {
      req.pause()
      setTimeout(() => req.pipe(res), 10)
    },
    '/plain/readable': (req, res) => {
      const chunks: Buffer[] = []
      req.on('readable', () => {
        for (let chunk: Buffer | null = req.read(); chunk !== null; chunk = req.read()) chunks.push(chunk)
      })
      req.on('end', () => res.end(Buffer.concat(chunks)))
    },
    '/plain/iterate': (req, res, _, record) => {
      record.task(
        (async () => {
          req.setEncoding('utf8')
          let text = ''
          for await (const piece of req) text += piece
          res.end(text)
        })(),
      )
    },
    '/plain/expect': (req, res, seen) => {
      seen.note('expect', req.headers.expect)
      res.writeContinue()
      req.pipe(res)
    },
    '/plain/expect-refused': (_, res) => res.writeHead(417, { Connection: 'close' }).end('no'),
    '/plain/destroys-upload': (req, res, seen) => {
      req.once('data', () => {
        seen.note('enough')
        req.destroy()
        seen.note('res destroyed', res.destroyed)
      })
    },
  },
}
