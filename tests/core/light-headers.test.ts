import { describe, expect, it } from '@jest/globals'
import { respond } from '@outerware/core'

const light = (fields: [string, string][] = []): Headers => respond(null, { headers: fields }).headers

describe('the headers of a light response behave as Headers do', () => {
  it.each<[string, (headers: Headers) => unknown]>([
    ['get, in any case', (headers) => [headers.get('A'), headers.get('b'), headers.get('absent')]],
    ['get joins equal names', (headers) => headers.get('dup')],
    ['get joins cookies', (headers) => headers.get('set-cookie')],
    ['has, in any case', (headers) => [headers.has('a'), headers.has('B'), headers.has('absent')]],
    ['set, where there is none', (headers) => headers.set('New', 'n')],
    ['set, in any case', (headers) => headers.set('b', 'changed')],
    ['set puts one in the place of many', (headers) => headers.set('DUP', 'one')],
    ['set puts one in the place of many cookies', (headers) => headers.set('Set-Cookie', 'one=1')],
    ['set of a number', (headers) => headers.set('n', 1 as unknown as string)],
    ['append, where there is none', (headers) => headers.append('New', 'n')],
    ['append, where there is one', (headers) => headers.append('A', 'more')],
    ['append of a cookie', (headers) => headers.append('set-cookie', 'c=3')],
    ['delete, in any case', (headers) => headers.delete('A')],
    ['delete of many', (headers) => headers.delete('Dup')],
    ['delete of cookies', (headers) => headers.delete('set-cookie')],
    ['delete of what is not there', (headers) => headers.delete('absent')],
    ['getSetCookie', (headers) => headers.getSetCookie()],
    ['keys', (headers) => [...headers.keys()]],
    ['values', (headers) => [...headers.values()]],
    ['entries', (headers) => [...headers.entries()]],
    ['white space is cut off on both sides', (headers) => headers.set('a', '\r\n\t x \t')],
    ['white space is cut off before', (headers) => headers.set('a', ' \tx')],
    ['white space is cut off behind', (headers) => headers.set('a', 'x \r\n')],
  ])('%s', (_, use) => {
    const fields: [string, string][] = [
      ['z', 'last'],
      ['a', '1'],
      ['Set-Cookie', 'a=1'],
      ['dup', 'x'],
      ['B', '2'],
      ['DUP', 'y'],
      ['set-cookie', 'b=2'],
      ['dup', 'z'],
    ]
    const [ours, theirs] = [light(fields), new Headers(fields)]
    expect(use(ours)).toEqual(use(theirs))
    expect([...ours]).toEqual([...theirs])
    expect(ours.getSetCookie()).toEqual(theirs.getSetCookie())
  })

  it('forEach gives value, name and the headers, with the this that was asked for', () => {
    const headers = light([
      ['b', '2'],
      ['A', '1'],
    ])
    const seen: unknown[] = []
    headers.forEach(function (this: unknown, value, name, whole) {
      seen.push([this, value, name, whole === headers])
    }, 'self')
    expect(seen).toEqual([
      ['self', '1', 'a', true],
      ['self', '2', 'b', true],
    ])
  })

  it('its iterators are iterable again', () => {
    const headers = light([['a', '1']])
    for (const iterator of [headers.entries(), headers.keys(), headers.values(), headers[Symbol.iterator]()]) {
      expect(iterator[Symbol.iterator]()).toBe(iterator)
      expect(iterator.next()).toMatchObject({ done: false })
      expect(iterator.next()).toEqual({ done: true, value: undefined })
    }
  })

  it.each<[string, (headers: Headers) => void]>([
    ['set of a name that is no token', (headers) => headers.set('a b', '1')],
    ['set of a value with a line break', (headers) => headers.set('a', 'b\r\nc')],
    ['append of a name that is no token', (headers) => headers.append('', '1')],
    ['append of a value with a NUL', (headers) => headers.append('a', '\0')],
  ])('throws a TypeError, and changes nothing: %s', (_, use) => {
    const headers = light([['a', '1']])
    expect(() => use(new Headers())).toThrow(expect.objectContaining({ name: 'TypeError' }))
    expect(() => use(headers)).toThrow(expect.objectContaining({ name: 'TypeError' }))
    expect([...headers]).toEqual([['a', '1']])
  })

  it('may be changed while they are walked through', () => {
    const headers = light([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ])
    for (const [name] of headers) headers.delete(name)
    expect([...headers]).toEqual([])
  })

  it('are the same object whenever they are asked for', () => {
    const response = respond('a')
    expect(response.headers).toBe(response.headers)
  })

  it('takes a value of 100,000 blanks in linear time', () => {
    const headers = light()
    headers.set('a', `x${' '.repeat(100_000)}y`)
    expect(headers.get('a')).toHaveLength(100_002)
  })
})
