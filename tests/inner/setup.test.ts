import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { path, site } from '@outerware/core/inner'
import { get, testContext, turns } from '../support/index.ts'
import { ask, messageOf, reports, says } from './support.ts'

const routes = [path('/', says('hello'))]

describe('setup', () => {
  it('runs before the first request, and not before', async () => {
    const log: string[] = []
    const app = site({
      setup: () => void log.push('setup'),
      hooks: [{ request: () => void log.push('request') as undefined }],
      routes,
    })
    expect(log).toEqual([])
    await ask(app)
    await ask(app)
    expect(log).toEqual(['setup', 'request', 'request'])
  })

  it('runs once, however many come while it runs: all wait for it', async () => {
    let ready = (): void => {}
    const setup = jest.fn(() => new Promise<void>((resolve) => (ready = resolve)))
    let views = 0
    const view: App = () => {
      views++
      return respond('hello')
    }
    const app = site({ setup, routes: [path('/', view)] })
    const asked = Array.from({ length: 100 }, () => ask(app))
    await turns()
    expect(views).toBe(0)
    ready()
    expect(new Set((await Promise.all(asked)).map(({ text }) => text))).toEqual(new Set(['hello']))
    expect([views, setup.mock.calls.length]).toEqual([100, 1])
  })

  it('leaves no trace once it is done: the site answers in the same turn', async () => {
    const app = site({ setup: async () => {}, routes: [path('/', () => respond('hello'))] })
    expect(app(get(), testContext())).not.toBeInstanceOf(Response)
    await turns()
    expect(app(get(), testContext())).toBeInstanceOf(Response)
  })
})

describe.each([
  [
    'throws',
    () => {
      throw cause
    },
  ],
  ['rejects', () => Promise.reject(cause)],
] as const)('a setup that %s', (_how, fail) => {
  // The clock stands still until a test moves it.
  beforeEach(
    () => void jest.useFakeTimers({ now: 0, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'setTimeout'] }),
  )
  afterEach(() => void jest.useRealTimers())

  it('is answered 503 with Retry-After, to all who have waited', async () => {
    const app = site({ setup: fail, routes, report: () => {} })
    const answers = await Promise.all([ask(app), ask(app), ask(app)])
    for (const { status, headers, text } of answers) {
      expect([status, headers.get('retry-after'), text]).toEqual([503, '1', '503 Service Unavailable\n'])
    }
  })

  it('is tried again by the first request after 1, 2, 4, 8, 16, 30 and 30 seconds', async () => {
    const setup = jest.fn(fail)
    const app = site({ setup, routes, report: () => {} })
    await ask(app)
    let tries = 1
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      expect((await ask(app)).headers.get('retry-after')).toBe(String(seconds))
      jest.advanceTimersByTime(seconds * 1000 - 1)
      expect((await ask(app)).headers.get('retry-after')).toBe('1')
      expect(setup).toHaveBeenCalledTimes(tries)
      jest.advanceTimersByTime(1)
      await ask(app)
      expect(setup).toHaveBeenCalledTimes(++tries)
    }
  })

  it('counts the pause from the end of the try, not from its begin', async () => {
    let end = (_error: unknown): void => {}
    const app = site({ setup: () => new Promise((_resolve, reject) => (end = reject)), routes, report: () => {} })
    const first = ask(app)
    await turns()
    jest.advanceTimersByTime(60_000)
    end(cause)
    expect((await first).headers.get('retry-after')).toBe('1')
    expect((await ask(app)).status).toBe(503)
  })

  it('lets the site run once a try has worked', async () => {
    let works = false
    const app = site({ setup: () => (works ? undefined : fail()), routes, report: () => {} })
    expect((await ask(app)).status).toBe(503)
    works = true
    expect((await ask(app)).status).toBe(503)
    jest.advanceTimersByTime(1000)
    expect((await ask(app)).text).toBe('hello')
    expect((await ask(app)).text).toBe('hello')
  })

  it('is reported once for each try, with its cause, and no hook hears of it', async () => {
    const { told, report } = reports()
    const hook = jest.fn(() => undefined)
    const app = site({ setup: fail, routes, report, hooks: [{ request: hook, exception: hook, finished: hook }] })
    const { context } = (await Promise.all([ask(app), ask(app), ask(app)]))[0]!
    await ask(app)
    context.finish()
    expect(told.map(messageOf)).toEqual(['The site is not ready: its setup failed'])
    expect(told).toEqual([expect.objectContaining({ cause, code: 'ERR_NOT_READY' })])
    jest.advanceTimersByTime(1000)
    await ask(app)
    expect(told).toHaveLength(2)
    expect(hook).not.toHaveBeenCalled()
  })

  it('has the page for 503, which may name its own Retry-After', async () => {
    const page = jest.fn((): Response => new Response('soon', { status: 503 }))
    const app = site({ setup: fail, routes, report: () => {}, errors: { 503: page } })
    expect(await ask(app)).toMatchObject({ status: 503, text: 'soon' })
    expect((await ask(app)).headers.get('retry-after')).toBe('1')
    page.mockReturnValue(new Response('later', { status: 503, headers: { 'retry-after': '99' } }))
    expect((await ask(app)).headers.get('retry-after')).toBe('99')
  })
})

const cause = new Error('no database')
