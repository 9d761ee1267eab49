/** The wrappers around headers, and what does the same by other means. */
import type { RequestListener } from 'node:http'
import { allowedHosts } from '@outerware/allowed-hosts'
import { compose, respond, type App, type Wrapper } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { httpsRedirect } from '@outerware/https-redirect'
import { securityHeaders } from '@outerware/security-headers'
import { trustedProxy } from '@outerware/trusted-proxy'
import express from 'express'
import helmet from 'helmet'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

const TEXT = 'hello, world\n'
const HEADERS = { 'content-type': 'text/plain; charset=utf-8', 'content-length': String(TEXT.length) }

const app: App = () => respond(TEXT, { headers: HEADERS })
const over = (wrapper: Wrapper): RequestListener => toNode(wrapper(app))

// The load comes by http, and the whole set is to be written.
const always = { hsts: { overHttp: true } } as const

/** What helmet would set, as a constant. */
function bareWriteHead(): RequestListener {
  const fields: Record<string, string> = { ...HEADERS }
  const res = { setHeader: (name: string, value: string) => void (fields[name] = value), removeHeader() {} }
  helmet()(Object(null), Object(res), () => {})
  return (_req, response) => void response.writeHead(200, fields).end(TEXT)
}

function expressApp(...before: express.RequestHandler[]): express.Express {
  const app = express().disable('x-powered-by')
  if (before.length > 0) app.use(...before)
  return app.get('/', (_req, res) => void res.send(TEXT))
}

function honoApp(): RequestListener {
  const hono = new Hono()
  hono.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"] } }))
  hono.get('/', (c) => c.body(TEXT, 200, HEADERS))
  return toNode((request) => hono.fetch(request))
}

const hosts = allowedHosts(['localhost', '127.0.0.1'])
const proxy = trustedProxy({ proxies: ['loopback'] })
const nobody = trustedProxy({ proxies: ['10.0.0.0/8'] })
const exempt = httpsRedirect({ exempt: ['/'] })
const origins = crossOriginProtection()

export const headersServers: Readonly<Record<string, () => RequestListener>> = {
  'headers, bare writeHead': bareWriteHead,
  'securityHeaders()': () => over(securityHeaders(always)),
  'securityHeaders() with a nonce': () => over(securityHeaders({ ...always, nonce: true })),
  'securityHeaders(), strict': () => over(securityHeaders({ ...always, preset: 'strict' })),
  'headers, Hono secureHeaders': honoApp,
  'headers, Express + helmet': () => expressApp(helmet()),
  'securityHeaders() over Express': () => toNode(securityHeaders(always)(fromNode(expressApp()))),
  'allowedHosts()': () => over(hosts),
  'crossOriginProtection()': () => over(origins),
  'httpsRedirect(), exempt': () => over(exempt),
  'trustedProxy(), no proxy': () => over(nobody),
  'all four': () => over(compose(nobody, hosts, exempt, origins)),
  'trustedProxy(), a proxy': () => over(proxy),
  'all four and securityHeaders(), behind a proxy': () =>
    over(compose(proxy, hosts, httpsRedirect(), securityHeaders(), origins)),
}
