import { describe, expect, it } from '@jest/globals'
import { editHeaders, respond, type App } from '@outerware/core'
import { path, render, site, type SiteHooks } from '@outerware/core/inner'
import { get, promisesMade, testContext } from '../support/index.ts'
import { ask, says } from './support.ts'

/** A hook at every point, which writes down that it was there. */
function watcher(name: string, log: string[], own: SiteHooks = {}): SiteHooks {
  const at =
    <T>(point: string, given: T) =>
    (): T => {
      log.push(`${name} ${point}`)
      return given
    }
  return {
    request: at('request', undefined),
    view: at('view', undefined),
    render: at('render', undefined),
    exception: at('exception', undefined),
    response(response) {
      log.push(`${name} response`)
      return response
    },
    finished: at('finished', undefined),
    ...own,
  }
}

const wait = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** The same hook, which takes its time at every point. */
function slow(hook: SiteHooks): SiteHooks {
  const late =
    (run: ((...given: any[]) => unknown) | undefined) =>
    async (...given: unknown[]): Promise<any> => {
      await wait()
      return run?.(...given)
    }
  return {
    request: late(hook.request),
    view: late(hook.view),
    render: late(hook.render),
    exception: late(hook.exception),
    response: late(hook.response),
    finished: late(hook.finished),
  }
}

const kinds: readonly [string, (hook: SiteHooks) => SiteHooks][] = [
  ['at once', (hook) => hook],
  ['later', slow],
]

describe.each(kinds)('hooks that answer %s', (_kind, made) => {
  const through = async (
    log: string[],
    view: App | (() => ReturnType<typeof render>),
    own: { readonly [name: string]: SiteHooks } = {},
  ): Promise<string> => {
    const app = site({
      hooks: ['a', 'b', 'c'].map((name) => made(watcher(name, log, own[name]))),
      routes: [path('/', view)],
      renderer: (template) => {
        log.push('renderer')
        return String(template)
      },
      report: () => {},
    })
    const { context, text } = await ask(app)
    log.push('sent')
    context.finish()
    await Promise.all(context.tasks)
    return text
  }

  it('runs request hooks inward, view and render hooks in order, response and finished hooks outward', async () => {
    const log: string[] = []
    const view = (): ReturnType<typeof render> => {
      log.push('the view')
      return render('page')
    }
    expect(await through(log, view)).toBe('page')
    expect(log.slice(0, 14)).toEqual([
      'a request',
      'b request',
      'c request',
      'a view',
      'b view',
      'c view',
      'the view',
      'a render',
      'b render',
      'c render',
      'renderer',
      'c response',
      'b response',
      'a response',
    ])
    expect(log.slice(14)).toEqual(['sent', 'c finished', 'b finished', 'a finished'])
  })

  it('renders nothing, and asks no render hook, for a view that gives a Response', async () => {
    const log: string[] = []
    expect(await through(log, says('hello'))).toBe('hello')
    expect(log.filter((line) => /render/.test(line))).toEqual([])
  })

  it('turns at the layer that answers early: its own response half sees the answer, inner layers nothing', async () => {
    const log: string[] = []
    const text = await through(log, says('hello'), {
      b: {
        request() {
          log.push('b answers')
          return respond('early')
        },
      },
    })
    expect(text).toBe('early')
    expect(log).toEqual(['a request', 'b answers', 'b response', 'a response', 'sent', 'b finished', 'a finished'])
  })

  it('lets a view hook answer in the place of the view, and asks no view hook after it', async () => {
    const log: string[] = []
    const text = await through(log, says('hello'), { b: { view: () => respond('instead') } })
    expect(text).toBe('instead')
    expect(log.slice(3, 7)).toEqual(['a view', 'c response', 'b response', 'a response'])
  })

  it('renders what a view hook gives to be rendered', async () => {
    const log: string[] = []
    expect(await through(log, says('hello'), { a: { view: () => render('instead') } })).toBe('instead')
    expect(log.slice(3, 7)).toEqual(['a render', 'b render', 'c render', 'renderer'])
  })

  it('asks exception hooks last first, until one answers; the answer passes every response hook', async () => {
    const log: string[] = []
    const view: App = () => {
      throw new Error('no')
    }
    const text = await through(log, view, { b: { exception: () => respond('mended') } })
    expect(text).toBe('mended')
    expect(log.slice(6, -4)).toEqual(['c exception', 'c response', 'b response', 'a response'])
  })

  it.each(['request', 'response'] as const)(
    'gives the hooks further out a Response when the %s half of one throws',
    async (half) => {
      const log: string[] = []
      const boom = (): never => {
        throw new Error('no')
      }
      expect(await through(log, says('hello'), { b: { [half]: boom } })).toBe('500 Internal Server Error\n')
      const responses = log.filter((line) => line.endsWith('response'))
      expect(responses).toEqual(half === 'request' ? ['a response'] : ['c response', 'a response'])
    },
  )
})

