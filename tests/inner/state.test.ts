import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { editHeaders, respond, type Context } from '@outerware/core'
import { path, render, site, type SiteHooks } from '@outerware/core/inner'
import { get, testContext } from '../support/index.ts'
import { ask, says } from './support.ts'

/** Where a request has been, in its own words. */
interface Trail {
  trail?: string[]
}

/** A hook at every point that leaves who is asking on the context, and yields a random number of turns at each. */
function tracker(name: string, pause: () => Promise<void>): SiteHooks<Trail> {
  const note = (point: string, request: Request, context: Context & Trail): void => {
    ;(context.trail ??= []).push(`${name} ${point} ${request.headers.get('x-id')}`)
  }
  return {
    async request(request, context) {
      note('request', request, context)
      await pause()
      return undefined
    },
    async view(_view, request, context) {
      note('view', request, context)
      await pause()
    },
    async render(lazy, request, context) {
      note('render', request, context)
      lazy.data['seen'] = `${String(lazy.data['seen'] ?? '')}${name}`
      await pause()
    },
    async exception(_error, request, context) {
      note('exception', request, context)
      await pause()
    },
    async response(response, request, context) {
      note('response', request, context)
      await pause()
      return editHeaders(response, (headers) => headers.append('x-ids', request.headers.get('x-id') ?? ''))
    },
    finished(_finished, request, context) {
      note('finished', request, context)
    },
  }
}

