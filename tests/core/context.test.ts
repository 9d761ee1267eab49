import { describe, expect, it } from '@jest/globals'
import {
  compose,
  errors,
  inlineHashesOf,
  keepForError,
  provide,
  respond,
  type App,
  type Wrapper,
} from '@outerware/core'
import { get, testContext } from '../support/index.ts'

describe('provide(context, adds)', () => {
  it('puts the keys on the context, which stays the same object', () => {
    const context = testContext()
    const provided: unknown = provide(context, { nonce: 'n', user: 'ada' })
    expect(provided).toBe(context)
    expect(context).toMatchObject({ nonce: 'n', user: 'ada', platform: 'test' })
  })

  it('serves an app that needs them', async () => {
    const nonces: Wrapper<{ nonce: string }> = (app) => (request, context) =>
      app(request, provide(context, { nonce: 'n' }))
    const app: App<{ nonce: string }> = (_, context) => respond(context.nonce)
    expect(await (await nonces(app)(get(), testContext())).text()).toBe('n')
  })
})

/** Keeps fields when the app throws, as securityHeaders() does. */
const keeping =
  (...fields: [string, string][]): Wrapper =>
  (app) =>
  (request, context) => {
    try {
      return app(request, context)
    } catch (error) {
      keepForError(context, fields)
      throw error
    }
  }
const failing: App = () => {
  throw Object.assign(new Error('no'), { status: 404 })
}

describe('inlineHashesOf(context)', () => {
  it('gives what a wrapper inside has said of its page, and nothing where nobody has', () => {
    const context = testContext()
    expect(inlineHashesOf(context)).toBeUndefined()
    provide(context, { scriptHashes: ['sha256-a'], styleHashes: [] })
    expect(inlineHashesOf(context)).toEqual({ scriptHashes: ['sha256-a'], styleHashes: [] })
  })
})

describe('keepForError(context, fields)', () => {
  it('puts the fields on the answer that is made of the error', async () => {
    const response = await compose(errors(), keeping(['x-a', '1'], ['x-b', '2']))(failing)(get(), testContext())
    expect([response.status, response.headers.get('x-a'), response.headers.get('x-b')]).toEqual([404, '1', '2'])
  })

  it('of two wrappers that keep the same, the inner one wins', async () => {
    const site = compose(errors(), keeping(['X-A', 'outer'], ['x-b', 'outer']), keeping(['x-a', 'inner']))
    const response = await site(failing)(get(), testContext())
    expect([response.headers.get('x-a'), response.headers.get('x-b')]).toEqual(['inner', 'outer'])
  })

  it('what the page says itself wins over what is kept', async () => {
    const page = (): Response => respond('page', { headers: { 'X-A': 'page' } })
    const response = await compose(errors({ page }), keeping(['x-a', 'kept']))(failing)(get(), testContext())
    expect(response.headers.get('x-a')).toBe('page')
  })

  it('cookies are added, every one of them', async () => {
    const page = (): Response => respond('page', { headers: { 'set-cookie': 'a=1' } })
    const site = compose(errors({ page }), keeping(['Set-Cookie', 'b=2'], ['set-cookie', 'c=3']))
    const response = await site(failing)(get(), testContext())
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2', 'c=3'])
  })

  it('a page that is immutable gets them too', async () => {
    const page = (): Response => Response.redirect('http://site.test/sorry')
    const response = await compose(errors({ page }), keeping(['x-a', '1'], ['set-cookie', 'b=2']))(failing)(
      get(),
      testContext(),
    )
    expect([response.status, response.headers.get('x-a'), response.headers.get('set-cookie')]).toEqual([
      302,
      '1',
      'b=2',
    ])
  })

  it('are of this request only, and of no answer but of an error', async () => {
    let fails = true
    const site = compose(
      errors(),
      keeping(['x-a', '1']),
    )((request, context) => (fails ? failing(request, context) : respond('fine')))
    expect((await site(get(), testContext())).headers.get('x-a')).toBe('1')
    fails = false
    expect((await site(get(), testContext())).headers.has('x-a')).toBe(false)
  })
})
