import { describe, expect, it } from '@jest/globals'
import { readPath } from '@outerware/core'
import { include, path, site, urls } from '@outerware/core/inner'
import { lightRequest, testContext } from '../support/index.ts'
import { says, shows } from './support.ts'

const routes = [
  path('/', shows, { name: 'home' }),
  path('/articles/:year/:slug', shows, { name: 'article' }),
  path('/articles/2026/latest', shows),
  path('/numbers/:n(\\d+)', shows, { name: 'number' }),
  path('/maybe/:x?/end', shows, { name: 'maybe' }),
  path('/:lang?', shows, { name: 'language' }),
  path('/rest/**:rest', shows, { name: 'rest' }),
  path('/many/:parts*', shows, { name: 'many' }),
  path('/files/:name.:ext', shows, { name: 'file' }),
  path('/two/:x?/:y?', shows, { name: 'two' }),
  path('/v:version/über uns/100%', shows, { name: 'about' }),
  path('/escaped\\:/:x', shows, { name: 'escaped' }),
  path('/slash/:x/', shows, { name: 'slash' }),
  include('/admin/:area', [path('/', shows, { name: 'area' }), path('/users/:id', shows, { name: 'user' })]),
  path('/wild/**', shows),
] as const
const urlFor = urls(routes)
const app = site({ routes })

/** What a site finds for a path that was made. */
async function found(url: string): Promise<{ name: unknown; params: unknown }> {
  const { route, params } = Object(await (await app(lightRequest(url), testContext())).json())
  return { name: route.name, params }
}

describe('urls(routes)', () => {
  it.each([
    ['home', {}, '/'],
    ['article', { year: 2026, slug: 'light' }, '/articles/2026/light'],
    ['article', { year: '2026', slug: 'à la carte' }, '/articles/2026/%C3%A0%20la%20carte'],
    ['article', { year: '?', slug: '#%25+&=' }, '/articles/%3F/%23%2525%2B%26%3D'],
    ['article', { year: 'a:b', slug: '..a' }, '/articles/a%3Ab/..a'],
    ['number', { n: 42 }, '/numbers/42'],
    ['maybe', { x: 'a' }, '/maybe/a/end'],
    ['maybe', {}, '/maybe/end'],
    ['language', { lang: 'de' }, '/de'],
    ['rest', { rest: 'a/b c/d' }, '/rest/a/b%20c/d'],
    ['many', {}, '/many'],
    ['many', { parts: 'a/b' }, '/many/a/b'],
    ['file', { name: 'a', ext: 'tar.gz' }, '/files/a.tar.gz'],
    ['about', { version: 2 }, '/v2/%C3%BCber%20uns/100%25'],
    ['escaped', { x: 'y' }, '/escaped%3A/y'],
    ['slash', { x: 'y' }, '/slash/y/'],
    ['area', { area: 'books' }, '/admin/books/'],
    ['user', { area: 'books', id: 7 }, '/admin/books/users/7'],
  ] as const)('%s with %j is %s, and leads back', async (name, params, url) => {
    const made: string = Reflect.apply(urlFor, undefined, [name, params])
    expect(made).toBe(url)
    expect(readPath(made)).toBeDefined()
    const texts = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]))
    expect(await found(made)).toEqual({ name, params: texts })
  })

  it('makes of a text in another form of Unicode one that leads back to it in the form in which paths are read', async () => {
    expect(await found(urlFor('language', { lang: 'e\u0301' }))).toEqual({
      name: 'language',
      params: { lang: '\u00e9' },
    })
  })

  it('may leave out the parameters where all of them may be missing', () => {
    expect([urlFor('home'), urlFor('maybe'), urlFor('many')]).toEqual(['/', '/maybe/end', '/many'])
  })

  it.each<[string, string, object, string]>([
    [
      'a value that is missing',
      'article',
      { year: 2026 },
      "urlFor('article', { slug }) must be a value that is not empty",
    ],
    [
      'an empty value',
      'article',
      { year: 2026, slug: '' },
      "urlFor('article', { slug }) must be a value that is not empty",
    ],
    // Browsers would tidy these away; the rest has no one reading.
    ['two dots', 'article', { year: 2026, slug: '..' }, 'values that lead to this route'],
    ['a dot', 'article', { year: 2026, slug: '.' }, 'values that lead to this route'],
    ['a slash in one segment', 'article', { year: 2026, slug: 'a/b' }, 'values that lead to this route'],
    ['a backslash', 'article', { year: 2026, slug: 'a\\b' }, 'values that lead to this route'],
    ['a NUL', 'article', { year: 2026, slug: '\0' }, 'values that lead to this route'],
    ['dots in the rest', 'rest', { rest: 'a/../b' }, 'values that lead to this route'],
    ['half a character', 'article', { year: 2026, slug: 'a\ud800' }, 'text without halves of characters'],
    ['what the expression does not take', 'number', { n: 'x' }, 'values that lead to this route'],
    ['what another route takes', 'article', { year: 2026, slug: 'latest' }, 'values that lead to this route'],
    ['an empty segment in the rest', 'rest', { rest: 'a//b' }, 'values that lead to this route'],
    ['what would be cut in two elsewhere', 'file', { name: 'a.b', ext: 'c' }, 'values that lead to this route'],
    ['what another parameter would take', 'two', { y: 'b' }, 'values that lead to this route'],
    ['null', 'article', { year: 2026, slug: null }, "urlFor('article', { slug }) must be a text or a number"],
    [
      'what is no number',
      'article',
      { year: NaN, slug: 'a' },
      "urlFor('article', { year }) must be a text or a number",
    ],
    ['an object', 'article', { year: {}, slug: 'a' }, "urlFor('article', { year }) must be a text or a number"],
    ['a name that is none', 'artikel', {}, 'urlFor(name) must be one of home, article,'],
    ['a name that objects have', 'constructor', {}, 'urlFor(name) must be one of home, article,'],
  ])('refuses %s', (_what, name, params, message) => {
    expect(() => Reflect.apply(urlFor, undefined, [name, params])).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining(message) }),
    )
  })

  it('refuses a value for the home page that makes it another', () => {
    expect(() => urlFor('language')).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  it.each([
    [
      'two routes with one name',
      [path('/a', shows, { name: 'a' }), path('/b', shows, { name: 'a' })],
      'names that differ',
    ],
    ['a named wildcard without a name', [path('/a/**', shows, { name: 'a' })], 'named parameters only'],
    ['a star', [path('/a/*', shows, { name: 'a' })], 'named parameters only'],
    ['a group', [path('/book{s}?', shows, { name: 'a' })], 'named parameters only'],
    ['an expression without a name', [path('/(\\d+)', shows, { name: 'a' })], 'named parameters only'],
  ])('refuses %s, when it is made', (_what, routes, message) => {
    expect(() => urls(routes)).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining(message) }),
    )
  })

  it('leaves routes without a name alone, whatever they are made of', () => {
    expect(urls([path('/a/**', says('a')), path('/b', says('b'), { name: 'b' })])('b')).toBe('/b')
  })
})
