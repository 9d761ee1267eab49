// The laws themselves before the law: each of them catches the wrappers that break it.
import { describe, expect, it } from '@jest/globals'
import {
  after,
  editHeaders,
  filterBody,
  pathOf,
  replaceBody,
  respond,
  type App,
  type Context,
  type Wrapper,
} from '@outerware/core'
import { addVary } from '@outerware/core/headers'
import { get, testContext } from '../support/index.ts'
import { allLaws, type LawsOptions } from './index.ts'
import { lawsOverWeb } from './over-web.ts'
import type { Law } from './subject.ts'

/** A wrapper that only changes responses. */
const over =
  (change: (response: Response, request: Request) => Response | Promise<Response>): Wrapper =>
  (app) =>
  (request, context) =>
    after(app(request, context), (response) => change(response, request))

/** A wrapper that puts another stream in the place of the body. */
const overBody = (change: (body: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array>): Wrapper =>
  over((response) => (response.body === null ? response : new Response(change(response.body), response)))

const copying = over((response) => new Response(response.body, response))
const buffering = over(async (response) => new Response(await response.arrayBuffer(), response))
const pumping = overBody(
  (body) =>
    new ReadableStream({
      async start(controller) {
        for await (const chunk of body) controller.enqueue(chunk)
        controller.close()
      },
    }),
)
/** Reads the body chunk by chunk, as it is asked for, but ends it where it breaks, and never gives it up. */
const pulling = overBody((body) => {
  const reader = body.getReader()
  return new ReadableStream({
    async pull(controller) {
      const next = await reader.read().catch(() => undefined)
      if (next === undefined || next.done) controller.close()
      else controller.enqueue(next.value)
    },
  })
})
const losing = over((response) =>
  filterBody(response, () => {
    let first = true
    return new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(first ? chunk.subarray(1) : chunk)
        first = false
      },
    })
  }),
)
const lastApp = (): Wrapper => {
  let last: App<any>
  return (app) => {
    last = app
    return (request, context) => last(request, context)
  }
}
const lastRequest = (): Wrapper => {
  let last: Request
  return (app) => (request, context) => {
    last = request
    return after(app(request, context), (response) =>
      editHeaders(response, (headers) => headers.set('x-law', `${headers.get('x-law')} ${last.headers.get('x-law')}`)),
    )
  }
}
const remembering = (): Wrapper => {
  const seen = new Map<string, string>()
  return (app) => (request, context) => {
    seen.set(request.url, request.method)
    return app(request, context)
  }
}
const keepingContexts = (): Wrapper => {
  const seen = new Set<Context>()
  return (app) => (request, context) => {
    seen.add(context)
    return app(request, context)
  }
}
/** Serves at `/hello`, or lets pass there, by a reading of its own. */
const serving =
  (path: (request: Request) => string | undefined): (() => Wrapper) =>
  () =>
  (app) =>
  (request, context) =>
    path(request) === '/hello' ? respond('hello') : app(request, context)
const guarding =
  (path: (request: Request) => string | undefined): (() => Wrapper) =>
  () =>
  (app) =>
  (request, context) =>
    path(request) === '/hello' ? app(request, context) : respond('no', { status: 401 })

const byUrl = (request: Request): string => new URL(request.url).pathname
const byText = (request: Request): string => request.url.slice('http://site.test'.length)
const twice = (request: Request): string | undefined => {
  try {
    return decodeURIComponent(new URL(request.url).pathname)
      .split('\0')[0]!
      .replace(/^\/law\/\.\.[/\\]/, '/')
  } catch {
    return undefined
  }
}
const toHello: LawsOptions = { passes: (_, init) => get('/hello', {}, init), lets: '/hello' }
const filtered: LawsOptions = { acts: (path, init) => get(path, { 'x-act': '1' }, init) }
const onlyWhere = (wrapper: Wrapper): (() => Wrapper) => {
  return () => (app) => {
    const wrapped = wrapper(app)
    return (request, context) => (request.headers.has('x-act') ? wrapped : app)(request, context)
  }
}

