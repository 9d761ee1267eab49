import { describe, expect, it, jest } from '@jest/globals'
import { compose, keepForError, respond, type App, type Wrapper } from '@outerware/core'
import { path, site, type SiteHooks, type SiteOptions } from '@outerware/core/inner'
import { get, testContext } from '../support/index.ts'
import { ask, messageOf, reports, says } from './support.ts'

const error = new Error('secret')
const throwing: [string, App][] = [
  [
    'throws',
    () => {
      throw error
    },
  ],
  ['rejects', () => Promise.reject(error)],
]

function failing(view: App, own: SiteOptions = {}) {
  const { told, report } = reports()
  return { told, app: site({ routes: [path('/', view)], report, ...own }) }
}

describe.each(throwing)('a view that %s', (_how, view) => {
  it('is a plain 500 that tells nothing of it, and is reported once', async () => {
    const { app, told } = failing(view, { hooks: [{ response: (response) => response }, {}] })
    expect(await ask(app)).toMatchObject({ status: 500, text: '500 Internal Server Error\n' })
    expect(told).toEqual([error])
  })

  it('has the page for 500, which gets what was thrown', async () => {
    const page = jest.fn((_request: Request, _context: unknown, _error?: unknown) => respond('sorry', { status: 500 }))
    const { app } = failing(view, { errors: { 500: page } })
    expect((await ask(app)).text).toBe('sorry')
    expect(page.mock.calls[0]![2]).toBe(error)
  })

  it('is not reported where an exception hook answers', async () => {
    const { app, told } = failing(view, { hooks: [{ exception: () => respond('mended') }] })
    expect((await ask(app)).text).toBe('mended')
    expect(told).toEqual([])
  })

  it('is heard by the exception hooks with the very error, the request and the context', async () => {
    const heard = jest.fn()
    const { app } = failing(view, { hooks: [{ exception: heard as never }] })
    const { context } = await ask(app)
    expect(heard.mock.calls).toEqual([[error, expect.objectContaining({ url: 'http://site.test/' }), context]])
  })

  it('is answered although an exception hook fails, and both errors are reported', async () => {
    const second = new Error('second')
    for (const exception of [
      () => Promise.reject(second),
      () => {
        throw second
      },
    ]) {
      const { app, told } = failing(view, { hooks: [{ exception: () => respond('mended') }, { exception }] })
      expect((await ask(app)).text).toBe('mended')
      expect(told).toEqual([second])
      const alone = failing(view, { hooks: [{ exception }] })
      expect((await ask(alone.app)).status).toBe(500)
      expect(alone.told).toEqual([second, error])
    }
  })

  it('is answered although its page fails, and both errors are reported', async () => {
    const second = new Error('second')
    for (const page of [
      () => Promise.reject(second),
      () => {
        throw second
      },
    ]) {
      const { app, told } = failing(view, { errors: { 500: page } })
      expect(await ask(app)).toMatchObject({ status: 500, text: '500 Internal Server Error\n' })
      expect(told).toEqual([error, second])
    }
  })

  it('is answered although the report fails, now or later', async () => {
    const silenced = jest.spyOn(console, 'error').mockImplementation(() => {})
    const late = jest.fn(async () => Promise.reject(new Error('no mail')))
    for (const report of [
      () => {
        throw new Error('no mail')
      },
      late,
    ]) {
      const { status, context } = await ask(failing(view, { report }).app)
      expect(status).toBe(500)
      await Promise.allSettled(context.tasks)
    }
    expect(silenced.mock.calls).toEqual([[expect.objectContaining({ message: 'no mail' }), 'while reporting', error]])
    silenced.mockRestore()
    expect(late).toHaveBeenCalledTimes(1)
  })
})

it('what is reported goes to the console, unless somebody else hears of it', async () => {
  const silenced = jest.spyOn(console, 'error').mockImplementation(() => {})
  await ask(site({ routes: [path('/', throwing[0]![1])] }))
  expect(silenced.mock.calls).toEqual([[error]])
  silenced.mockRestore()
})

