import { describe, expect, it } from '@jest/globals'
import { include, path, site, type Routes } from '@outerware/core/inner'
import { lightRequest, testContext } from '../support/index.ts'
import { ask, says, shows } from './support.ts'

/** Asks with the target as a client has written it, untouched by `new URL()`. */
async function raw(app: ReturnType<typeof site>, target: string, method = 'GET'): Promise<Response> {
  return app(lightRequest(target, { method }), testContext())
}

describe('patterns', () => {
  const routes = [
    path('/', shows),
    path('/articles/:year/:slug', shows, { name: 'article' }),
    path('/articles/:year/latest', shows),
    path('/numbers/:n(\\d+)', shows),
    path('/maybe/:x?', shows),
    path('/one/**:rest', shows),
    path('/any/**', shows),
    path('/star/*', shows),
    path('/files/:name.:ext', shows),
    path('/über/:wer', shows),
    path('/caf\u0065\u0301', shows),
    path('/100%/:x', shows),
    path('/a b', shows),
    include('/admin', [path('/', shows), path('/users/:id', shows), include('/deep', [path('/:x', shows)])]),
  ]
  const app = site({ routes })

  it.each<[string, string, Record<string, string>]>([
    ['/', '/', {}],
    ['/?a=b', '/', {}],
    ['/articles/2026/light', '/articles/:year/:slug', { year: '2026', slug: 'light' }],
    ['/articles/2026/latest', '/articles/:year/latest', { year: '2026' }],
    ['/numbers/42', '/numbers/:n(\\d+)', { n: '42' }],
    ['/maybe', '/maybe/:x?', {}],
    ['/maybe/1', '/maybe/:x?', { x: '1' }],
    ['/one/a', '/one/**:rest', { rest: 'a' }],
    ['/one/a/b', '/one/**:rest', { rest: 'a/b' }],
    ['/any', '/any/**', {}],
    ['/any/a/b', '/any/**', { 0: 'a/b', _: 'a/b' }],
    ['/star/a/b', '/star/*', { 0: 'a/b' }],
    ['/files/a.tar.gz', '/files/:name.:ext', { name: 'a', ext: 'tar.gz' }],
    ['/admin/', '/admin/', {}],
    ['/admin/users/7', '/admin/users/:id', { id: '7' }],
    ['/admin/deep/x', '/admin/deep/:x', { x: 'x' }],
  ])('%s is %s', async (target, pattern, params) => {
    const answer = await raw(app, target)
    expect(await answer.json()).toMatchObject({ params, route: { pattern } })
  })

  it.each<[string, string, Record<string, string>]>([
    ['/articles/2026/%C3%A0%20la%20carte', '/articles/:year/:slug', { year: '2026', slug: 'à la carte' }],
    ['/articles/2026/a%2525b', '/articles/:year/:slug', { year: '2026', slug: 'a%25b' }],
    ['/articles/2026/a+b', '/articles/:year/:slug', { year: '2026', slug: 'a+b' }],
    ['/articles/%3F/%23', '/articles/:year/:slug', { year: '?', slug: '#' }],
    ['/articles/%F0%9F%8C%8A/%7B%7D', '/articles/:year/:slug', { year: '🌊', slug: '{}' }],
    ['/%C3%BCber/uns', '/über/:wer', { wer: 'uns' }],
    ['/u%CC%88ber/%C3%BC', '/über/:wer', { wer: 'ü' }],
    ['/caf%C3%A9', '/caf\u0065\u0301', {}],
    ['/100%25/50%25', '/100%/:x', { x: '50%' }],
    ['/a%20b', '/a b', {}],
    ['/%61rticles/2026/x', '/articles/:year/:slug', { year: '2026', slug: 'x' }],
    ['/one/%C3%A9/b', '/one/**:rest', { rest: 'é/b' }],
  ])('reads the escapes of %s once: %s', async (target, pattern, params) => {
    const answer = await raw(app, target)
    expect(await answer.json()).toMatchObject({ params, route: { pattern } })
  })

  it.each([
    ['nothing takes', '/nothing'],
    ['the expression does not take', '/numbers/4x'],
    ['has an empty segment', '//articles/2026/x'],
    ['has an empty value', '/articles//x'],
    ['has another case', '/Articles/2026/x'],
    ['is short of a value', '/one'],
  ])('what %s is a 404: %s', async (_what, target) => {
    expect((await raw(app, target)).status).toBe(404)
  })

  it.each([
    '/articles/2026/%zz',
    '/articles/2026/a%2Fb',
    '/any/%2e%2e/x',
    '/any/a%5Cb',
    '/any/%FF',
    '/any/%00',
    '/any/../x',
  ])('a path with no one reading is a 404, whatever would take it: %s', async (target) => {
    expect((await raw(app, target)).status).toBe(404)
  })

  it('the order does not matter, and a name is not a prefix of another', async () => {
    const reversed = site({ routes: routes.toReversed() as Routes })
    expect(await (await raw(reversed, '/articles/2026/latest')).json()).toMatchObject({
      route: { pattern: '/articles/:year/latest' },
    })
  })

  it('the home page may be one that a parameter could follow', async () => {
    const app = site({ routes: [path('/:lang?', shows)] })
    const at = async (target: string): Promise<unknown> => Object(await (await raw(app, target)).json()).params
    expect([await at('/'), await at('/de')]).toEqual([{}, { lang: 'de' }])
  })

  it('a name that Object has by itself is none of the parameters', async () => {
    const app = site({
      routes: [path('/:x', (_request, context) => new Response(typeof Reflect.get(context.params, 'constructor')))],
    })
    expect(await (await raw(app, '/a')).text()).toBe('undefined')
  })
})