it('10,000 interleaved requests: nothing of one reaches another', async () => {
  // Small and seeded, so that a failure comes again.
  let seed = 1
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
  const pause = async (): Promise<void> => {
    for (let turns = random(4); turns > 0; turns--) await Promise.resolve()
    if (random(8) === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  const echo = async (request: Request, context: Context & { params: object }): Promise<Response> => {
    await pause()
    return Response.json({ id: request.headers.get('x-id'), ...context.params })
  }
  const app = site({
    setup: pause,
    hooks: [tracker('a', pause), tracker('b', pause), tracker('c', pause)],
    routes: [
      path('/echo/:id/:rest', echo),
      path('/page/:id', (request, { params }) => render('page', { id: request.headers.get('x-id'), ...params })),
      path('/boom/:id', async (request) => {
        await pause()
        throw Object.assign(new Error('no'), { status: 418, id: request.headers.get('x-id') })
      }),
    ],
    routesFor: async (request) => {
      await pause()
      return request.url.includes('/own/') ? own : undefined
    },
    renderer: async (_template, data) => {
      await pause()
      return JSON.stringify(data)
    },
    errors: {
      404: async (request) => {
        await pause()
        return respond(`no ${request.headers.get('x-id')}`, { status: 404 })
      },
      418: (_request, _context, error) => respond(`pot ${Reflect.get(Object(error), 'id')}`, { status: 418 }),
    },
  })
  const own = [path('/own/:id', echo)]

  const hooks = ['a', 'b', 'c']
  const kinds: readonly ((id: string) => { at: string; text: string; inner: readonly string[] })[] = [
    (id) => ({ at: `/echo/${id}/x`, text: JSON.stringify({ id, rest: 'x' }), inner: ['view'] }),
    (id) => ({ at: `/page/${id}`, text: JSON.stringify({ id, seen: 'abc' }), inner: ['view', 'render'] }),
    (id) => ({ at: `/boom/${id}`, text: `pot ${id}`, inner: ['view', 'exception'] }),
    (id) => ({ at: `/own/${id}`, text: JSON.stringify({ id }), inner: ['view'] }),
    (id) => ({ at: `/nothing/${id}`, text: `no ${id}`, inner: [] }),
  ]

  const one = async (i: number): Promise<void> => {
    const id = `r${i}`
    const { at, text, inner } = kinds[random(kinds.length)]!(id)
    const context: ReturnType<typeof testContext> & Trail = testContext()
    const response = await app(get(at, { 'x-id': id }), context)
    expect([await response.text(), response.headers.get('x-ids')]).toEqual([text, `${id}, ${id}, ${id}`])
    context.finish()
    const points = (point: string): string[] => {
      const outward = ['exception', 'response', 'finished'].includes(point)
      return (outward ? hooks.toReversed() : hooks).map((hook) => `${hook} ${point} ${id}`)
    }
    expect(context.trail).toEqual(['request', ...inner, 'response', 'finished'].flatMap(points))
  }
  const all = Array.from({ length: 10_000 }, (_, i) => i)
  // At most so many at once as a busy server has.
  while (all.length > 0) await Promise.all(all.splice(0, 500).map(one))
})

describe('a hook that stores something on itself', () => {
  const { NODE_ENV } = process.env
  let warn: jest.Spied<typeof console.warn>
  beforeEach(() => {
    warn = jest.spyOn(console, 'warn').mockImplementation(() => {})
  })
  afterEach(() => {
    warn.mockRestore()
    if (NODE_ENV === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = NODE_ENV
  })

  const routes = [path('/', says('hello')), path('/boom', () => Promise.reject(new Error('no')))]
  const storing = (): SiteHooks & { user?: string | null } => ({
    request(request) {
      this.user = request.headers.get('x-user')
      return undefined
    },
  })

  it.each(['development', 'test', undefined])(
    'is warned of in words that name it and what to do, once: NODE_ENV=%s',
    async (env) => {
      if (env === undefined) delete process.env['NODE_ENV']
      else process.env['NODE_ENV'] = env
      const app = site({ routes, hooks: [{}, storing()], report: () => {} })
      expect(warn).not.toHaveBeenCalled()
      for (const at of ['/', '/', '/boom', '/nothing']) await ask(app, at)
      expect(warn.mock.calls).toEqual([
        [
          'hooks[1] has stored "user" on itself. Hooks are made once, so that every request sees it: ' +
            'put what belongs to a request on its context, context.user = …',
        ],
      ])
    },
  )

  it('is warned of for each key, also where a value is replaced, and after a failure', async () => {
    class Counting implements SiteHooks {
      count = 0
      last: unknown
      request(request: Request): undefined {
        this.count++
        this.last = request
      }
    }
    const app = site({ routes, hooks: [new Counting()], report: () => {} })
    await ask(app, '/boom')
    expect(warn.mock.calls.map(([text]) => /"(\w+)"/.exec(String(text))?.[1])).toEqual(['count', 'last'])
  })

  it('is warned of although it tidies up behind each request', async () => {
    const tidy: SiteHooks & { user?: string | null } = {
      request(request) {
        this.user = request.headers.get('x-user')
        return undefined
      },
      response(response) {
        delete this.user
        return response
      },
    }
    const app = site({ routes, hooks: [tidy] })
    for (const at of ['/', '/nothing']) await ask(app, at)
    expect(warn.mock.calls).toEqual([[expect.stringContaining('hooks[0] has stored "user" on itself')]])
  })

  it('is not meant where the setup has stored something on it: that is for every request', async () => {
    const hook: SiteHooks & { database?: string } = { request: () => undefined }
    const app = site({ routes, hooks: [hook], setup: () => void (hook.database = 'open') })
    for (const at of ['/', '/nothing']) await ask(app, at)
    expect(warn).not.toHaveBeenCalled()
  })

  it('is not looked at in production', async () => {
    process.env['NODE_ENV'] = 'production'
    await ask(site({ routes, hooks: [storing()] }))
    expect(warn).not.toHaveBeenCalled()
  })

  it('is the one that is warned of: what lives on the context, or was there before, is fine', async () => {
    const fine: SiteHooks & { limit: number } = {
      limit: 10,
      request(_request, context) {
        Object.assign(context, { user: 'ada', limit: this.limit })
        return undefined
      },
    }
    await ask(site({ routes, hooks: [fine] }))
    expect(warn).not.toHaveBeenCalled()
  })
})