it('view hooks see the view, its arguments and its route', async () => {
  const seen: unknown[] = []
  const article: App = says('hello')
  const app = site({
    routes: [path('/articles/:year', article, { name: 'article' })],
    hooks: [{ view: (view, request, { params, route }) => void seen.push(view, request.url, { ...params }, route) }],
  })
  await ask(app, '/articles/2026')
  expect(seen).toEqual([
    article,
    'http://site.test/articles/2026',
    { year: '2026' },
    { pattern: '/articles/:year', name: 'article' },
  ])
})

it('request hooks run before the routes are asked, and see what no route takes', async () => {
  const app = site({ routes: [], hooks: [{ request: () => respond('early') }] })
  expect((await ask(app, '/nothing')).text).toBe('early')
})

it('hooks may use this', async () => {
  class Marking implements SiteHooks {
    name = 'x-mark'
    request(): undefined {
      void this.name.length
    }
    view(): void {
      void this.name.length
    }
    response(response: Response): Response {
      return editHeaders(response, (headers) => headers.set(this.name, '1'))
    }
    finished(): void {
      void this.name.length
    }
  }
  const { headers, context } = await ask(site({ routes: [path('/', says('hello'))], hooks: [new Marking()] }))
  context.finish()
  expect(headers.get('x-mark')).toBe('1')
})

it('a site is an App: it stands in another as a view, and apps are views', async () => {
  const inside = site({ routes: [path('/in/side', says('inside'))] })
  const outside = site({ routes: [path('/in/**', inside), path('/', says('home'))] })
  expect([(await ask(outside, '/in/side')).text, (await ask(outside)).text]).toEqual(['inside', 'home'])
})

describe('what is at hand is given in the same turn, and no promise is made', () => {
  const pass: SiteHooks = { request: () => undefined, view: () => {}, render: () => {}, response: (given) => given }
  it.each<[string, App, string]>([
    ['a view', site({ routes: [path('/', () => respond('a'))] }), '/'],
    ['a view between hooks', site({ routes: [path('/', () => respond('a'))], hooks: [pass, pass] }), '/'],
    ['a parameter', site({ routes: [path('/:a', () => respond('a'))] }), '/b'],
    ['a page', site({ routes: [path('/', () => render('a'))], hooks: [pass], renderer: () => 'a' }), '/'],
    ['a 404', site({ routes: [], hooks: [pass] }), '/'],
    ['a redirect', site({ routes: [path('/a/', () => respond('a'))] }), '/a'],
    ['routes of its own', site({ routesFor: () => own }), '/'],
  ])('%s', (_what, app, at) => {
    const [request, context] = [get(at), testContext()]
    let out: unknown
    expect(promisesMade(() => (out = app(request, context)))).toBe(0)
    expect(out).toBeInstanceOf(Response)
  })
  const own = [path('/', () => respond('a'))]
})