describe('methods', () => {
  const app = site({
    routes: [
      path('/things', { GET: says('list'), POST: says('made') }),
      path('/only', { PUT: says('put') }),
      path('/own', { GET: says('got'), HEAD: says('head'), OPTIONS: says('options') }),
      path('/all', (request) => new Response(request.method)),
    ],
  })

  it.each([
    ['GET', '/things', 'list'],
    ['POST', '/things', 'made'],
    ['PUT', '/only', 'put'],
    ['HEAD', '/own', 'head'],
    ['OPTIONS', '/own', 'options'],
    ['DELETE', '/all', 'DELETE'],
    ['OPTIONS', '/all', 'OPTIONS'],
    ['HEAD', '/all', 'HEAD'],
  ])('%s %s has its view', async (method, at, text) => {
    expect(await ask(app, at, { method })).toMatchObject({ status: 200, text })
  })

  it('HEAD is answered by the view for GET, which sees that it is one', async () => {
    const seen: string[] = []
    const view = (request: Request): Response => {
      seen.push(request.method)
      return new Response('list', { headers: { 'x-mark': '1' } })
    }
    const { status, headers } = await ask(site({ routes: [path('/', { GET: view })] }), '/', { method: 'HEAD' })
    expect([status, headers.get('x-mark'), seen]).toEqual([200, '1', ['HEAD']])
  })

  it.each([
    ['DELETE', '/things', 'GET, HEAD, OPTIONS, POST'],
    ['GET', '/only', 'OPTIONS, PUT'],
    ['HEAD', '/only', 'OPTIONS, PUT'],
    ['POST', '/own', 'GET, HEAD, OPTIONS'],
    ['PROPFIND', '/things', 'GET, HEAD, OPTIONS, POST'],
    // What an object has by itself is no view.
    ['constructor', '/things', 'GET, HEAD, OPTIONS, POST'],
    ['toString', '/things', 'GET, HEAD, OPTIONS, POST'],
  ])('%s %s is a 405 with Allow: %s (RFC 9110, 15.5.6)', async (method, at, allow) => {
    const { status, headers } = await ask(app, at, { method })
    expect([status, headers.get('allow')]).toEqual([405, allow])
  })

  it('OPTIONS is a 204 with Allow, where no view takes it', async () => {
    const { status, headers, text } = await ask(app, '/things', { method: 'OPTIONS' })
    expect([status, headers.get('allow'), text]).toEqual([204, 'GET, HEAD, OPTIONS, POST', ''])
  })

  it('the page for 405 gets the Allow field too, immutable or not', async () => {
    const frozen = Response.redirect('http://site.test/elsewhere', 303)
    const app = site({ routes: [path('/', { GET: says('a') })], errors: { 405: () => frozen } })
    const { status, headers } = await ask(app, '/', { method: 'POST' })
    expect([status, headers.get('location'), headers.get('allow')]).toEqual([
      303,
      'http://site.test/elsewhere',
      'GET, HEAD, OPTIONS',
    ])
  })

  it('a 404 and a 405 are no exceptions: no exception hook hears of them', async () => {
    const heard: unknown[] = []
    const app = site({
      routes: [path('/', { GET: says('a') })],
      hooks: [{ exception: (error) => void heard.push(error) }],
      report: (error) => void heard.push(error),
    })
    await ask(app, '/', { method: 'POST' })
    await ask(app, '/nothing')
    expect(heard).toEqual([])
  })
})

