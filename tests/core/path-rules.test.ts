import { expect, it } from '@jest/globals'
import { pathTest } from '@outerware/core'
import { get } from '../support/index.ts'

const test = pathTest(['/health', '/open/*', '/\u00fcber', (request) => request.method === 'PURGE'], 'x.paths')

it.each([
  ['/health', true],
  ['/health?full', true],
  ['/health/', false],
  ['/Health', false],
  ['/open/', true],
  ['/open/a/b', true],
  ['/open', false],
  ['/opened/a', false],
  ['/%C3%BCber', true],
  ['/%68ealth', true],
  ['/open/%2e%2e/admin', false],
  ['/open/..%2fadmin', false],
  ['/', false],
])('%s: %p', (path, holds) => {
  const request = { url: `http://site.test${path}`, method: 'GET' } as Request
  expect(test(request)).toBe(holds)
})

it('a rule in NFD holds for its path, which is read in NFC', () => {
  const nfd = pathTest(['/u\u0308ber', '/cafe\u0301/*'], 'x.paths')
  for (const path of ['/%C3%BCber', '/u%CC%88ber', '/caf%C3%A9/a']) expect([path, nfd(get(path))]).toEqual([path, true])
})

it('a function holds when it gives true, and not when it gives what is merely truthy', () => {
  expect(test(get('/x', {}, { method: 'PURGE' }))).toBe(true)
  // @ts-expect-error wrong on purpose
  expect(pathTest([async () => false], 'x.paths')(get())).toBe(false)
})

it.each([['health'], ['/open*'], ['/a/*/b'], ['/a?b'], [''], [/a/], [5]])('%p is no rule', (rule) => {
  // @ts-expect-error wrong on purpose
  expect(() => pathTest([rule], 'x.paths')).toThrow(/^x\.paths\[0\] must be a path such as/)
})

it('a rule alone is no list', () => {
  // @ts-expect-error wrong on purpose
  expect(() => pathTest('/health', 'x.paths')).toThrow('x.paths must be a list of paths and functions, got "/health"')
})
