import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { errors, respond, type App, type Context, type ErrorsOptions } from '@outerware/core'
import { get, hello, promisesMade, testContext } from '../support/index.ts'

const secret = 'the password is hunter2'
const thrown =
  (error: unknown): App =>
  () => {
    throw error
  }
const rejected =
  (error: unknown): App =>
  () =>
    Promise.reject(error)
const ways: [string, typeof thrown][] = [
  ['thrown', thrown],
  ['rejected', rejected],
]
const throwing = (error: unknown) => (): never => {
  throw error
}
const quiet: ErrorsOptions = { report: () => {} }

let said: unknown[][]
beforeEach(() => {
  said = []
  jest.spyOn(console, 'error').mockImplementation((...what) => void said.push(what))
})
afterEach(() => {
  jest.restoreAllMocks()
})

describe.each(ways)('errors() over an app whose error is %s', (_, failing) => {
  it('answers 500 with a plain page, and nothing of the error in it', async () => {
    const response = await errors()(failing(new Error(secret)))(get(), testContext())
    expect([response.status, await response.text()]).toEqual([500, '500 Internal Server Error\n'])
    expect([...response.headers]).toEqual([
      ['cache-control', 'no-store'],
      ['content-type', 'text/plain; charset=utf-8'],
    ])
  })

  it('tells console.error of it', async () => {
    const error = new Error(secret)
    await errors()(failing(error))(get(), testContext())
    expect(said).toEqual([[error]])
  })

  it.each<[string, object, number, string]>([
    ['status', { status: 404 }, 404, 'Not Found'],
    ['statusCode', { statusCode: 403 }, 403, 'Forbidden'],
    ['status before statusCode', { status: 400, statusCode: 500 }, 400, 'Bad Request'],
    ['statusCode where status is none', { status: 'failed', statusCode: 413 }, 413, 'Content Too Large'],
    ['a 4xx without a name', { status: 418 }, 418, 'Client Error'],
    ['a 5xx without a name', { status: 599 }, 599, 'Server Error'],
    ['503', { status: 503 }, 503, 'Service Unavailable'],
    ['a status that is no error', { status: 200 }, 500, 'Internal Server Error'],
    ['a statusCode that is no error', { statusCode: 200 }, 500, 'Internal Server Error'],
    ['a status below', { status: 399 }, 500, 'Internal Server Error'],
    ['a status beyond', { status: 600 }, 500, 'Internal Server Error'],
    ['a status that is not whole', { status: 404.5 }, 500, 'Internal Server Error'],
    ['a status in words', { status: '404' }, 500, 'Internal Server Error'],
  ])("the error's own status: %s", async (_name, fields, status, name) => {
    const error = Object.assign(new Error(secret), fields)
    const response = await errors(quiet)(failing(error))(get(), testContext())
    expect([response.status, await response.text()]).toEqual([status, `${status} ${name}\n`])
  })

  it.each([undefined, null, 'text', 404, Symbol('s'), {}])('anything may be an error: %p', async (error) => {
    expect((await errors(quiet)(failing(error))(get(), testContext())).status).toBe(500)
  })

  it('reports with the request and its context, from 500 on, and not what the client did wrong', async () => {
    const seen: unknown[][] = []
    const report = (...what: unknown[]): void => void seen.push(what)
    const [request, context] = [get(), testContext()]
    const late = Object.assign(new Error(secret), { status: 503 })
    await errors({ report })(failing(Object.assign(new Error(secret), { status: 404 })))(request, context)
    await errors({ report })(failing(late))(request, context)
    expect(seen).toEqual([[late, request, context]])
    expect(said).toEqual([])
  })

  it('a report that is promised is handed to waitUntil', async () => {
    const context = testContext()
    const response = await errors({ report: () => Promise.reject(new Error('no log')) })(failing('x'))(get(), context)
    expect(response.status).toBe(500)
    await expect(context.tasks[0]).rejects.toThrow('no log')
  })

  it('a report that throws stops no answer, and both errors are told', async () => {
    const [error, failure] = [new Error(secret), new Error('no log')]
    const response = await errors({ report: throwing(failure) })(failing(error))(get(), testContext())
    expect(response.status).toBe(500)
    expect(said[0]).toEqual(expect.arrayContaining([error, failure]))
  })

  it('the page sees the status, the error, the request and the context', async () => {
    const error = Object.assign(new Error(secret), { status: 404 })
    const seen: unknown[] = []
    const page = (...given: unknown[]): Response => {
      seen.push(...given)
      return respond('sorry', { status: 404 })
    }
    const [request, context] = [get(), testContext()]
    const response = await errors({ page })(failing(error))(request, context)
    expect(seen).toEqual([404, error, request, context])
    expect([response.status, await response.text()]).toEqual([404, 'sorry'])
  })

  it('a page may take its time', async () => {
    const response = await errors({ ...quiet, page: async () => respond('late') })(failing('x'))(get(), testContext())
    expect(await response.text()).toBe('late')
  })

  it.each<[string, () => Response | Promise<Response>]>([
    ['throws', throwing(new Error('bad page'))],
    ['rejects', () => Promise.reject(new Error('bad page'))],
  ])('a page that %s is reported as well, and the plain page goes out with 500', async (_name, page) => {
    const seen: unknown[] = []
    const report = (error: unknown): void => void seen.push(error)
    const error = Object.assign(new Error(secret), { status: 404 })
    const response = await errors({ page, report })(failing(error))(get(), testContext())
    expect([response.status, await response.text()]).toEqual([500, '500 Internal Server Error\n'])
    expect(seen).toEqual([expect.objectContaining({ message: 'bad page' })])
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a promise of nothing', Promise.resolve()],
    ['a text', 'sorry'],
  ])('a page that gives %s is told so, and the plain page goes out', async (_name, given) => {
    const response = await errors({ page: () => given as Response })(failing('x'))(get(), testContext())
    expect(response.status).toBe(500)
    expect(said[1]).toEqual([expect.objectContaining({ message: expect.stringContaining('must give a Response') })])
  })

  it('a client that has left gets no answer: the AbortError passes, and nobody is told', async () => {
    const error = new DOMException('left', 'AbortError')
    const request = get('/', {}, { signal: AbortSignal.abort() })
    const app = errors({ page: () => respond('page') })(failing(error))
    await expect((async () => app(request, testContext()))()).rejects.toBe(error)
    expect(said).toEqual([])
  })

  it('an AbortError while the client is still there is an error as any other', async () => {
    const error = new DOMException('upstream', 'AbortError')
    expect((await errors()(failing(error))(get(), testContext())).status).toBe(500)
    expect(said).toEqual([[error]])
  })

  it('another error, with the client gone, is answered and told: it may be why', async () => {
    const request = get('/', {}, { signal: AbortSignal.abort() })
    expect((await errors()(failing(new Error('x')))(request, testContext())).status).toBe(500)
    expect(said).toHaveLength(1)
  })
})

