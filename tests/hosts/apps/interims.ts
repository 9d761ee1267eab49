/** What comes before the head, and what comes after the body. */
import type { Routes } from './site.ts'

export const interims: Routes = {
  express(app) {
    app.get('/early-hints', (_, res) => {
      res.writeEarlyHints({ link: ['</a.css>; rel=preload', '</b.js>; rel=preload'], 'x-trace': '1' })
      res.send('after hints')
    })
  },
  plain: {
    '/plain/early-hints': (_, res, seen, record) => {
      res.writeEarlyHints({ link: '</a.css>; rel=preload' }, seen.callback('hints'))
      record.task(record.gate('body').then(() => res.end('after hints')))
    },
    '/plain/processing': (_, res, __, record) => {
      res.writeProcessing()
      record.task(record.gate('body').then(() => res.end('processed')))
    },
    '/plain/continue': (_, res) => {
      res.writeContinue()
      res.end('went on')
    },
    '/plain/all-three': (_, res) => {
      res.writeContinue()
      res.writeProcessing()
      res.writeEarlyHints({ link: '</a.css>; rel=preload' })
      res.end('at last')
    },
    '/plain/hints-too-late': (_, res, seen) => {
      res.writeHead(200)
      seen.attempt('hints after the head', () => res.writeEarlyHints({ link: '</a.css>; rel=preload' }))
      res.end('too late')
    },
    '/plain/hints-wrong': (_, res, seen) => {
      seen.attempt('wrong hints', () => res.writeEarlyHints({ link: 'no link' }))
      res.end('wrong')
    },
    '/plain/trailers': (_, res) => {
      res.writeHead(200, { Trailer: 'X-Sum, X-Other' })
      res.write('body')
      res.addTrailers({ 'X-Sum': '1', 'x-other': 'ü' })
      res.end()
    },
    '/plain/trailers-first': (_, res) => {
      res.setHeader('Trailer', 'X-Sum')
      res.addTrailers([['X-Sum', 'early']])
      res.write('a')
      res.end('b')
    },
    '/plain/trailers-unsent': (_, res) => {
      // With a length there is no place for trailers.
      res.setHeader('Content-Length', 4)
      res.addTrailers({ 'X-Sum': '1' })
      res.end('body')
    },
    '/plain/trailers-wrong': (_, res, seen) => {
      seen.attempt('wrong name', () => res.addTrailers({ 'a b': '1' }))
      seen.attempt('wrong value', () => res.addTrailers({ a: 'b\nc' }))
      res.end('a')
    },
    '/plain/trailers-late': (_, res, seen, record) => {
      res.writeHead(200, { Trailer: 'X-Sum', 'Transfer-Encoding': 'chunked' })
      res.write('body')
      record.task(
        record.gate('sum').then(() => {
          seen.attempt('addTrailers', () => res.addTrailers({ 'X-Sum': 'late' }))
          res.end()
        }),
      )
    },
  },
}
