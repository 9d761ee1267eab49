import { afterEach, describe, expect, it } from '@jest/globals'
import { after, compose, editHeaders, respond, type App, type Wrapper } from '@outerware/core'
import { contextOf, fromConnect, fromNode, next, toConnect, toNode, type NodeListener } from '@outerware/core/node'
import compression from 'compression'
import express, { type RequestHandler } from 'express'
import session from 'express-session'
import morgan from 'morgan'
import type { RequestListener } from 'node:http'
import { listen, listenHttp2, turns, type Listening } from '../support/index.ts'

const sites: Listening[] = []
afterEach(() => Promise.all(sites.splice(0).map((site) => site.close())))

async function ask(listener: RequestListener, path = '/', headers: Record<string, string> = {}): Promise<Response> {
  const site = await listen(listener)
  sites.push(site)
  return fetch(site.url + path, { headers })
}

const mark =
  (name: string): Wrapper =>
  (app) =>
  (request, context) =>
    after(app(request, context), (response) => editHeaders(response, (headers) => headers.append('x-mark', name)))

const expressApp = (): express.Express => {
  const app = express()
  app.get('/', (_req, res) => void res.send('hello '.repeat(400)))
  return app
}
const fetchApp: App = () => respond('hello '.repeat(400))

describe('an answer that overtakes a silent app, in an onion inside an onion,', () => {
  const impatient: Wrapper = (app) => (request, context) =>
    Promise.race([app(request, context), Promise.resolve(respond('too slow', { status: 504 }))])
  const inside: NodeListener = (req, res) => {
    toConnect(compose(mark('inner'), impatient)(next))(req, res, () => {
      setImmediate(() => {
        res.setHeader('x-late', '1')
        res.removeHeader('x-mark')
      })
    })
  }
  const slowly: Wrapper = (app) => async (request, context) => {
    const response = await app(request, context)
    await turns()
    return response
  }
  const site = toNode(compose(mark('outer'), slowly)(fromNode(inside)))

  it('has the headers of both', async () => {
    const { status, headers } = await ask(site)
    expect([status, headers.get('x-mark'), headers.has('x-late')]).toEqual([504, 'inner, outer', false])
  })

  it('has them over HTTP/2, too', async () => {
    const server = await listenHttp2(site)
    const { headers } = await server.ask({ ':path': '/' })
    await server.close()
    expect(headers).toMatchObject({ ':status': 504, 'x-mark': 'inner, outer' })
    expect(headers).not.toHaveProperty('x-late')
  })
})

describe.each([
  ['an Express app', () => fromNode(expressApp())],
  ['a Fetch app', () => fetchApp],
])('fromConnect() around %s', (_name, app) => {
  it('goes on to the app with what the middleware has set on res', async () => {
    const set: RequestHandler = (_req, res, goOn) => {
      res.setHeader('x-middleware', '1')
      goOn()
    }
    const response = await ask(toNode(compose(mark('outer'), fromConnect(set))(app())))
    expect(response.headers.get('x-middleware')).toBe('1')
    expect(response.headers.get('x-mark')).toBe('outer')
    expect(await response.text()).toBe('hello '.repeat(400))
  })

  it('lets middleware that hooks res work: compression', async () => {
    const response = await ask(toNode(compose(mark('outer'), fromConnect(compression()))(app())))
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await response.text()).toBe('hello '.repeat(400))
  })

  it('lets middleware that hooks the head work: express-session, morgan', async () => {
    const lines: string[] = []
    const site = compose(
      fromConnect(morgan(':status :method', { stream: { write: (line) => void lines.push(line) } })),
      fromConnect(session({ secret: 'secret', resave: false, saveUninitialized: true })),
    )(app())
    const response = await ask(toNode(site))
    expect(response.headers.get('set-cookie')).toMatch(/^connect\.sid=/)
    await response.text()
    expect(lines).toEqual(['200 GET\n'])
  })

  it('does not call the app when the middleware answers', async () => {
    const middleware: RequestHandler = (_req, res) => {
      res.statusCode = 403
      res.end('no')
    }
    const response = await ask(toNode(compose(mark('outer'), fromConnect(middleware))(app())))
    expect([response.status, response.headers.get('x-mark'), await response.text()]).toEqual([403, 'outer', 'no'])
  })

  it.each([
    ['next(error)', ((_req, _res, goOn) => goOn(new Error('no'))) satisfies RequestHandler],
    [
      'next(error) later',
      ((_req, _res, goOn) => void setTimeout(() => goOn(new Error('no')), 5)) satisfies RequestHandler,
    ],
    [
      'a throw',
      (() => {
        throw new Error('no')
      }) satisfies RequestHandler,
    ],
  ])('sends %s up the onion', async (_how, middleware) => {
    const errors: unknown[] = []
    const site = toNode(compose(fromConnect(middleware))(app()), { onError: (error) => void errors.push(error) })
    expect((await ask(site)).status).toBe(500)
    expect(errors).toEqual([expect.objectContaining({ message: 'no' })])
  })
})