describe('errors() over an app without one', () => {
  it('gives the same response, and request and context pass by identity', async () => {
    const response = respond('a')
    const seen: unknown[] = []
    const app: App = (...given) => {
      seen.push(...given)
      return response
    }
    const [request, context] = [get(), testContext()]
    expect(errors()(app)(request, context)).toBe(response)
    expect(await errors()(async () => response)(request, context)).toBe(response)
    expect(seen).toEqual([request, context])
  })

  it('sync stays sync, and no promise is made, with an error too', () => {
    for (const app of [() => respond('a'), thrown(new Error('x'))]) {
      const site = errors(quiet)(app)
      const [request, context]: [Request, Context] = [get(), testContext()]
      expect(promisesMade(() => site(request, context))).toBe(0)
    }
  })

  it('an app that gives no Response is an error, and is told so', async () => {
    const response = await errors()(() => undefined as unknown as Response)(get(), testContext())
    expect(response.status).toBe(500)
    expect(said).toEqual([[expect.objectContaining({ message: expect.stringContaining('got undefined') })]])
  })

  it('takes a thenable for a promise', async () => {
    // oxlint-disable-next-line no-thenable -- that is the point
    const thenable = { then: (_: unknown, reject: (error: unknown) => unknown) => Promise.resolve(reject('x')) }
    const response = await errors(quiet)(() => thenable as unknown as Promise<Response>)(get(), testContext())
    expect(response.status).toBe(500)
  })
})

it.each<[string, unknown, string]>([
  ['errors(…)', hello, 'errors(…) must be called with its options first, got a function hello()'],
  ['errors', null, 'errors must be an object of options, got null'],
  ['errors.page', { page: 'sorry' }, 'errors.page must be a function that gives a Response, got "sorry"'],
  ['errors.report', { report: console }, 'errors.report must be a function, got'],
])('refuses wrong options when it is made: %s', (option, options, message) => {
  expect(() => errors(options as ErrorsOptions)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION', option, message: expect.stringContaining(message) }),
  )
})