describe('the status of an exception', () => {
  it.each<[unknown, number, boolean]>([
    [{ status: 404 }, 404, false],
    [{ status: 418 }, 418, false],
    [{ statusCode: 403 }, 403, false],
    [{ status: 503 }, 503, true],
    [{ status: 200 }, 500, true],
    [{ status: '404' }, 500, true],
    [{ status: 600 }, 500, true],
    ['text', 500, true],
    [undefined, 500, true],
    [null, 500, true],
  ])('of %j is %d, reported: %s', async (thrown, status, isReported) => {
    const { app, told } = failing(() => Promise.reject(thrown))
    expect((await ask(app)).status).toBe(status)
    expect(told).toEqual(isReported ? [thrown] : [])
  })

  it('chooses the page', async () => {
    const { app } = failing(() => Promise.reject(Object.assign(new Error('no'), { status: 403 })), {
      errors: { 403: () => respond('go away', { status: 403 }) },
    })
    expect(await ask(app)).toMatchObject({ status: 403, text: 'go away' })
  })

  it.each([
    [{ status: 503 }, null],
    [{ status: 503, retryAfter: 1.5 }, '2'],
    [{ status: 429, retryAfter: 60 }, '60'],
  ])('says when to come again where the error knows: %j', async (thrown, wanted) => {
    const { app } = failing(() => Promise.reject(thrown))
    expect((await ask(app)).headers.get('retry-after')).toBe(wanted)
  })
})

describe('the pages of errors', () => {
  it('answer what no route takes', async () => {
    const { app } = failing(says('a'), { errors: { 404: ({ url }) => respond(`not ${url}`, { status: 404 }) } })
    expect(await ask(app, '/b')).toMatchObject({ status: 404, text: 'not http://site.test/b' })
  })

  it('may fail like any view', async () => {
    const { app, told } = failing(says('a'), {
      errors: { 404: () => Promise.reject(error), 500: () => respond('sorry', { status: 500 }) },
    })
    expect(await ask(app, '/b')).toMatchObject({ status: 500, text: 'sorry' })
    expect(told).toEqual([error])
  })

  it('get the fields that wrappers inside have kept for the answer', async () => {
    const keeping: Wrapper = (app) => (request, context) => {
      keepForError(context, [['x-kept', '1']])
      return app(request, context)
    }
    const { app } = failing(compose(keeping)(() => Promise.reject(error)))
    expect((await ask(app)).headers.get('x-kept')).toBe('1')
  })
})

describe('a client that has left', () => {
  const gone = new DOMException('gone', 'AbortError')
  const asked = async (app: App): Promise<Response> => {
    const leaving = new AbortController()
    const request = get('/', {}, { signal: leaving.signal })
    const answer = app(request, testContext())
    leaving.abort()
    return answer
  }
  const view: App = async (request) => {
    await new Promise((resolve) => request.signal.addEventListener('abort', resolve))
    throw gone
  }

  it('gets no answer, and nobody hears of it: the AbortError goes up', async () => {
    const exception = jest.fn(() => undefined)
    const { app, told } = failing(view, { hooks: [{ exception }, { response: (response) => response }] })
    await expect(asked(app)).rejects.toBe(gone)
    expect([told, exception.mock.calls]).toEqual([[], []])
  })

  it('is another matter than an app that aborts by itself', async () => {
    const { app, told } = failing(() => Promise.reject(gone))
    expect((await ask(app)).status).toBe(500)
    expect(told).toEqual([gone])
  })
})

