import { inspect } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { OptionError } from '@outerware/core'

const given = (value: unknown, secret = false): string => {
  const { message } = new OptionError('o', 'x', value, secret)
  return message.slice('o must be x, got '.length)
}

describe('OptionError', () => {
  it('says which option, what is wanted and what was given', () => {
    const error = new OptionError('hsts.maxAge', 'a whole number of seconds >= 0', -1)
    expect(error.message).toBe('hsts.maxAge must be a whole number of seconds >= 0, got -1')
    expect(error).toMatchObject({ name: 'OptionError', code: 'ERR_OPTION', option: 'hsts.maxAge' })
    expect(error).toBeInstanceOf(TypeError)
    expect(inspect(error)).toMatch(/^OptionError: hsts\.maxAge must be/)
  })

  class Named {}
  const circle: Record<string, unknown> = {}
  circle['self'] = circle

  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    [10n, '10n'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    ['text', '"text"'],
    ['line\nbreak', String.raw`"line\nbreak"`],
    ['x'.repeat(78), `"${'x'.repeat(78)}"`],
    ['x'.repeat(79), `"${'x'.repeat(78)}…`],
    ['x'.repeat(100), `"${'x'.repeat(78)}…`],
    [[1, 'a'], '[1,"a"]'],
    [{ a: { b: 1 } }, '{"a":{"b":1}}'],
    [Array.from({ length: 100 }, () => 1), `[${'1,'.repeat(39)}…`],
    [Object.create(null), '{}'],
    [circle, 'an object'],
    [{ toJSON: () => undefined }, 'an object'],
    [[10n], 'an array of 1'],
    [() => {}, 'a function'],
    [function named() {}, 'a function named()'],
    [Promise.resolve(), 'a Promise (is an await missing?)'],
    [/a+/g, '/a+/g'],
    [new URL('http://site.test/'), 'http://site.test/'],
    [new Map(), 'a Map'],
    [new Named(), 'a Named'],
    [new Error('no'), 'an Error'],
    [new Uint8Array(3), 'a Uint8Array'],
    [new URLSearchParams(), 'a URLSearchParams'],
  ])('shows what was given, in one short line: %p', (value, shown) => {
    expect(given(value)).toBe(shown)
  })

  it.each<[unknown, string]>([
    ['hunter2', 'a string of 7 characters'],
    [undefined, 'undefined'],
    [null, 'null'],
    [['hunter2'], 'an array of 1'],
    [{ password: 'hunter2' }, 'an object'],
    [12_345, 'a number'],
    [new URL('http://hunter2@site.test'), 'an object'],
    [function hunter2() {}, 'a function'],
  ])('shows of a secret what kind of thing it is, and nothing else: %p', (value, shown) => {
    expect(given(value, true)).toBe(shown)
  })
})
