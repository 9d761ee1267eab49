import {
  after,
  compose,
  editHeaders,
  errors,
  filterBody,
  fromHooks,
  pathOf,
  provide,
  respond,
  type Wrapper,
} from '@outerware/core'
import { get, testContext } from '../support/index.ts'
import { laws } from './index.ts'

const through: Wrapper = (app) => (request, context) => app(request, context)
const awaiting: Wrapper = (app) => async (request, context) => {
  await Promise.resolve()
  return app(request, context)
}
const nonces: Wrapper<{ nonce: string }> = (app) => (request, context) => app(request, provide(context, { nonce: 'n' }))
const greeting: Wrapper = fromHooks({
  request: (request) => (pathOf(request) === '/hello' ? respond('hello') : undefined),
  response: (response) =>
    response.headers.has('x-greeting')
      ? response
      : editHeaders(response, (headers) => headers.set('x-greeting', 'hello')),
})
const guard: Wrapper<{}, { user: string | undefined }> = (app) => (request, context) =>
  pathOf(request) === '/public' || context.user !== undefined ? app(request, context) : respond('no', { status: 401 })

/** Does what compression does: a filter for every body, if the client asks for it. */
const filtering: Wrapper = (app) => (request, context) => {
  const response = app(request, context)
  if (!request.headers.has('x-filter')) return response
  return after(response, (given) => filterBody(given, () => new TransformStream<Uint8Array, Uint8Array>()))
}

laws('a wrapper that does nothing', () => through)
laws('a wrapper that awaits', () => awaiting, { waits: true })
laws('a wrapper that provides', () => nonces)
laws('fromHooks() of no hooks', () => fromHooks({}))
laws('fromHooks() of two halves', () => greeting, {
  adds: ['x-greeting'],
  respects: { 'x-greeting': 'mine' },
  serves: '/hello',
})
laws('a wrapper that needs, and guards', () => guard, {
  passes: (path, init) => get(path, {}, init),
  context: () => Object.assign(testContext(), { user: 'ada' }),
})
laws('a guard with a public path', () => guard, { passes: (_, init) => get('/public', {}, init), lets: '/public' })
laws('a wrapper that filters', () => filtering, {
  acts: (path, init) => get(path, { 'x-filter': '1' }, init),
})
laws('errors()', () => errors(), { catches: true })
laws('compose() of none', () => compose())
laws('compose() of several', () => compose(through, greeting, nonces, filtering), {
  adds: ['x-greeting'],
  respects: { 'x-greeting': 'mine' },
  serves: '/hello',
})
