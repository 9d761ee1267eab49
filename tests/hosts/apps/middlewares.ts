/** Middlewares that take hold of `res`, all of them in one app, as sites have them. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import compression from 'compression'
import type { RequestHandler } from 'express'
import session from 'express-session'
import httpProxy from 'http-proxy'
import morgan from 'morgan'
import multer from 'multer'
import onHeaders from 'on-headers'
import type { AppRecord } from '../harness/record.ts'
import type { Routes } from './site.ts'

export const middlewares: Routes = {
  express(app, record) {
    app.use(log(record), compression({ threshold: 0 }), lateHeader, visits)
    app.get('/page', (_, res) => res.send('a page '.repeat(100)))
    app.get('/written', (_, res) => {
      res.write('one, ')
      res.end('two')
    })
    app.get('/head', (_, res) => void res.writeHead(201, { 'X-A': '1' }).end('made'))
    app.post('/upload', multer().array('file'), (req, res) => {
      res.json([req.files].flat().map((file) => Object(file).originalname))
    })
    app.use('/proxied', proxied)
  },
}

function log(record: AppRecord): RequestHandler {
  return morgan(':method :url :status :res[x-late] :res[content-encoding]', {
    stream: { write: (line) => record.add(`morgan ${line.trim()}`) },
  })
}

/** The last moment before the head: what it sets goes out. */
const lateHeader: RequestHandler = (_req, res, next) => {
  onHeaders(res, () => void res.setHeader('X-Late', String(res.statusCode)))
  next()
}

const remembers = session({ secret: 's', resave: false, saveUninitialized: true, genid: () => 'fixed-id' })

const visits: RequestHandler = (req, res, next) => {
  remembers(req, res, () => {
    Object.assign(req.session, { visited: true })
    next()
  })
}

/** Through to a server of its own, which ends with the answer. */
const proxied: RequestHandler = (req, res, next) => {
  const upstream = createServer((request, response) => {
    response.sendDate = false
    response.writeHead(203, 'Said Elsewhere', { 'X-Upstream': String(request.url), 'Set-Cookie': ['a=1', 'b=2'] })
    request.pipe(response)
  })
  upstream.listen(0, '127.0.0.1', () => {
    const { port } = upstream.address() as AddressInfo
    httpProxy.createProxyServer({ target: `http://127.0.0.1:${port}` }).web(req, res, {}, next)
  })
  res.once('close', () => {
    upstream.close()
    upstream.closeAllConnections()
  })
}
