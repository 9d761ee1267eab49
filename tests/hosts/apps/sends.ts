/** Plain answers: what an app says and how it says it. */
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'
import type { PlainRoute, Routes } from './site.ts'

const large = Buffer.alloc(3_000_000, 'outerware ')

export const sends: Routes = {
  express(app) {
    app.get('/status/:code', (req, res) => res.status(Number(req.params.code)).send(`status ${req.params.code}`))
    app.get('/send-status/:code', (req, res) => res.sendStatus(Number(req.params.code)))
    app.get('/string', (_, res) => res.send('hello'))
    app.get('/html', (_, res) => res.type('html').send('<p>größe ✓</p>'))
    app.get('/json', (_, res) => res.json({ name: 'ü', list: [1, null] }))
    app.get('/json-null', (_, res) => res.json(null))
    app.get('/buffer', (_, res) => res.send(Buffer.from([0, 1, 254, 255])))
    app.get('/empty', (_, res) => res.send(''))
    app.get('/nothing', (_, res) => res.send())
    app.get('/end', (_, res) => res.end())
    app.get('/end-text', (_, res) => res.end('text'))
    app.get('/large', (_, res) => res.send(large))
    app.get('/large-text', (_, res) => res.send(large.toString()))
    app.get('/async', async (_, res) => {
      await pause(5)
      res.send('later')
    })
    app.get('/turn', async (_, res) => {
      await turn()
      res.send('a turn later')
    })
    app.get('/microtask', (_, res) => queueMicrotask(() => res.send('a microtask later')))
    app.get('/tick', (_, res) => process.nextTick(() => res.send('a tick later')))
    app.get('/format', (_, res) =>
      res.format({ text: () => res.send('text'), html: () => res.send('<p>html</p>'), json: () => res.json({}) }),
    )
    app.get('/jsonp', (_, res) => res.jsonp({ a: 1 }))
    app.get('/cookies', (_, res) => {
      res.cookie('a', '1').cookie('b', 'ü;', { httpOnly: true, expires: new Date(0), path: '/x', sameSite: 'lax' })
      res.clearCookie('c').send('cookies')
    })
    app.get('/fields', (_, res) => {
      res.set({ 'X-Kept-CASE': '1', 'x-lower': '2' }).append('Link', '<a>').append('Link', '<b>')
      res.vary('Accept').vary('Accept-Encoding').links({ next: '/2' }).location('/ü').attachment('ü.txt')
      res.type('text/plain').send('fields')
    })
    app.get('/redirect', (_, res) => res.redirect('/elsewhere?a=b&c'))
    app.get('/redirect/:status', (req, res) => res.redirect(Number(req.params.status), '../up/ü'))
    app.get('/redirect-away', (_, res) => res.redirect(303, 'https://other.test/a b'))
  },
  plain: {
    '/plain/order': (_, res) => {
      res.setHeader('Zebra', '1')
      res.setHeader('aPPle', '2')
      res.setHeader('mango', '3')
      res.setHeader('ZEBRA', '4')
      res.removeHeader('Mango')
      res.setHeader('Mango', 5)
      res.end('order')
    },
    '/plain/many': (_, res) => {
      res.setHeader('X-Many', ['a', 'b'])
      res.appendHeader('x-many', 'c')
      res.appendHeader('Set-Cookie', ['a=1', 'b=2'])
      res.end('many')
    },
    '/plain/object-head': (_, res) => res.writeHead(201, { 'X-B': 'b', 'x-a': 'a', 'Content-Length': 4 }).end('head'),
    '/plain/object-over-set': (_, res) => {
      res.setHeader('X-A', 'set')
      res.setHeader('X-B', 'set')
      res.writeHead(200, { 'x-a': 'head', 'X-C': ['1', '2'] }).end('head')
    },
    '/plain/array-head': (_, res) =>
      res.writeHead(200, ['X-A', '1', 'x-a', '2', 'Set-Cookie', 'a', 'Set-Cookie', 'b', 'X-A', '3']).end('array'),
    '/plain/array-over-set': (_, res) => {
      res.setHeader('X-A', 'set')
      res.setHeader('X-B', 'set')
      res.writeHead(200, ['x-a', '1', 'X-A', '2', 'X-C', '3']).end('array')
    },
    '/plain/two-cases': (_, res) => res.writeHead(200, { 'set-cookie': 'a', 'Set-Cookie': 'b' }).end('cases'),
    '/plain/two-cases-over-set': (_, res) => {
      res.setHeader('X-Before', '1')
      res.writeHead(200, { 'set-cookie': 'a', 'Set-Cookie': 'b' }).end('cases')
    },
    '/plain/reason': (_, res) => {
      res.statusMessage = 'Fine By Me'
      res.end('reason')
    },
    '/plain/reason-head': (_, res) => res.writeHead(299, 'Odd, but (fine)', { 'X-A': '1' }).end('reason'),
    '/plain/reason-empty': (_, res) => res.writeHead(200, '').end('reason'),
    '/plain/status-599': (_, res) => res.writeHead(599).end('599'),
    '/plain/status-999': (_, res) => res.writeHead(999).end('999'),
    '/plain/status-text': (_, res) => res.writeHead(Number('404.9')).end('as a whole number'),
    '/plain/latin1': (_, res) => {
      res.setHeader('X-Latin', 'größe')
      res.end('ü', 'latin1')
    },
    '/plain/hex': (_, res) => {
      res.write('6869', 'hex')
      res.end('IQ==', 'base64')
    },
    '/plain/hex-end': (_, res) => void res.end('686921', 'hex'),
    '/plain/utf16': (_, res) => void res.end('ü', 'utf16le'),
    '/plain/bytes': (_, res) => {
      const bytes = new Uint8Array([1, 2, 3])
      res.write(bytes)
      // Node has these bytes, or a copy: what the app does with its buffer now is too late.
      res.end(new Uint8Array([4, 5]))
    },
    '/plain/no-date': (_, res) => {
      res.sendDate = false
      res.end('no date')
    },
    '/plain/own-date': (_, res) => {
      res.setHeader('Date', 'Thu, 01 Jan 1970 00:00:00 GMT')
      res.end('own date')
    },
    '/plain/removed': (_, res) => {
      for (const name of ['connection', 'content-length', 'date']) res.removeHeader(name)
      res.end('until the end')
    },
    '/plain/removed-te': (_, res) => {
      res.removeHeader('transfer-encoding')
      res.write('until ')
      res.end('the end')
    },
    '/plain/no-keep-alive': (_, res) => {
      res.shouldKeepAlive = false
      res.end('bye')
    },
    '/plain/no-chunks': (_, res) => {
      res.useChunkedEncodingByDefault = false
      res.write('until ')
      res.end('the end')
    },
    '/plain/chunks': (_, res) => {
      res.write('a')
      res.write('bb')
      res.write('')
      res.end('ccc')
    },
    '/plain/chunks-end': (_, res) => {
      res.write('a')
      res.end()
    },
    '/plain/chunked-by-name': (_, res) => {
      res.setHeader('Transfer-Encoding', 'chunked')
      res.end('chunked')
    },
    '/plain/fixed': (_, res) => {
      res.setHeader('Content-Length', 10)
      res.write('01234')
      res.end('56789')
    },
    '/plain/fixed-head': (_, res) => {
      res.writeHead(200, { 'content-length': '10' })
      res.write('01234')
      res.end('56789')
    },
    '/plain/cork': (_, res) => {
      res.cork()
      for (const piece of ['a', 'b', 'c', 'd']) res.write(piece)
      res.uncork()
      res.write('e')
      res.end('f')
    },
    '/plain/cork-end': (_, res) => {
      res.write('a')
      res.cork()
      res.write('b')
      res.write('c')
      res.end('d')
    },
    '/plain/head-then-body': (_, res, __, record) => {
      res.writeHead(200, { 'X-A': '1' })
      record.task(pause(10).then(() => res.end('late body')))
    },
    '/plain/set-headers': (_, res) => {
      res.setHeaders(new Map([['X-Map', 'a'], ['x-other', 'b']])) // prettier-ignore
      res.end('map')
    },
    '/plain/implicit-then-more': (_, res, seen) => {
      res.write('a')
      seen.attempt('setHeader after write', () => res.setHeader('x', '1'))
      setImmediate(() => res.end('b'))
    },
    '/plain/empty-write': (_, res) => {
      res.write('')
      res.end('after nothing')
    },
    '/plain/connection-close': (_, res) => {
      res.setHeader('Connection', 'close')
      res.end('bye')
    },
    '/plain/connection-case': (_, res) => {
      res.writeHead(200, { CONNECTION: 'Close', 'content-LENGTH': 3 }).end('bye')
    },
    '/plain/buffer-reused': reuse(),
  },
}

/** Writes from one buffer that it fills anew for the next request, as a pool does, once Node has called back. */
function reuse(): PlainRoute {
  const pool = Buffer.alloc(8)
  return (_, res, seen) => {
    pool.fill('a')
    res.write(pool, () => {
      pool.fill('b')
      seen.note('first is out')
      res.end(pool)
    })
  }
}