describe('toConnect() inside Express', () => {
  it('makes middleware of a wrapper around next', async () => {
    const app = express()
    app.use(toConnect(mark('inner')(next)))
    app.get('/', (_req, res) => void res.send('hello'))
    const response = await ask(app)
    expect(response.headers.get('x-mark')).toBe('inner')
    expect(await response.text()).toBe('hello')
  })

  it('covers what Express answers by itself', async () => {
    const app = express().use(toConnect(mark('inner')(next)))
    const response = await ask(app, '/nothing')
    expect([response.status, response.headers.get('x-mark')]).toEqual([404, 'inner'])
  })

  it('serves a Fetch app at a mount point, beside what Express has set on res', async () => {
    const app = express()
    app.use((_req, res, goOn) => {
      res.setHeader('x-express', '1')
      goOn()
    })
    app.use('/fetch', toConnect(fetchApp))
    const response = await ask(app, '/fetch')
    expect(response.headers.get('x-express')).toBe('1')
    expect(await response.text()).toBe('hello '.repeat(400))
  })

  it('hands an error to Express', async () => {
    const app = express()
    app.use(
      toConnect(() => {
        throw new Error('no')
      }),
    )
    app.use(
      ((error: Error, _req, res, _goOn) =>
        void res.status(418).send(error.message)) satisfies express.ErrorRequestHandler,
    )
    const response = await ask(app)
    expect([response.status, await response.text()]).toEqual([418, 'no'])
  })

  it('keeps the one context of the onion around Express', async () => {
    const app = express()
    app.use(toConnect(((_request, context) => respond(String(Reflect.get(context, 'user')))) satisfies App))
    const site: App = (request, context) => {
      Object.assign(context, { user: 'ada' })
      return fromNode(app)(request, context)
    }
    expect(await (await ask(toNode(site))).text()).toBe('ada')
  })

  it('leaves the headers of the onion around Express in place', async () => {
    const app = express().use(toConnect(mark('inner')(next)))
    app.get('/', (req, res) => void res.send(String(contextOf(req)?.platform)))
    const response = await ask(toNode(mark('outer')(fromNode(app))))
    expect(response.headers.get('x-mark')).toBe('inner, outer')
    expect(await response.text()).toBe('node')
  })
})

it.each([
  [
    'fromConnect(undefined)',
    () => fromConnect(Reflect.get({}, 'nothing')),
    'fromConnect(…) must be middleware, (req, res, next) => void, got undefined',
  ],
  [
    'toConnect(app promise)',
    () => toConnect(Reflect.get(Object({ app: Promise.resolve() }), 'app')),
    'toConnect(…) must be an app, (request, context) => Response, got a Promise (is an await missing?)',
  ],
])('%s throws when it is made', (_call, make, message) => {
  expect(make).toThrow(expect.objectContaining({ code: 'ERR_OPTION', message }))
})
