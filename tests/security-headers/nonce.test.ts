import { afterAll, expect, it } from '@jest/globals'
import { compose, errors, respond, type App, type Context } from '@outerware/core'
import { contextOf, fromNode, toNode } from '@outerware/core/node'
import { securityHeaders, type Nonce } from '@outerware/security-headers'
import express from 'express'
import { Hono } from 'hono'
import { get, hello, listen, testContext, type Listening } from '../support/index.ts'

const servers: Listening[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
})

const show: App<Nonce> = (_request, context) => respond(context.nonce)

async function ask(site: App, request = get()): Promise<{ policy: string; body: string; response: Response }> {
  const response = await site(request, testContext())
  return { policy: response.headers.get('content-security-policy') ?? '', body: await response.text(), response }
}

it('gives each request 16 random bytes in base64, on the context and in script-src', async () => {
  const site = securityHeaders({ nonce: true })(show)
  const seen = new Set<string>()
  for (let i = 0; i < 1000; i++) {
    const { policy, body } = await ask(site)
    expect(body).toMatch(/^[A-Za-z0-9+/]{22}==$/)
    expect(Buffer.from(body, 'base64').toString('base64')).toBe(body)
    expect(policy).toContain(`script-src 'self' 'nonce-${body}';`)
    seen.add(body)
  }
  expect(seen.size).toBe(1000)
})

it.each<[string, Record<string, string[] | null>, string, string]>([
  ['joins what is given', { scriptSrc: ['https://cdn.example'] }, 'script-src', "https://cdn.example 'nonce-N'"],
  ["takes the place of 'none'", { scriptSrc: ["'none'"] }, 'script-src', "'nonce-N'"],
  ['begins with default-src where script-src is missing', { scriptSrc: null }, 'script-src', "'self' 'nonce-N'"],
  ['stands where it is written, once', { scriptSrc: ["'nonce-{nonce}'", "'self'"] }, 'script-src', "'nonce-N' 'self'"],
  ['joins script-src-elem too', { scriptSrcElem: ["'self'"] }, 'script-src-elem', "'self' 'nonce-N'"],
  ["leaves 'unsafe-inline' of styles in force", {}, 'style-src', "'self' https: 'unsafe-inline'"],
  ['joins style-src else', { styleSrc: ["'self'"] }, 'style-src', "'self' 'nonce-N'"],
  ['goes into any directive where it is written', { imgSrc: ["'nonce-{nonce}'"] }, 'img-src', "'nonce-N'"],
])('%s', async (_name, directives, directive, value) => {
  const { policy, body } = await ask(securityHeaders({ nonce: true, contentSecurityPolicy: { directives } })(show))
  const sources = policy.split(';').find((part) => part.startsWith(`${directive} `))
  expect(sources?.replaceAll(body, 'N')).toBe(`${directive} ${value}`)
})

it('is the same in the enforced and in the reported policy', async () => {
  const { response, body } = await ask(securityHeaders({ nonce: true, contentSecurityPolicyReportOnly: true })(show))
  expect(response.headers.get('content-security-policy-report-only')).toContain(`'nonce-${body}'`)
})

it('is the same for two wrappers, one in the other, and for whoever stands between them', async () => {
  let between = ''
  const inner = securityHeaders({ nonce: true })(show)
  const site = securityHeaders({ nonce: true })((request, context: Context & Nonce) => {
    between = context.nonce
    return inner(request, context)
  })
  const { policy, body } = await ask(site)
  expect(policy).toContain(`'nonce-${body}'`)
  expect(between).toBe(body)
})

it('is in the policy of an answer that is made of an error', async () => {
  const site = compose(
    errors({ report: () => {} }),
    securityHeaders({ nonce: true }),
  )(() => {
    throw new Error('boom')
  })
  const { policy } = await ask(site)
  expect(policy).toMatch(/script-src 'self' 'nonce-[^']{24}';/)
})

it('reaches Express as req.cspNonce, res.locals.cspNonce and by contextOf', async () => {
  const app = express()
  app.get('/', (req, res) => {
    res.locals['more'] = 'kept'
    res.json([Reflect.get(req, 'cspNonce'), res.locals['cspNonce'], contextOf<Nonce>(req)?.nonce])
  })
  const server = await listen(toNode(securityHeaders({ nonce: true })(fromNode(app))))
  servers.push(server)
  const response = await fetch(server.url)
  const policy = response.headers.get('content-security-policy')
  const nonce = /'nonce-([^']+)'/.exec(policy ?? '')?.[1]
  expect(nonce).toHaveLength(24)
  expect(await response.json()).toEqual([nonce, nonce, nonce])
})

it("functions written for helmet find it where helmet's readers put it", async () => {
  const locals = (_req: unknown, res: object): string =>
    `'nonce-${Reflect.get(Reflect.get(res, 'locals'), 'cspNonce')}'`
  const contentSecurityPolicy = { directives: { imgSrc: [locals] } }
  const { policy, body } = await ask(securityHeaders({ nonce: true, contentSecurityPolicy })(show))
  expect(policy).toContain(`img-src 'nonce-${body}'`)
})

it('functions find what an Express app puts on res.locals on its way', async () => {
  const app = express()
  app.use((_req, res, next) => {
    res.locals['own'] = 'abc'
    next()
  })
  app.get('/', (_req, res) => void res.send('hello'))
  const locals = (_req: unknown, res: object): string => `'nonce-${Reflect.get(Reflect.get(res, 'locals'), 'own')}'`
  const site = securityHeaders({ contentSecurityPolicy: { directives: { scriptSrc: [locals] } } })(fromNode(app))
  const server = await listen(toNode(site))
  servers.push(server)
  const response = await fetch(server.url)
  expect(response.headers.get('content-security-policy')).toContain("script-src 'nonce-abc'")
})

it('a 304 says nothing of a nonce: the page in the cache keeps the policy that it came with (RFC 9111, 3.2)', async () => {
  const site = securityHeaders({ nonce: true })(() => respond(null, { status: 304 }))
  const { response } = await ask(site)
  expect(response.headers.has('content-security-policy')).toBe(false)
  expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN')
})

it('reaches an app that sees the request alone by a field, whatever the client has sent there', async () => {
  const hono = new Hono()
  hono.get('/', (c) => c.text(c.req.header('x-nonce') ?? 'none'))
  const site = securityHeaders({ nonce: { header: 'x-nonce' } })((request) => hono.fetch(request))
  const { policy, body } = await ask(site, get('/', { 'x-nonce': 'evil' }))
  expect(body).toHaveLength(24)
  expect(policy).toContain(`script-src 'self' 'nonce-${body}';`)

  const inExpress = express()
  inExpress.get('/', (req, res) => void res.send(req.get('x-nonce')))
  const server = await listen(toNode(securityHeaders({ nonce: { header: 'x-nonce' } })(fromNode(inExpress))))
  servers.push(server)
  const response = await fetch(server.url, { headers: { 'x-nonce': 'evil' } })
  expect(response.headers.get('content-security-policy')).toContain(`'nonce-${await response.text()}'`)
})

it('there is none unless asked', async () => {
  const context = testContext()
  await securityHeaders()(hello)(get(), context)
  expect(context).not.toHaveProperty('nonce')
})
