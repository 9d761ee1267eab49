import { describe, expect, it, jest } from '@jest/globals'
import { respond } from '@outerware/core'
import { path, site, type OwnRoutes, type Routes, type SiteOptions } from '@outerware/core/inner'
import { get, testContext } from '../support/index.ts'
import { ask, messageOf, reports, says } from './support.ts'

const tenant = (name: string): Routes => [path('/', says(name)), path('/about', says(`about ${name}`))]

/** Routes that count how often they are compiled: the compiler has to read their patterns. */
function counted(name: string): { routes: Routes; compiled: () => number } {
  let reads = 0
  const routes = tenant(name)
  const first = routes[0]!
  const counting = {
    ...first,
    get pattern() {
      reads++
      return '/'
    },
  }
  // Reads within one compilation are a constant; what counts is that there are no more of them.
  return { routes: [counting, routes[1]!], compiled: () => reads }
}

async function text(app: ReturnType<typeof site>, host: string, at = '/'): Promise<string> {
  return (await app(get(at, { host }), testContext())).text()
}

const byHost =
  (tenants: Readonly<Record<string, OwnRoutes>>): NonNullable<SiteOptions['routesFor']> =>
  (request) =>
    tenants[request.headers.get('host') ?? '']

describe('routesFor', () => {
  it('gives a request routes of its own, and others those of the site', async () => {
    const app = site({
      routes: [path('/', says('nobody'))],
      routesFor: byHost({ 'a.test': tenant('a'), 'b.test': tenant('b') }),
    })
    expect([await text(app, 'a.test'), await text(app, 'b.test', '/about'), await text(app, 'c.test')]).toEqual([
      'a',
      'about b',
      'nobody',
    ])
    expect(await text(app, 'c.test', '/about')).toBe('404 Not Found\n')
  })

  it('may be promised, and may be null', async () => {
    const app = site({
      routes: [path('/', says('nobody'))],
      routesFor: async (request) => (request.headers.get('host') === 'a.test' ? tenants : null),
    })
    const tenants = tenant('a')
    expect([await text(app, 'a.test'), await text(app, 'b.test')]).toEqual(['a', 'nobody'])
  })

  it('is all there is where no routes are given: then the rest is 404', async () => {
    const app = site({ routesFor: byHost({ 'a.test': tenant('a') }) })
    expect([await text(app, 'a.test'), await text(app, 'b.test')]).toEqual(['a', '404 Not Found\n'])
  })

  it('is asked after the request hooks, with what they have put on the context', async () => {
    const tenants = tenant('a')
    const app = site({
      hooks: [{ request: (_request, context) => void Object.assign(context, { tenant: tenants }) as undefined }],
      routesFor: (_request, context) => Reflect.get(context, 'tenant') as Routes,
    })
    expect((await ask(app)).text).toBe('a')
  })

  it('counts for redirects of the slash, too', async () => {
    const own = [path('/here/', says('here'))]
    const app = site({ routes: [], routesFor: () => own })
    expect((await ask(app, '/here')).status).toBe(308)
  })

  it('an array is compiled once for as long as it lives', async () => {
    const { routes, compiled } = counted('a')
    const app = site({ routesFor: () => routes })
    await ask(app)
    const once = compiled()
    for (let i = 0; i < 10; i++) expect((await ask(app)).text).toBe('a')
    expect([once > 0, compiled()]).toEqual([true, once])
  })

  it('with a key the routes are asked for once, for the key', async () => {
    const made = jest.fn(tenant)
    const app = site({
      routesFor: (request) => {
        const key = request.headers.get('host') ?? ''
        return { key, routes: () => made(key) }
      },
    })
    for (const host of ['a.test', 'b.test', 'a.test', 'a.test', 'b.test']) expect(await text(app, host)).toBe(host)
    expect(made.mock.calls).toEqual([['a.test'], ['b.test']])
  })

  it('keeps the 100 keys that were asked for last, so that no client fills the memory', async () => {
    const made = jest.fn(tenant)
    const app = site({
      routesFor: (request) => {
        const key = request.headers.get('host') ?? ''
        return { key, routes: () => made(key) }
      },
    })
    const asked = (): string[] => made.mock.calls.splice(0).map(([key]) => key)
    for (let i = 0; i < 100; i++) await text(app, `${i}.test`)
    expect(asked()).toHaveLength(100)
    await text(app, '0.test') // asked for again, so 1.test is the one that goes
    await text(app, 'new.test')
    expect(asked()).toEqual(['new.test'])
    for (const host of ['0.test', '2.test', '99.test', 'new.test']) await text(app, host)
    expect(asked()).toEqual([])
    await text(app, '1.test')
    expect(asked()).toEqual(['1.test'])
  })

  it('keeps nothing of a key whose routes fail', async () => {
    const { told, report } = reports()
    let broken = true
    const app = site({
      report,
      routesFor: () => ({ key: 'a', routes: () => (broken ? [path('/a(', says('a'))] : tenant('a')) }),
    })
    expect((await ask(app)).status).toBe(500)
    broken = false
    expect((await ask(app)).text).toBe('a')
    expect(told).toHaveLength(1)
  })

  it.each<[string, unknown]>([
    ['a path', path('/', says('a'))],
    ['a view', says('a')],
    ['text', 'a'],
    ['a key without routes', { key: 'a' }],
  ])('what is no routes is a 500, and the report says what is wanted: %s', async (_what, given) => {
    const { told, report } = reports()
    const answer = await ask(site({ report, routesFor: () => given as Routes }))
    expect(answer.status).toBe(500)
    expect(told.map(messageOf)).toEqual([
      expect.stringContaining('routesFor(…) must be routes, or { key, routes }, or undefined, got'),
    ])
  })
})

it('a request finds the routes of its own however many are asked at once', async () => {
  const app = site({
    routesFor: async (request) => {
      const key = request.headers.get('host') ?? ''
      await new Promise((resolve) => setImmediate(resolve))
      return { key, routes: () => [path('/', () => respond(key))] }
    },
  })
  const hosts = Array.from({ length: 500 }, (_, i) => `${i % 150}.test`)
  expect(await Promise.all(hosts.map((host) => text(app, host)))).toEqual(hosts)
})
