/** What goes wrong in an app, and what the app can tell of itself at every step. */
import { setTimeout as pause } from 'node:timers/promises'
import type { NextFunction, Request, Response } from 'express'
import morgan from 'morgan'
import type { PlainRoute, Routes } from './site.ts'

export const errors: Routes = {
  express(app, record) {
    app.get('/throws', () => {
      throw new Error('a fault')
    })
    app.get('/throws-status', () => {
      throw Object.assign(new Error('no tea'), { status: 418, headers: { 'X-Tea': 'none' } })
    })
    app.get('/rejects', async (_, res) => {
      res.set('X-Leak', '1')
      await pause(1)
      throw new Error('a fault')
    })
    app.get('/throws-after-head', async (_, res) => {
      res.writeHead(200, { 'Content-Type': 'text/plain' })
      res.write('a good beginning')
      await record.gate('fail')
      throw new Error('a fault')
    })
    app.get('/throws-after-end', (_, res, next) => {
      res.send('answered')
      next(new Error('a fault after the answer'))
    })
    app.get('/own-page', () => {
      throw new Error('for the page')
    })
    app.get('/double', (req, res) => {
      res.send('first')
      record.of(req).attempt('second send', () => res.send('second'))
      record.of(req).attempt('redirect', () => res.redirect('/'))
      record.of(req).attempt('json', () => res.status(500).json({}))
    })
    app.get('/morgan', morgan(':method :url :status :res[content-length] :res[x-a] :response-time[0]', {
      stream: { write: (line) => record.add(`morgan ${line.replace(/ \d+\n$/, '')}`) },
    }), (_, res) => res.set('X-A', 'a').send('logged')) // prettier-ignore
    app.get('/morgan-immediate', morgan(':method :url', {
      immediate: true,
      stream: { write: (line) => record.add(`morgan ${line.trim()}`) },
    }), (_, res) => res.send('logged')) // prettier-ignore
    app.use('/own-page', (error: Error, _: Request, res: Response, __: NextFunction) => {
      res.status(502).send(`sorry: ${error.message}`)
    })
  },
  plain: {
    '/plain/destroy': (_, res, seen) => {
      res.setHeader('X-A', '1')
      seen.attempt('destroy', () => res.destroy())
      seen.state('destroyed', res)
      seen.attempt('end', () => res.end('too late', seen.callback('end called back')))
    },
    '/plain/destroy-error': (_, res, seen) => {
      seen.attempt('destroy', () => res.destroy(new Error('on purpose')))
      seen.note('errored', res.errored?.message)
    },
    '/plain/destroy-socket': (req) => void req.socket.destroy(),
    '/plain/destroy-req': (req) => void req.destroy(),
    '/plain/destroy-after-head': (_, res, seen) => {
      res.writeHead(200, { 'Content-Length': 10 })
      seen.state('head written', res)
      res.destroy()
    },
    '/plain/destroy-mid-stream': (_, res, seen, record) => {
      res.write('a good beginning')
      record.task(
        record.gate('fail').then(() => {
          res.destroy(new Error('half way'))
          seen.attempt('write', () => res.write('more', seen.callback('write called back')))
        }),
      )
    },
    '/plain/destroy-after-flush': (_, res) => {
      res.setHeader('Content-Length', 10)
      res.flushHeaders()
      res.destroy()
    },
    '/plain/destroy-after-end': (_, res, seen) => {
      res.end('answered')
      seen.state('ended', res)
      res.destroy()
      seen.state('destroyed', res)
    },
    '/plain/destroy-socket-after-end': (req, res) => {
      res.end('answered')
      req.socket.destroy()
    },
    '/plain/destroy-soon-after-end': (req, res) => {
      res.end('answered')
      req.socket.destroySoon()
    },
    '/plain/destroy-a-turn-after-write': (_, res) => {
      res.write('said')
      setImmediate(() => res.destroy())
    },
    '/plain/end-socket': (req, res) => {
      res.end('answered')
      req.socket.end()
    },
    '/plain/double': (_, res, seen) => {
      res.end('first')
      seen.attempt('writeHead', () => res.writeHead(500))
      seen.attempt('setHeader', () => res.setHeader('x', '1'))
      seen.attempt('appendHeader', () => res.appendHeader('x', '1'))
      seen.attempt('removeHeader', () => res.removeHeader('x'))
      seen.attempt('flushHeaders', () => res.flushHeaders())
      seen.attempt('write', () => res.write('second', seen.callback('write called back')))
      seen.attempt('end', () => res.end('second', seen.callback('end called back')))
      seen.attempt('end without a chunk', () => res.end(seen.callback('empty end called back')))
      res.statusCode = 500
      seen.state('at last', res)
    },
    '/plain/double-head': (_, res, seen) => {
      res.writeHead(200, { 'X-A': '1' })
      seen.attempt('writeHead', () => res.writeHead(500, { 'X-B': '1' }))
      seen.attempt('setHeader', () => res.setHeader('X-B', '1'))
      res.end('first')
    },
    '/plain/wrong-field': (_, res, seen) => {
      seen.attempt('name', () => res.setHeader('a b', '1'))
      seen.attempt('value', () => res.setHeader('a', 'b\r\nc: d'))
      seen.attempt('wide', () => res.setHeader('a', '✓'))
      seen.attempt('undefined', () => Reflect.apply(res.setHeader, res, ['a', undefined]))
      seen.attempt('head, name', () => res.writeHead(200, { 'a b': '1' }))
      res.end('none of them')
    },
    '/plain/wrong-head': (_, res, seen) => {
      seen.attempt('value', () => res.writeHead(200, { 'X-A': 'b\nc' }))
      seen.state('after a wrong head', res)
      seen.attempt('head', () => res.writeHead(201, { 'X-B': '1' }))
      res.end('another')
    },
    '/plain/wrong-head-list': (_, res, seen) => {
      seen.attempt('odd list', () => res.writeHead(200, ['a', 'b', 'c']))
      seen.attempt('value', () => res.writeHead(200, ['X-A', 'b\nc']))
      seen.state('after wrong lists', res)
      seen.attempt('end', () => res.end('another'))
    },
    '/plain/wrong-status': (_, res, seen) => {
      for (const status of [0, 99, 1000, -1, Number.NaN]) seen.attempt(`${status}`, () => res.writeHead(status))
      seen.attempt('reason', () => res.writeHead(200, 'a\nb'))
      seen.state('after wrong statuses', res)
      res.statusMessage = 'Right'
      res.end('none of them')
    },
    '/plain/wrong-status-implicit': (_, res, seen) => {
      res.statusCode = 1000
      seen.attempt('end', () => res.end('never'))
      res.statusCode = 200
      seen.attempt('end', () => res.end('mended'))
    },
    '/plain/wrong-chunk': (_, res, seen) => {
      for (const chunk of [1, {}, null, undefined]) {
        seen.attempt(`write ${String(chunk)}`, () => Reflect.apply(res.write, res, [chunk]))
      }
      res.end('none of them')
    },
    '/plain/write-after-end': (_, res, seen) => {
      res.write('a')
      res.end()
      seen.attempt('write', () => res.write('b', seen.callback('write called back')))
    },
    '/plain/strict-length': (_, res, seen) => {
      res.strictContentLength = true
      res.setHeader('Content-Length', 3)
      seen.attempt('write', () => res.write('ab'))
      seen.attempt('too much', () => res.write('cd'))
      seen.attempt('too little', () => res.end())
      res.end('c')
    },
    '/plain/strict-length-short': (_, res, seen) => {
      res.strictContentLength = true
      seen.attempt('writeHead', () => res.writeHead(200, { 'content-LENGTH': '3' }))
      seen.attempt('too little', () => res.end('a'))
      seen.attempt('enough', () => res.end('abc'))
    },
    '/plain/strict-length-chunked': (_, res, seen) => {
      res.strictContentLength = true
      seen.attempt('write', () => res.write('no length'))
      seen.attempt('end', () => res.end('is announced'))
    },
    '/plain/states': states,
    '/plain/states-streamed': (_, res, seen, record) => {
      res.write('a', seen.callback('write called back'))
      seen.state('written', res)
      record.task(
        record.gate('end').then(() => {
          res.end('b', seen.callback('end called back'))
          seen.state('ended', res)
        }),
      )
    },
    '/plain/callbacks': (_, res, seen) => {
      seen.note('write', res.write('a', seen.callback('first')))
      seen.note('write', res.write('b', 'utf8', seen.callback('second')))
      seen.attempt('end', () => res.end('c', 'utf8', seen.callback('end')))
    },
    '/plain/callbacks-end': (_, res, seen) => void res.end(seen.callback('end')),
    '/plain/own-methods': (_, res, seen) => {
      // As on-headers and friends do: their own methods on top of those that are there.
      const { writeHead, end } = res
      res.writeHead = function (this: typeof res, ...args: unknown[]) {
        seen.note('writeHead', args)
        this.setHeader('X-Patched', '1')
        return Reflect.apply(writeHead, this, args)
      } as typeof writeHead
      res.end = function (this: typeof res, ...args: unknown[]) {
        seen.note('end', args)
        return Reflect.apply(end, this, args)
      } as typeof end
      res.end('patched')
    },
    '/plain/own-head-status': (_, res) => {
      // A patched writeHead may set the status that goes out.
      const { writeHead } = res
      res.writeHead = function (this: typeof res) {
        return Reflect.apply(writeHead, this, [203, { 'X-Patched': '1' }])
      }
      res.write('a')
      res.end('b')
    },
  },
}

function states(...[, res, seen]: Parameters<PlainRoute>): void {
  seen.state('at first', res)
  res.statusCode = 201
  res.setHeader('X-A', '1')
  seen.state('prepared', res)
  res.writeHead(202, { 'X-B': '2' })
  seen.state('head written', res)
  res.write('a')
  seen.state('written', res)
  res.end('b')
  seen.state('ended', res)
  res.on('finish', () => seen.state('finish', res))
  res.on('close', () => seen.state('close', res))
}