describe('the slash at the end', () => {
  const routes = [
    path('/plain', says('plain')),
    path('/slashed/', says('slashed')),
    path('/both', says('both')),
    path('/both/', says('both/')),
    path('/x/:name/', says('name')),
    path('/y/:name', says('name')),
    path('/wild/**', says('wild')),
    path('/rest/**:rest', says('rest')),
  ] as const
  const app = site({ routes })
  const strict = site({ routes, trailingSlash: 'strict' })

  it.each([
    ['/plain', 'plain'],
    ['/slashed/', 'slashed'],
    ['/both', 'both'],
    ['/both/', 'both/'],
    ['/wild', 'wild'],
    ['/wild/', 'wild'],
    ['/wild/a/', 'wild'],
  ])('%s is answered as it is', async (target, text) => {
    for (const one of [app, strict]) expect(await (await raw(one, target)).text()).toBe(text)
  })

  it.each([
    ['/plain/', '/plain'],
    ['/slashed', '/slashed/'],
    ['/slashed?a=b&c', '/slashed/?a=b&c'],
    ['/plain/?a=b', '/plain?a=b'],
    ['/x/a', '/x/a/'],
    ['/y/a/', '/y/a'],
    ['/rest/a/', '/rest/a'],
    ['/x/%C3%A9', '/x/%C3%A9/'],
    // Would be read as a URL, if it were not for the dot.
    ['/x/https:evil.example', '/x/https:evil.example/'],
    ['/y/https:evil.example/', '/y/https:evil.example'],
    ['/x/javascript:alert(1)', '/x/javascript:alert(1)/'],
  ])('%s is redirected to %s, on the same host, with the method kept', async (target, to) => {
    const answer = await raw(app, target, 'POST')
    const location = new URL(answer.headers.get('location') ?? '', `http://site.test${target}`)
    expect([answer.status, location.href]).toEqual([308, `http://site.test${to}`])
    // Relative, so that it holds behind whatever mount.
    expect(answer.headers.get('location')).toMatch(/^\.\.?\//)
    expect((await raw(strict, target)).status).toBe(404)
  })

  it.each(['/plain//', '/slashed//', '//plain/', '/nothing/', '/nothing', '/rest/'])(
    '%s is a 404: no such path with or without the slash',
    async (target) => {
      expect((await raw(app, target)).status).toBe(404)
    },
  )
})

describe('what is no routes', () => {
  const view = says('a')
  it.each<[string, () => unknown, string]>([
    ['a pattern without a slash', () => path('a' as '/a', view), "begins with '/'"],
    ['a pattern that is no text', () => path(1 as unknown as '/a', view), "begins with '/'"],
    ['two slashes at the end', () => path('/a//', view), "ends with one '/' at most"],
    ['no view', () => path('/a', undefined as never), "path('/a', view) must be a function"],
    ['no views', () => path('/a', {}), 'an object of functions by method, got {}'],
    ['a view that is none', () => path('/a', { GET: 'x' as never }), 'an object of functions by method'],
    ['a method in small letters', () => path('/a', { get: view } as never), 'methods, such as GET, got "get"'],
    ['a prefix with a slash at its end', () => include('/a/', []), 'does not end with one'],
    ['a prefix that is no text', () => include(undefined as unknown as '/a', []), "begins with '/'"],
    ['a group of something else', () => include('/a', view as never), "include('/a', routes) must be an array"],
    ['a view among the routes', () => site({ routes: [view as never] }), 'site.routes[0] must be made by path()'],
    ['no routes', () => site({} as never), 'site.routes must be an array'],
    ['one pattern twice', () => site({ routes: [path('/a', view), path('/a', view)] }), "other paths than '/a' does"],
    [
      'two patterns for the same paths',
      () => site({ routes: [path('/a/:x', view), path('/a/:y', view)] }),
      'routes must be patterns that take other paths than \'/a/:x\' does, got "/a/:y"',
    ],
    [
      'the same by way of a group',
      () => site({ routes: [path('/a/:x', view), include('/a', [path('/:y', view)])] }),
      '/a/:y',
    ],
    ['a pattern that cannot be read', () => site({ routes: [path('/a(', view)] }), '/a('],
    ['a name twice in a pattern', () => site({ routes: [include('/:x', [path('/:x', view)])] }), '/:x/:x'],
  ])('%s is refused when it is made', (_what, make, message) => {
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining(message) }))
  })

  it('patterns that differ by an expression, a slash or a wildcard stand beside each other', async () => {
    const app = site({
      routes: [
        path('/a/:x(\\d+)', says('number')),
        path('/a/:x', says('text')),
        path('/a/:x/', says('slash')),
        path('/a/**', says('rest')),
      ],
    })
    const texts = await Promise.all(
      ['/a/1', '/a/b', '/a/b/', '/a/b/c', '/a'].map(async (at) => (await ask(app, at)).text),
    )
    expect(texts).toEqual(['number', 'text', 'slash', 'rest', 'rest'])
  })
})
