import { describe, expect, it } from '@jest/globals'
import { differences, exchangesOf, onBothSides } from './exchanges.ts'
import { areShown, isShown, missingOf } from './shown.ts'

// What compares pages with the truth must itself be able to say no.

it.each<readonly [string, string, boolean]>([
  ['a', 'a', true],
  ['a', 'ab', false],
  ['a.c', 'abc', false],
  ['a…c', 'a much longer c', true],
  ['a…c', 'a much longer', false],
  ['a…', 'a', true],
  ['ETag: W/"1-a"', 'ETag: W/"2-b"', true],
  ['ETag: "1-a"', 'ETag: "2-b"', false],
  ['ETag: W/"1-a"', 'ETag: "1-a"', false],
])('%j of %j: %j', (shown, real, is) => {
  expect(isShown(shown, real)).toBe(is)
})

it.each<readonly [string, string, boolean]>([
  ['a\nb', 'a\nb', true],
  ['a', 'a\nb', false],
  ['a\nb', 'a', false],
  ['a\n…\nd', 'a\nb\nc\nd', true],
  ['a\n…\nd', 'a\nd', true],
  ['…\nd', 'a\nb', false],
  ['a\n…', 'a\nb\nc', true],
])('the lines %j of %j: %j', (shown, real, are) => {
  expect(areShown(shown.split('\n'), real.split('\n'))).toBe(are)
})

it('of a head some fields are shown, and each is there', () => {
  const head = ['HTTP/1.1 200 OK', 'Content-Length: 3', 'vary: accept-encoding']
  expect(missingOf(['HTTP/1.1 200 OK', 'vary: accept-encoding'], head)).toEqual([])
  expect(missingOf(['HTTP/1.1 404 Not Found', 'content-length: 3'], head)).toHaveLength(2)
})

it('a length that is shown counts, but for one of what is coded', () => {
  const coded = ['content-encoding: br', 'content-length: 41']
  expect(missingOf(coded, ['content-encoding: br', 'content-length: 40'])).toEqual([])
  expect(missingOf(['content-length: 41'], ['content-length: 40'])).toHaveLength(1)
})

describe('two answers side by side', () => {
  const code = [
    'GET /a HTTP/1.1',
    '',
    'HTTP/1.1 200 OK            HTTP/1.1 404 Not Found',
    'X-Powered-By: Express      x-frame-options: DENY',
    '',
    'here                       not here',
  ].join('\n')
  const [shown] = exchangesOf({ page: '', lang: 'http', line: 1, code })
  const before = 'HTTP/1.1 200 OK\r\nX-Powered-By: Express\r\n\r\nhere'
  const after = 'HTTP/1.1 404 Not Found\r\nx-frame-options: DENY\r\n\r\nnot here'

  it('are told apart by their column', () => {
    expect(shown!.before).toEqual({ head: ['HTTP/1.1 200 OK', 'X-Powered-By: Express'], body: ['here'] })
    expect(shown!.after).toEqual({ head: ['HTTP/1.1 404 Not Found', 'x-frame-options: DENY'], body: ['not here'] })
  })

  it('are held against both', () => {
    expect([...differences(shown!.before!, before), ...differences(shown!.after, after)]).toEqual([])
    expect(differences(shown!.after, before)).not.toEqual([])
    expect(differences(shown!.after, after.replace('not', 'no'))).not.toEqual([])
  })

  it('must differ where they are shown to', () => {
    expect(onBothSides(shown!, before, after)).toEqual([])
    const also = after.replace('\r\n', '\r\nx-powered-by: Express\r\n')
    expect(onBothSides(shown!, before, also)).toEqual(['x-powered-by'])
  })
})