const breakers: [RegExp, string, () => Wrapper<any, any>, LawsOptions?][] = [
  [/^the context is one/, 'copies it', () => (app) => (request, context) => app(request, { ...context })],
  [
    /^the context is one/,
    'puts its own waitUntil in it',
    () => (app) => (request, context) => app(request, Object.assign(context, { waitUntil: () => {} })),
  ],
  [/^nothing to do/, 'copies the response', () => copying],
  [/^nothing to do/, 'adds a field', () => over((r) => editHeaders(r, (headers) => headers.set('x-added', '1')))],
  [
    /^nothing to do/,
    'adds another field than it says',
    () => over((r) => editHeaders(r, (headers) => headers.set('x-added', '1'))),
    { adds: ['x-other'] },
  ],
  [
    /^nothing to do/,
    'makes one cookie of two',
    () => over((r) => editHeaders(r, (headers) => headers.set('set-cookie', headers.get('set-cookie') ?? ''))),
    { adds: ['x-any'] },
  ],
  [
    /^nothing to do/,
    'varies by more than it says',
    () => over((r) => editHeaders(r, (headers) => addVary(headers, 'cookie'))),
    { varies: ['accept-encoding'] },
  ],
  [
    /^nothing to do/,
    'takes from Vary what the app said',
    () => over((r) => editHeaders(r, (headers) => headers.set('vary', 'cookie'))),
    { varies: ['cookie'] },
  ],
  [/^nothing to do/, 'reads the body', () => over(async (response) => (await response.text(), response))],
  [/^an immutable response/, 'edits in place only', () => over((r) => (r.headers.set('x-added', '1'), r))],
  [/^an immutable response/, 'forgets the status', () => over((r) => respond(r.body, { headers: r.headers }))],
  [
    /^an immutable response/,
    'edits in place only, where it acts',
    onlyWhere(over((r) => (r.headers.set('x-added', '1'), r))),
    filtered,
  ],
  [/^a sync app stays sync/, 'is async', () => (app) => async (request, context) => app(request, context)],
  [
    /^a sync app stays sync/,
    'makes a promise, and drops it',
    () => (app) => (request, context) => (void Promise.resolve(), app(request, context)),
  ],
  [/^the request is passed/, 'copies it', () => (app) => (request, context) => app(new Request(request), context)],
  [
    /^the request is passed/,
    'answers OPTIONS by itself',
    () => (app) => (request, context) => (request.method === 'OPTIONS' ? respond() : app(request, context)),
  ],
  [
    /^the request's body/,
    'reads it',
    () => (app) => async (request, context) => (await request.text(), app(request, context)),
  ],
  [/^what the app said wins/, 'sets a field', () => over((r) => (r.headers.set('cache-control', 'no-store'), r))],
  [
    /^what the app said wins/,
    'sets its own field',
    () => over((r) => (r.headers.set('x-frame-options', 'DENY'), r)),
    { respects: { 'x-frame-options': 'SAMEORIGIN' } },
  ],
  [
    /^a 101/,
    'copies it',
    () => over(({ status, headers }) => respond(null, { status: status < 200 ? 200 : status, headers })),
  ],
  [/^a 101/, 'takes its fields', () => over((r) => editHeaders(r, (headers) => headers.delete('set-cookie')))],
  [
    /^an exception/,
    'wraps it',
    () => (app) => async (request, context) => {
      try {
        return await app(request, context)
      } catch (cause) {
        throw new Error('failed', { cause })
      }
    },
  ],
  [
    /^an exception/,
    'answers it',
    () => (app) => async (request, context) => {
      try {
        return await app(request, context)
      } catch {
        return respond('sorry', { status: 500 })
      }
    },
  ],
  [
    /^an exception/,
    'answers those that are thrown only',
    () => (app) => (request, context) => {
      try {
        return app(request, context)
      } catch {
        return respond('sorry', { status: 500 })
      }
    },
  ],
  [
    /^an exception/,
    'answers those that are promised only',
    () => (app) => (request, context) => {
      const response = app(request, context)
      return response instanceof Promise ? response.catch(() => respond('sorry', { status: 500 })) : response
    },
  ],
  [/^every byte/, 'loses one', () => losing],
  [/^every byte/, 'loses one where it acts', onlyWhere(losing), filtered],
  [/^every byte/, 'loses the body', () => over((response) => new Response(null, response))],
  [/^streams stay/, 'keeps the whole body', () => buffering],
  [/^streams stay/, 'keeps the whole body where it acts', onlyWhere(buffering), filtered],
  [/^backpressure/, 'keeps the whole body', () => buffering],
  [/^backpressure/, 'pumps', () => pumping],
  [/^a client that leaves/, 'never gives the body up', () => pulling],
  [/^a body that breaks/, 'ends it there', () => pulling],
  [
    /^HEAD has no body/,
    'gives it an empty one',
    () => over((r) => (r.body === null && r.status === 200 ? new Response('', r) : r)),
  ],
  [
    /^HEAD has no body/,
    'says sorry for what has no body',
    () => over((r) => (r.status === 204 ? respond('nothing', { headers: r.headers }) : r)),
  ],
  [/^one wrapper value/, 'keeps the last app', lastApp],
  [/^one wrapper value/, 'keeps the last request', lastRequest],
  [/^nothing grows/, 'remembers every url', remembering],
  [/^nothing grows/, 'remembers every context', keepingContexts],
  [/^a path is what/, 'serves by the url, undecoded', serving(byUrl), { serves: '/hello' }],
  [/^a path is what/, 'serves by the text of the target', serving(byText), { serves: '/hello' }],
  [/^a path is what/, 'does not serve at all', () => (app) => app, { serves: '/hello' }],
  [/^a path is what/, 'guards by the url, undecoded', guarding(byUrl), toHello],
  [/^a path is what/, 'does not guard at all, but shuts', guarding(() => undefined), toHello],
  [/^a path that can be read in two/, 'serves by the url, resolved', serving(byUrl), { serves: '/hello' }],
  [/^a path that can be read in two/, 'serves by the url, decoded as a whole', serving(twice), { serves: '/hello' }],
  [/^a path that can be read in two/, 'guards by the url, resolved', guarding(byUrl), toHello],
  [/^a path that can be read in two/, 'guards by the url, decoded as a whole', guarding(twice), toHello],
  [
    /^a path that can be read in two/,
    'lets pass what has no reading',
    guarding((request) => pathOf(request) ?? '/hello'),
    toHello,
  ],
]

