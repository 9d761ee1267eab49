/** Connections: how long they live, who leaves first, who takes them over. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Routes } from './site.ts'

export const connections: Routes = {
  express(app, record) {
    app.get('/hello', (req, res) => res.send(`hello ${req.httpVersion}`))
    app.post('/hello', (req, res) => void req.resume().on('end', () => res.send('posted')))
    app.get('/slow/:name', async (req, res) => {
      await record.gate(req.params.name)
      res.send(`slow ${req.params.name}`)
    })
    app.get('/identity', (req, res) => {
      res.json({
        sameSocket: req.socket === res.socket,
        reqOfRes: res.req === req,
        connection: req.connection === req.socket,
        ip: req.ip,
        protocol: req.protocol,
        secure: req.secure,
        remote: [req.socket.remoteAddress, req.socket.remoteFamily, typeof req.socket.remotePort],
        encrypted: 'encrypted' in req.socket,
        names: [req.constructor.name, req.socket.constructor.name],
        paused: req.isPaused(),
        version: [req.httpVersionMajor, req.httpVersionMinor],
      })
    })
  },
  plain: {
    '/plain/identity': (req, res) => {
      const names = [req.constructor.name, res.constructor.name, Object.getPrototypeOf(res).constructor.name]
      res.end(JSON.stringify({ names, sameSocket: req.socket === res.socket, reqOfRes: res.req === req }))
    },
    '/plain/never': (_, __, seen) => seen.note('started'),
    '/plain/mid-stream': (_, res, seen) => {
      res.write('a good beginning')
      seen.note('started')
    },
    '/plain/mid-upload': (req, _, seen) => {
      req.on('data', () => seen.note('some data'))
    },
    '/plain/writes-after-abort': (req, res, seen) => {
      res.write('begun')
      req.on('aborted', () => {
        seen.attempt('write', () => res.write('to nobody', seen.callback('write called back')))
        seen.attempt('end', () => res.end(seen.callback('end called back')))
      })
      seen.note('started')
    },
    '/plain/answers-after-abort': (req, res, seen) => {
      req.on('aborted', () => {
        seen.attempt('writeHead', () => res.writeHead(200))
        seen.attempt('end', () => res.end('to nobody', seen.callback('end called back')))
        seen.state('answered', res)
      })
      seen.note('started')
    },
    '/plain/timeout-res': (_, res, seen) => {
      res.setTimeout(30, () => {
        // On a busy machine it comes once more before the connection has ended.
        if (res.writableEnded) return
        seen.note('timed out')
        res.writeHead(503, { Connection: 'close' }).end('too slow')
      })
    },
    '/plain/timeout-req': (req, res, seen) => {
      req.setTimeout(30, () => {
        // On a busy machine it comes once more before the connection has ended.
        if (res.writableEnded) return
        seen.note('timed out')
        res.writeHead(408, { Connection: 'close' }).end('too slow')
      })
    },
    '/plain/timeout-after-head': (_, res, seen) => {
      res.write('begun')
      // Long after any wrapper here has let the head go.
      res.setTimeout(500, () => {
        seen.note('timed out')
        res.destroy()
      })
    },
    '/plain/stops-the-server': (req, res, _, record) => {
      res.end('the last one')
      Reflect.get(req.socket, 'server').close(() => record.add('server closed'))
    },
    '/plain/stops-the-server-late': (req, res, _, record) => {
      setTimeout(() => {
        res.end('the last one')
        Reflect.get(req.socket, 'server').close(() => record.add('server closed'))
      }, 5)
    },
    '/plain/sweeps-late': (req, res) => {
      setTimeout(() => {
        res.end('not idle yet')
        Reflect.get(req.socket, 'server').closeIdleConnections()
      }, 5)
    },
    '/plain/sweeps': (req, res, seen) => {
      res.end('not idle yet')
      Reflect.get(req.socket, 'server').closeIdleConnections()
      seen.note('swept')
    },
    '/plain/hijack': (req, res, seen) => {
      seen.note('same socket', req.socket === res.socket)
      req.socket.write('HTTP/1.1 200 By Hand\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi')
      req.socket.end()
    },
    '/plain/hijack-res-socket': (_, res) => void res.socket?.end('HTTP/1.0 200 By Hand\r\n\r\nhi'),
    '/plain/hijack-detached': (req, res) => {
      const { socket } = req
      res.detachSocket(socket)
      socket.end('HTTP/1.1 200 Detached\r\nContent-Length: 2\r\n\r\nhi')
    },
  },
}

/** Handles upgrades as apps do: ws for one path, by hand for another. */
export function upgrades(): (req: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const wss = new WebSocketServer({ noServer: true })
  return (req, socket, head) => {
    if (req.url === '/socket') return wss.handleUpgrade(req, socket, head, (ws) => {
      ws.on('message', (data, isBinary) => ws.send(data, { binary: isBinary }))
      ws.send('welcome')
    }) // prettier-ignore
    if (req.url === '/by-hand') {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\nX-Case: Kept\r\n\r\n')
      if (head.length > 0) socket.write(head)
      return void socket.pipe(socket)
    }
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
  }
}
