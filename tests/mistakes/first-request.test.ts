import { expect, it, jest } from '@jest/globals'
import { compose, errors, respond, toFetch, type App } from '@outerware/core'
import { fromNode, toConnect, toNode } from '@outerware/core/node'
import { compression } from '@outerware/compression'
import { securityHeaders } from '@outerware/security-headers'
import express from 'express'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { listen } from '../support/index.ts'
import { app, slip } from './slip.ts'

// What cannot be known before: the first request tells it, to whoever hears of errors, and is answered 500.

it.each<readonly [string, App, string]>([
  ['no return', slip(() => {}), 'got undefined (is a return missing?)'],
  [
    'no return, behind wrappers',
    compose(compression(), securityHeaders())(slip(async () => {})),
    'is a return missing?',
  ],
  ['a text', slip(() => 'hello'), 'got "hello" (write respond(text))'],
  ['an object', slip(async () => ({ hello: 1 })), 'got {"hello":1} (write Response.json(value))'],
  ['a factory, not called', slip(() => app), 'got a function app() (what makes an app is called once, before'],
  ['an async factory, not called', slip(async () => app), 'toNode(await makeApp())'],
  [
    'the app alone in compose()',
    slip(compose(slip(app))),
    'got a Request; the second call is missing, compose(a, b)(app)',
  ],
  [
    'the app as the last one in compose()',
    slip(compose(errors(), slip(fromNode(express())))),
    'got a Request; the second call is missing, compose(a, b)(app)',
  ],
  [
    'compose() without its second call',
    slip(compose(compression())),
    'got a Request; the second call is missing, compose(a, b)(app)',
  ],
  ['a wrapper without its second call', slip(compression()), 'got a Request; the second call is missing'],
  [
    'fromNode() around a Fetch app',
    fromNode(slip(app)),
    'this listener gave a Response: it is an app already, leave fromNode() out',
  ],
  ['what makes a Node app, not called', fromNode(slip(express)), 'fromNode(express())'],
  ['a status in the place of the init', () => respond('not here', slip(404)), 'write { status: 404 }'],
  ['fromNode() around an async one', fromNode(slip(async () => new Response('hello'))), 'leave fromNode() out'],
])('%s', async (_name, site, told) => {
  const { status, said } = await firstRequest((onError) => toNode(site, { onError }))
  expect([status, said]).toEqual([500, [expect.stringContaining(told)]])
})

it.each<readonly [string, App, string]>([
  ['a site', errors()(app), 'write createServer(toNode(site))'],
  [
    'a site of Express',
    securityHeaders()(fromNode(express())),
    'use toNode() or serve(), as in createServer(toNode(site))',
  ],
])('%s that a server has as it is says toNode()', async (_name, site, told) => {
  const listener: Listener = slip(site)
  const { said } = await firstRequest((onError) => (req, res) => {
    try {
      listener(req, res)
    } catch (error) {
      onError(error)
      res.writeHead(500).end()
    }
  })
  expect(said).toEqual([expect.stringContaining(told)])
})

it('two copies of the core, one inside and one outside, are named', async () => {
  let inside = fromNode(express())
  await jest.isolateModulesAsync(async () => {
    inside = (await import('@outerware/core/node')).fromNode(express())
  })
  const { status, said } = await firstRequest((onError) => toNode(inside, { onError }))
  expect([status, said]).toEqual([500, [expect.stringContaining('two copies of @outerware/core, which npm ls')]])
})
it('a site that Express uses as it is says toConnect()', async () => {
  const { status, said } = await firstRequest((onError) => inExpress(slip(errors()(app)), onError))
  expect([status, said]).toEqual([500, [expect.stringContaining('app.use(toConnect(site))')]])
})

it('a site that is called with a request and nothing else answers it all the same', async () => {
  const site: (request: Request) => unknown = slip(errors()(app))
  expect(await site(new Request('http://site.test/'))).toMatchObject({ status: 200 })
})

it('a wrapper that Express uses as it is says toConnect() and next', async () => {
  const { status, said } = await firstRequest((onError) => inExpress(slip(securityHeaders()), onError))
  expect([status, said]).toEqual([500, [expect.stringContaining('app.use(toConnect(wrapper(next)))')]])
})

it('a wrapper without next, in toConnect(), does too', async () => {
  const { status, said } = await firstRequest((onError) => inExpress(toConnect(slip(securityHeaders())), onError))
  expect([status, said]).toEqual([500, [expect.stringContaining('the second call is missing')]])
})

it('fromNode() without a Node server says toNode()', async () => {
  const said: unknown[] = []
  const site = toFetch(fromNode(express()), { onError: (error) => said.push(Object(error).message) })
  expect((await site(new Request('http://site.test/'))).status).toBe(500)
  expect(said).toEqual([
    'fromNode() needs a Node server outside: use toNode() or serve(), as in createServer(toNode(site)); this host is node',
  ])
})

type Listener = (req: IncomingMessage, res: ServerResponse) => void
type Hear = (error: unknown) => void

/** Express with this middleware, and somebody who hears of its errors. */
function inExpress(middleware: express.RequestHandler, hear: Hear): Listener {
  const outer = express().use(middleware)
  return outer.use((error: unknown, _req: express.Request, res: express.Response, _next: express.NextFunction) => {
    hear(error)
    res.sendStatus(500)
  })
}

/** Asks once. */
async function firstRequest(make: (hear: Hear) => Listener): Promise<{ status: number; said: string[] }> {
  const said: string[] = []
  const server = await listen(make((error) => said.push(Object(error).message)))
  const { status } = await fetch(`http://127.0.0.1:${server.port}/`)
  await server.close()
  return { status, said }
}
