import { describe, expect, it } from '@jest/globals'
import { editHeaders, fromHooks, respond, type App, type Context, type Hooks } from '@outerware/core'
import { get, hello, promisesMade, record, testContext } from '../support/index.ts'

const mark = (response: Response): Response => editHeaders(response, (headers) => headers.set('x-mark', '1'))
const answer = respond('answered')

describe('fromHooks({ request, response })', () => {
  it('undefined from the request half goes on to the app', async () => {
    for (const given of [undefined, Promise.resolve(undefined)]) {
      const app = record()
      const request = get()
      const response = await fromHooks({ request: () => given })(app)(request, testContext())
      expect(app.requests).toEqual([request])
      expect(await response.text()).toBe('hello')
    }
  })

  it('null from the request half goes on too: not every hook is written in TypeScript', async () => {
    for (const given of [null, Promise.resolve(null)]) {
      const response = await fromHooks({ request: () => given as unknown as undefined })(hello)(get(), testContext())
      expect(await response.text()).toBe('hello')
    }
  })

  it('a Response from the request half answers in the place of the app', async () => {
    for (const given of [answer, Promise.resolve(answer)]) {
      const app = record()
      expect(await fromHooks({ request: () => given })(app)(get(), testContext())).toBe(answer)
      expect(app.requests).toEqual([])
    }
  })

  it('what the request half answers passes the response half, as in an onion', async () => {
    for (const given of [respond('a'), Promise.resolve(respond('b'))]) {
      const response = await fromHooks({ request: () => given, response: mark })(hello)(get(), testContext())
      expect(response.headers.get('x-mark')).toBe('1')
    }
  })

  it('the response half sees the response, the request and the context, and gives what goes out', async () => {
    const inside = new Response('inside')
    const [request, context] = [get(), testContext()]
    const seen: unknown[] = []
    const wrapper = fromHooks({
      response(...given) {
        seen.push(...given)
        return answer
      },
    })
    expect(await wrapper(() => inside)(request, context)).toBe(answer)
    expect(await wrapper(async () => inside)(request, context)).toBe(answer)
    expect(seen).toEqual([inside, request, context, inside, request, context])
  })

  it('a response half may take its time', async () => {
    const response = await fromHooks({ response: async (given) => mark(given) })(hello)(get(), testContext())
    expect(response.headers.get('x-mark')).toBe('1')
  })

  it('the halves share the context, and the app sees what the request half has put there', async () => {
    const hooks: Hooks<{ user: string }> = {
      request(_request, context) {
        context.user = 'ada'
        return undefined
      },
      response: (response, _request, context) =>
        editHeaders(response, (headers) => headers.set('x-user', context.user)),
    }
    const app: App<{ user: string }> = (_, context) => new Response(`hello ${context.user}`)
    const response = await fromHooks(hooks)(app)(get(), testContext())
    expect([await response.text(), response.headers.get('x-user')]).toEqual(['hello ada', 'ada'])
  })

  it('the halves may use this', async () => {
    class Marking implements Hooks {
      name = 'x-mark'
      request(): undefined {
        void this.name.length
      }
      response(response: Response): Response {
        return editHeaders(response, (headers) => headers.set(this.name, '1'))
      }
    }
    const response = await fromHooks(new Marking())(hello)(get(), testContext())
    expect(response.headers.get('x-mark')).toBe('1')
  })

  it('no hooks, no layer: the app itself comes out', () => {
    expect(fromHooks({})(hello)).toBe(hello)
  })

  it.each<[string, Hooks]>([
    ['both halves', { request: () => undefined, response: mark }],
    ['a request half that answers', { request: () => respond('a'), response: mark }],
    ['a request half alone', { request: () => undefined }],
    ['a response half alone', { response: mark }],
  ])('sync stays sync, and no promise is made: %s', (_, hooks) => {
    const app = fromHooks(hooks)(() => respond('a'))
    const [request, context] = [get(), testContext()]
    let out: unknown
    expect(promisesMade(() => (out = app(request, context)))).toBe(0)
    expect(out).toBeInstanceOf(Response)
  })

  it.each<[string, App]>([
    [
      'thrown',
      () => {
        throw reason
      },
    ],
    ['rejected', () => Promise.reject(reason)],
  ])('an exception of the app passes, the very same object, and no response half sees it: %s', async (_, app) => {
    let called = 0
    const response = (given: Response): Response => {
      called += 1
      return given
    }
    const failing = async (request: Request, context: Context): Promise<Response> =>
      fromHooks({ request: () => undefined, response })(app)(request, context)
    await expect(failing(get(), testContext())).rejects.toBe(reason)
    expect(called).toBe(0)
  })

  it('an exception of the request half passes, and the app is not called', async () => {
    const app = record()
    await expect(fromHooks({ request: () => Promise.reject(reason) })(app)(get(), testContext())).rejects.toBe(reason)
    expect(app.requests).toEqual([])
  })

  it.each(['request', 'response'] as const)('refuses a %s half that is no function', (name) => {
    expect(() => fromHooks({ [name]: 'x' } as Hooks)).toThrow(
      expect.objectContaining({
        code: 'ERR_OPTION',
        option: `fromHooks.${name}`,
        message: `fromHooks.${name} must be a function, got "x"`,
      }),
    )
  })
})

const reason = { any: 'thing' }
