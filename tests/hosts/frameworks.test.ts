/**
 * Fetch frameworks, each unchanged: what one answers by itself, asked with a native Request, it answers behind four
 * wrappers on a Node server, too. (Node frameworks are themes of `fidelity.test.ts`.)
 */
import { describe, expect, it } from '@jest/globals'
import { compose, type App } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { H3, HTTPError, redirect, readBody } from 'h3'
import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { HTTPException } from 'hono/http-exception'
import { listen } from '../support/index.ts'
import { passOn, passOnLater } from '../support/wrappers.ts'

type Fetch = (request: Request) => Response | Promise<Response>

const threeParts = (): ReadableStream<Uint8Array> => new Blob(['one, ', 'two, ', 'three']).stream()

function hono(): Fetch {
  const app = new Hono()
  app.get('/text/:name', (c) => c.text(`hello ${c.req.param('name')} ${c.req.query('q')}`))
  app.get('/json', (c) => c.json({ a: [1, null] }, 201, { 'x-own': '1' }))
  app.get('/stream', () => new Response(threeParts()))
  app.get('/redirect', (c) => c.redirect('/elsewhere', 303))
  app.get('/cookies', (c) => {
    setCookie(c, 'a', '1')
    setCookie(c, 'b', '2', { httpOnly: true })
    return c.body(null, 204)
  })
  app.post('/echo', async (c) => c.json(await c.req.json()))
  app.post('/form', async (c) => c.json(await c.req.parseBody()))
  app.get('/error', () => {
    throw new HTTPException(402, { message: 'pay' })
  })
  return (request) => app.fetch(request)
}

function h3(): Fetch {
  const app = new H3({ silent: true })
  app.get('/text/:name', (event) => `hello ${event.context.params?.['name']} ${event.url.searchParams.get('q')}`)
  app.get('/json', (event) => {
    event.res.status = 201
    event.res.headers.set('x-own', '1')
    return { a: [1, null] }
  })
  app.get('/stream', threeParts)
  app.get('/redirect', () => redirect('/elsewhere', 303))
  app.get('/cookies', (event) => {
    event.res.headers.append('set-cookie', 'a=1; Path=/')
    event.res.headers.append('set-cookie', 'b=2; Path=/; HttpOnly')
    event.res.status = 204
    return null
  })
  app.post('/echo', (event) => readBody(event))
  app.post('/form', async (event) => Object.fromEntries(await event.req.formData()))
  app.get('/error', () => {
    throw new HTTPError({ status: 402, message: 'pay' })
  })
  return (request) => app.fetch(request)
}

function plain(): Fetch {
  const routes: Record<string, Fetch> = {
    '/text/you': (request) => new Response(`hello you ${new URL(request.url).searchParams.get('q')}`),
    '/json': () => Response.json({ a: [1, null] }, { status: 201, headers: { 'x-own': '1' } }),
    '/stream': () => new Response(threeParts()),
    '/redirect': (request) => Response.redirect(new URL('/elsewhere', request.url), 303),
    '/cookies': () =>
      new Response(null, {
        status: 204,
        headers: [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      }),
    '/echo': async (request) => Response.json(await request.json()),
    '/form': async (request) => Response.json(Object.fromEntries(await request.formData())),
    '/error': () => new Response('pay', { status: 402 }),
  }
  return (request) => routes[new URL(request.url).pathname]?.(request) ?? new Response('nothing here', { status: 404 })
}

const json = { 'content-type': 'application/json' }
const questions: readonly [what: string, path: string, init: RequestInit][] = [
  ['a parameter and a query', '/text/you?q=%C3%B6', {}],
  ['JSON', '/json', {}],
  ['a stream', '/stream', {}],
  ['a redirect', '/redirect', { redirect: 'manual' }],
  ['two cookies', '/cookies', {}],
  ['an error', '/error', {}],
  ['a page that is not there', '/missing', {}],
  ['HEAD', '/json', { method: 'HEAD' }],
  ['a method that is not there', '/json', { method: 'DELETE' }],
  ['a JSON body', '/echo', { method: 'POST', headers: json, body: '{"a":1}' }],
  ['a form', '/form', { method: 'POST', body: new URLSearchParams({ a: '1', b: 'ö' }) }],
]

describe.each([
  ['Hono', hono],
  ['h3', h3],
  ['a plain function', plain],
])('%s, unchanged', (_name, make) => {
  const framework = make()
  const app: App = compose(passOnLater, passOn, passOnLater, passOn)((request) => framework(request))

  it.each(questions)('answers %s as it does by itself', async (_what, path, init) => {
    const site = await listen(toNode(app))
    try {
      const alone = await shown(await framework(new Request(site.url + path, init)), init.method)
      expect(await shown(await fetch(site.url + path, init), init.method)).toEqual(alone)
    } finally {
      await site.close()
    }
  })
})

/** Fields that the server adds, or that are about its connection. */
const servers = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'])

async function shown(response: Response, method = 'GET'): Promise<object> {
  const body = await response.text()
  return {
    status: response.status,
    headers: [...response.headers].filter(([name]) => !servers.has(name)),
    body: method === 'HEAD' ? '' : body,
  }
}