describe('who gives no Response is reported by name', () => {
  const give = (given: unknown): any => given
  it.each<[string, SiteOptions, string]>([
    [
      'a view that gives nothing',
      { routes: [path('/', function home() {} as never)] },
      'The view home (/) gave undefined: it must return a Response, or render(…)',
    ],
    [
      'a view that promises nothing',
      { routes: [path('/', async function home() {} as never)] },
      'The view home (/) gave undefined: it must return a Response, or render(…)',
    ],
    [
      'a view that gives text',
      { routes: [path('/', (() => 'hello') as never)] },
      'The view without a name (/) gave a string: it must return a Response, or render(…)',
    ],
    [
      'a view for a method',
      { routes: [path('/', { GET: () => give(null) })] },
      'The view GET (/) gave null: it must return a Response, or render(…)',
    ],
    [
      'a view hook',
      { hooks: [{}, { view: () => give(true) }] },
      'hooks[1].view gave a boolean: it must return a Response, or render(…)',
    ],
    [
      'a view hook, with something that is false',
      { hooks: [{ view: async () => give('') }] },
      'hooks[0].view gave a string: it must return a Response, or render(…)',
    ],
    [
      'a request hook',
      { hooks: [{ request: () => give('no') }] },
      'hooks[0].request gave a string: it must return a Response',
    ],
    [
      'a request hook, later',
      { hooks: [{ request: async () => give(1) }] },
      'hooks[0].request gave a number: it must return a Response',
    ],
    [
      'a response hook',
      { hooks: [{}, { response: () => give(undefined) }] },
      'hooks[1].response gave undefined: it must return a Response',
    ],
    [
      'a response hook, later',
      { hooks: [{ response: async () => give({}) }] },
      'hooks[0].response gave an object: it must return a Response',
    ],
    [
      'a page',
      { routes: [], errors: { 404: () => give(undefined) } },
      'errors[404] gave undefined: it must return a Response, or render(…)',
    ],
  ])('%s', async (_what, own, message) => {
    const { told, report } = reports()
    const answer = await ask(site({ routes: [path('/', says('a'))], report, ...own }))
    expect(answer.status).toBe(500)
    expect(told.map(messageOf)).toEqual([message])
  })
})

describe('options', () => {
  const given = (value: unknown): never => value as never
  const hook = (own: object): SiteOptions => ({ routes: [], hooks: [own as SiteHooks] })
  it.each<[string, () => unknown, string]>([
    ['nothing', () => site(given(undefined)), 'site must be an object of options, got undefined'],
    [
      'hooks that are no list',
      () => site({ routes: [], hooks: given({}) }),
      'site.hooks must be an array of hooks, got {}',
    ],
    [
      'a wrapper among the hooks',
      () => site({ routes: [], hooks: [given(says)] }),
      'site.hooks[0] must be hooks, such as',
    ],
    ['a hook point that is none', () => site(hook({ view: 1 })), 'site.hooks[0].view must be a function, got 1'],
    ['a half that is none', () => site(hook({ response: 'x' })), 'site.hooks[0].response must be a function, got "x"'],
    ['setup', () => site({ routes: [], setup: given(1) }), 'site.setup must be a function, got 1'],
    ['routesFor', () => site({ routesFor: given([]) }), 'site.routesFor must be a function, got []'],
    ['renderer', () => site({ routes: [], renderer: given('eta') }), 'site.renderer must be a function, got "eta"'],
    ['report', () => site({ routes: [], report: given(1) }), 'site.report must be a function, got 1'],
    ['a page', () => site({ routes: [], errors: { 404: given('x') } }), 'site.errors[404] must be a function, got "x"'],
    [
      'a page for what is no error',
      () => site({ routes: [], errors: given({ notFound: says('a') }) }),
      'site.errors must be pages by status, from 400 to 599, got "notFound"',
    ],
    [
      'trailingSlash',
      () => site({ routes: [], trailingSlash: given(true) }),
      "site.trailingSlash must be 'redirect' or 'strict', got true",
    ],
  ])('%s of another kind are refused when it is made', (_what, make, message) => {
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining(message) }))
  })
})
