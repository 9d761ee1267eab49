import { describe, expect, it } from '@jest/globals'
import { after, compose, editHeaders, respond, type App, type Context, type Wrapper } from '@outerware/core'
import { get, hello, promisesMade, record, testContext } from '../support/index.ts'

const tag =
  (letter: string): Wrapper =>
  (app) =>
  (request, context) =>
    after(app(request, context), (response) => editHeaders(response, (headers) => headers.append('x-tags', letter)))

describe('compose(a, b, c)', () => {
  it('(app) is a(b(c(app))): the response passes the innermost first', async () => {
    const response = await compose(tag('a'), tag('b'), tag('c'))(hello)(get(), testContext())
    expect(response.headers.get('x-tags')).toBe('c, b, a')
  })

  it('the request passes the outermost first', async () => {
    const seen: string[] = []
    const note =
      (letter: string): Wrapper =>
      (app) =>
      (request, context) => {
        seen.push(letter)
        return app(request, context)
      }
    await compose(note('a'), note('b'), note('c'))(hello)(get(), testContext())
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  it('of none gives the app itself', () => {
    expect(compose()(hello)).toBe(hello)
  })

  it('of one gives what that one gives', () => {
    const made: App = () => new Response()
    expect(compose(() => made)(hello)).toBe(made)
  })

  it('is a wrapper, so it composes, and the brackets do not matter', async () => {
    const left = compose(compose(tag('a'), tag('b')), tag('c'))
    const right = compose(tag('a'), compose(tag('b'), tag('c')))
    for (const wrapper of [left, right]) {
      expect((await wrapper(hello)(get(), testContext())).headers.get('x-tags')).toBe('c, b, a')
    }
  })

  it('wraps once, when it is put together, and not for each request', () => {
    let made = 0
    const counting: Wrapper = (app) => {
      made += 1
      return app
    }
    const app = compose(counting, counting)(hello)
    void app(get(), testContext())
    void app(get(), testContext())
    expect(made).toBe(2)
  })

  it('passes request and context by identity', async () => {
    const contexts: Context[] = []
    const inner = record((_, context) => {
      contexts.push(context)
      return new Response()
    })
    const [request, context] = [get(), testContext()]
    await compose(tag('a'), tag('b'))(inner)(request, context)
    expect(inner.requests[0]).toBe(request)
    expect(contexts[0]).toBe(context)
  })

  it('sync stays sync: no promise is made', () => {
    const app = compose(tag('a'), tag('b'), tag('c'))(() => respond('a'))
    const [request, context] = [get(), testContext()]
    let out: unknown
    expect(promisesMade(() => (out = app(request, context)))).toBe(0)
    expect(out).toBeInstanceOf(Response)
  })
})

describe('compose() refuses, when the site is put together,', () => {
  it.each<[string, unknown, string]>([
    ['false, as of `production && hsts()`', false, 'false; where there is none, write app => app'],
    ['undefined', undefined, 'undefined; where there is none, write app => app'],
    ['a promise of a wrapper', Promise.resolve(tag('a')), 'a Promise (is an await missing?)'],
    ['an array of wrappers', [tag('a')], '[null]; write compose(...wrappers)'],
  ])('%s, and says which', (_, given, shown) => {
    expect(() => compose(tag('a'), given as Wrapper)).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTION',
        option: 'compose[1]',
        message: `compose[1] must be a wrapper, app => app, got ${shown}`,
      }),
    )
  })

  it('what is no app', () => {
    expect(() => compose(tag('a'))({ fetch: hello } as unknown as App)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', option: 'compose(…)' }),
    )
  })
})
