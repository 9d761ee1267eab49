import { describe, expect, it } from '@jest/globals'
import { compose, respond, toFetch, type App, type Context, type Finished } from '@outerware/core'
import { toBun } from '@outerware/core/bun'
import { toDeno } from '@outerware/core/deno'
import { toWorker } from '@outerware/core/workers'
import { fromNode } from '@outerware/core/node'
import { get, growth, streamOf } from '../support/index.ts'

const quiet = { onError: () => {} }

/** Every host that speaks Fetch itself, called as its platform calls it. */
const hosts: [
  string,
  (app: App, options?: { onError(error: unknown): void }) => (request: Request) => Promise<Response>,
][] = [
  ['toFetch', (app, options) => toFetch(app, options)],
  [
    'toBun',
    (app, options) => async (request) => toBun(app, options)(request, { requestIP: () => ({ address: '::1' }) }),
  ],
  ['toDeno', (app, options) => async (request) => toDeno(app, options)(request, { remoteAddr: { hostname: '::1' } })],
  [
    'toWorker',
    (app, options) => async (request) => toWorker(app, options).fetch(request, { KEY: 'v' }, { waitUntil() {} }),
  ],
]

describe.each(hosts)('%s', (name, host) => {
  it('gives the platform its own Response, also for a light one', async () => {
    const app: App = () =>
      respond('hello', {
        status: 201,
        headers: [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      })
    const response = await host(app)(get())
    expect([response.status, response.headers.getSetCookie(), await response.clone().text()]).toEqual([
      201,
      ['a=1', 'b=2'],
      'hello',
    ])
    expect('wholeBody' in response).toBe(false)
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['gives no Response', () => Reflect.get({}, 'nothing')],
  ] satisfies [string, App][])('answers a plain 500 when the app %s, and reports it', async (_what, app) => {
    const errors: unknown[] = []
    const response = await host(app, { onError: (error) => void errors.push(error) })(get())
    expect([response.status, await response.text()]).toEqual([500, '500 Internal Server Error\n'])
    expect(errors).toHaveLength(1)
  })

  it('calls onFinish once the body has been read, last added first', async () => {
    const ends: [number, Finished][] = []
    const app: App = (_request, context) => {
      context.onFinish((end) => void ends.push([1, end]))
      context.onFinish((end) => void ends.push([2, end]))
      return respond('hello')
    }
    const response = await host(app)(get())
    expect(ends).toEqual([])
    await response.text()
    const sent = { status: 200, outcome: 'sent', error: null, evidence: 'pulled', bytes: 5 }
    expect(ends).toEqual([
      [2, sent],
      [1, sent],
    ])
  })

  it('tells onFinish of a client that leaves, of a stream that fails, and of an answer without a body', async () => {
    const ends: Finished[] = []
    const errors: unknown[] = []
    const watch = (app: App) =>
      host(
        (request, context) => {
          context.onFinish((end) => void ends.push(end))
          return app(request, context)
        },
        { onError: (error) => void errors.push(Object(error).message) },
      )
    const endless = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(10)) })
    const reader = (await watch(() => new Response(endless))(get())).body!.getReader()
    await reader.read()
    await reader.cancel()
    const failing = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error('half way')) })
    await expect((await watch(() => new Response(failing))(get())).text()).rejects.toThrow('half way')
    await watch(() => new Response(null, { status: 204 }))(get())
    await Promise.resolve()
    expect(ends.map(({ status, outcome, evidence }) => [status, outcome, evidence])).toEqual([
      [200, 'aborted', 'pulled'],
      [200, 'error', 'pulled'],
      [204, 'sent', 'returned'],
    ])
    expect(errors).toEqual(['half way'])
  })

  it('keeps onFinish hooks apart: one that throws is reported and stops nobody', async () => {
    const heard: unknown[] = []
    const app: App = (_request, context) => {
      context.onFinish(() => void heard.push('first'))
      context.onFinish(() => {
        throw new Error('hook')
      })
      return respond('hello')
    }
    await (await host(app, { onError: (error) => void heard.push(Object(error).message) })(get())).text()
    expect(heard).toEqual(['hook', 'first'])
  })

  it('keeps nothing of 10,000 requests, all of them different', async () => {
    const app: App = (request, context) => {
      context.onFinish(() => {})
      context.waitUntil(Promise.resolve(request))
      return request.url.endsWith('7') ? respond(streamOf(request.url)) : respond(request.url)
    }
    const run = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i++) await (await host(app)(get(`/${'x'.repeat(200)}${i}`))).text()
    }
    await run(0, 1000)
    const grown = await growth(1_048_576, (round) => run(1000 + round * 10_000, 11_000 + round * 10_000))
    expect(grown).toBeLessThan(1_048_576)
  })

  it('refuses a Node app with a sentence that says what to write', async () => {
    const errors: unknown[] = []
    const site = compose()(fromNode((_req, res) => res.end()))
    await host(site, { onError: (error) => void errors.push(Object(error).message) })(get())
    expect(errors).toEqual([expect.stringMatching(/^fromNode\(\) needs a Node server outside: use toNode\(\)/)])
  })

  it('throws for what is no app, when it is made', async () => {
    await expect((async () => host(Reflect.get({}, 'nothing'))(get()))()).rejects.toMatchObject({
      code: 'ERR_OPTION',
      message: `${name}(…) must be an app, (request, context) => Response, got undefined`,
    })
  })
})

it('the context says which platform, which peer and which bindings', async () => {
  const seen: [string, string | undefined, unknown][] = []
  const app: App = (_request, { platform, ip, env }: Context) => {
    seen.push([platform, ip, env === process.env ? 'process.env' : env])
    return respond('')
  }
  await toFetch(app)(get())
  await toBun(app)(get(), { requestIP: () => ({ address: '::1' }) })
  await toWorker(app).fetch(get('/', { 'cf-connecting-ip': '192.0.2.1' }), { KEY: 'v' }, { waitUntil() {} })
  expect(seen).toEqual([
    ['node', undefined, 'process.env'],
    ['bun', '::1', 'process.env'],
    ['workers', '192.0.2.1', { KEY: 'v' }],
  ])
})

it('toWorker() keeps the isolate for tasks and for the end of the response', async () => {
  const tasks: Promise<unknown>[] = []
  const app: App = (_request, context) => {
    context.waitUntil(Promise.reject(new Error('task')))
    context.onFinish(() => {})
    return respond('hello')
  }
  const response = await toWorker(app, quiet).fetch(get(), {}, { waitUntil: (task) => void tasks.push(task) })
  expect(tasks).toHaveLength(2)
  await response.text()
  await Promise.all(tasks)
})
