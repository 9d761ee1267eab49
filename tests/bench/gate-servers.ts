/**
 * Sites with and without a gate. Each has `/sign-in`, which gives the cookie that its other requests bring: nobody is
 * asked, but what is in it is what a real login leaves. All answer the same 43 bytes.
 */
import { createCipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { compose, respond, type App, type Wrapper } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { memoryStore, oidc, type OidcOptions } from '@outerware/oauth2'
import { oidcAuthMiddleware } from '@hono/oidc-auth'
import express, { type Express } from 'express'
import openid from 'express-openid-connect'
import { Hono } from 'hono'
import { SignJWT } from 'jose'

const BODY = JSON.stringify({ hello: 'world', number: 42, of: 'a gate' })
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

const fetchApp: App = () => respond(BODY, { headers: JSON_TYPE })
const listener = (_req: IncomingMessage, res: ServerResponse): void => {
  res.writeHead(200, { ...JSON_TYPE, 'content-length': BODY.length })
  res.end(BODY)
}
const expressApp = (app: Express = express()): Express =>
  app.get('/', (_req, res) => void res.set(JSON_TYPE).send(BODY))

// Nobody listens there, and nobody is asked: the sessions are made here.
const issuer = 'http://127.0.0.1:1'
const secret = 'of the benchmark, thirty-two characters'
const clientId = 'site'
const user = { sub: 'ann', email: 'ann@example.com', email_verified: true, name: 'Ann of the benchmark' }
const token = 'x'.repeat(400)

/** Answers `/sign-in` with a cookie. */
const signingIn =
  (line: string): Wrapper =>
  (app) =>
  (request, context) =>
    request.url.endsWith('/sign-in')
      ? respond(null, { status: 204, headers: [['set-cookie', line]] })
      : app(request, context)

/** Seals a session as the gate does; under a name, if it is for a store. */
function sealed(purpose: string, name?: string): string {
  const label = `outerware oidc ${purpose} ${new URL(issuer).href} ${clientId}`
  const derived = Buffer.from(hkdfSync('sha256', secret, '', label, 38))
  const kid = derived.subarray(32).toString('base64url')
  const header = Buffer.from(JSON.stringify({ alg: 'dir', enc: 'A256GCM', kid })).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const payload = { v: 1, k: name, i: 'login', c: user, s: now, u: now, d: token, a: token, r: token }
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', derived.subarray(0, 32), iv).setAAD(Buffer.from(header))
  const text = Buffer.concat([cipher.update(JSON.stringify(payload)), cipher.final()])
  return [header, '', ...[iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.')
}

function gate(session: OidcOptions['session'] = {}): Wrapper {
  const baseURL = 'http://localhost'
  const options = { issuer, clientId, clientSecret: 'x', baseURL, secret, allowInsecureRequests: true, session }
  return compose(signingIn(`oidc=${sealed('session')}`), oidc(options))
}

function gateOverStore(): Wrapper {
  const store = memoryStore()
  const id = randomBytes(32).toString('base64url')
  const name = createHash('sha256').update(id).digest('base64url')
  void store.set(`session:${name}`, sealed('stored session', name), { ttl: 86_400 })
  const options = { issuer, clientId, clientSecret: 'x', baseURL: 'http://localhost', secret, session: { store } }
  return compose(signingIn(`oidc=${id}`), oidc({ ...options, allowInsecureRequests: true }))
}

/** A cookie of the same length, that nobody reads. */
const none: Wrapper = signingIn(`other=${'x'.repeat(1720)}`)

/** A session of express-openid-connect is what the app puts into it. */
function expressOpenidConnect(store: boolean): RequestListener {
  const app = express()
  const sessions = new Map<string, unknown>()
  const kept = {
    get: (id: string, done: (error: unknown, session?: any) => void) => done(null, sessions.get(id)),
    set: (id: string, session: unknown, done?: (error?: unknown) => void) => (sessions.set(id, session), done?.()),
    destroy: (id: string, done?: (error?: unknown) => void) => (sessions.delete(id), done?.()),
  }
  const payload = Buffer.from(JSON.stringify({ ...user, iss: issuer, aud: clientId })).toString('base64url')
  const idToken = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.${payload}.${token}`
  app.use(
    openid.auth({
      authRequired: false,
      issuerBaseURL: issuer,
      baseURL: 'http://localhost',
      clientID: clientId,
      secret,
      session: store ? { store: kept } : {},
    }),
  )
  app.get('/sign-in', (req, res) => {
    const session = { id_token: idToken, access_token: token, refresh_token: token, token_type: 'Bearer' }
    Object.assign(Reflect.get(req, 'appSession'), session)
    res.status(204).end()
  })
  app.use(openid.requiresAuth())
  return expressApp(app)
}

/** Its cookie is a token that is signed, and holds less: no access token. */
async function honoOidcAuth(): Promise<RequestListener> {
  const settings = { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: 'x', OIDC_AUTH_SECRET: secret }
  Object.assign(process.env, settings, { OIDC_REDIRECT_URI: 'http://localhost/callback' })
  const later = Math.floor(Date.now() / 1000) + 3600
  const claims = { sub: user.sub, email: user.email, rtk: '', rtkexp: later, ssnexp: later }
  const cookie = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret))
  const app = new Hono()
  app.get('/sign-in', (c) => c.body(null, 204, { 'set-cookie': `oidc-auth=${cookie}` }))
  app.use('*', oidcAuthMiddleware())
  app.get('/', (c) => c.body(BODY, 200, JSON_TYPE))
  return toNode((request) => app.fetch(request))
}

export const gateServers: Readonly<Record<string, () => RequestListener | Promise<RequestListener>>> = {
  'Fetch app, no gate': () => toNode(none(fetchApp)),
  'Fetch app, oidc()': () => toNode(gate()(fetchApp)),
  'Fetch app, oidc() with memoryStore()': () => toNode(gateOverStore()(fetchApp)),
  'Fetch app, oidc() that keeps nothing': () => toNode(gate({ cache: { entries: 0 } })(fetchApp)),
  'Hono, @hono/oidc-auth': honoOidcAuth,
  'Node listener, no gate': () => toNode(none(fromNode(listener))),
  'Node listener, oidc()': () => toNode(gate()(fromNode(listener))),
  'Express, no gate': () => toNode(none(fromNode(expressApp()))),
  'Express, oidc()': () => toNode(gate()(fromNode(expressApp()))),
  'Express, oidc() with memoryStore()': () => toNode(gateOverStore()(fromNode(expressApp()))),
  'Express, express-openid-connect': () => expressOpenidConnect(false),
  'Express, express-openid-connect with a store': () => expressOpenidConnect(true),
}