breakers.push(
  [/^around a Node app/, 'copies the response', () => copying],
  [/^around a Node app/, 'keeps the whole body', () => over(async (r) => replaceBody(r, await r.text()))],
  [/^around a Node app/, 'adds a field', () => over((r) => editHeaders(r, (headers) => headers.set('x-added', '1')))],
  [/^around a Node app/, 'loses a byte', () => losing],
  [/^around a Node app/, 'answers what is late', () => over((r) => (r.status === 404 ? respond('sorry') : r))],
)

/** Only a host has such laws. */
const breakersOfHosts: typeof breakers = [
  [/^the app hears/, 'makes a context of its own', () => (app) => (request) => app(request, testContext())],
]

const lawOf = (says: RegExp): Law => allLaws.find((law) => says.test(law.says))!

describe('a law is broken by a wrapper that', () => {
  it.each(breakers)('%s: %s', async (says, _, make, options = {}) => {
    const law = lawOf(says)
    expect(law.concerns?.(options) ?? true).toBe(true)
    await expect(law.check({ make, options })).rejects.toBeDefined()
  })
})

describe('it is caught through a host, too:', () => {
  const host = /^through \w+\(\): /
  const cases = lawsOverWeb.flatMap((law) =>
    [...breakers, ...breakersOfHosts].flatMap(([says, what, make, options = {}]) =>
      says.test(law.says.replace(host, '')) ? [[law.says, what, () => law.check({ make, options })] as const] : [],
    ),
  )

  it.each(cases)('%s: %s', async (_, __, check) => {
    await expect(check()).rejects.toBeDefined()
  })

  it('there is a breaker of each', () => {
    expect(new Set(cases.map(([says]) => says))).toEqual(new Set(lawsOverWeb.map(({ says }) => says)))
  })
})

const own = allLaws.filter((law) => !lawsOverWeb.includes(law))

it.each(own.map((law) => [law.says] as const))('there is a breaker of: %s', (says) => {
  expect(breakers.some(([law]) => law.test(says))).toBe(true)
})

it('all ten laws are in the book', () => {
  const numbers = allLaws.map(({ says }) => Number(/\((\d+)\)$/.exec(says)?.[1]))
  expect(new Set(numbers)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
})
