import { expect, it } from '@jest/globals'
import { addMissing, editHeaders, respond } from '@outerware/core'

const dress = addMissing([
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
])
const own = { 'X-Frame-Options': 'SAMEORIGIN' }

it.each([
  ['a light response', respond('hello', { headers: own })],
  ['a native response', new Response('hello', { headers: own })],
])('addMissing keeps what %s has, in any case of its name, and adds the rest once', (_name, response) => {
  editHeaders(editHeaders(response, dress), dress)
  expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN')
  expect(response.headers.get('referrer-policy')).toBe('no-referrer')
})

it('addMissing refuses a field that HTTP does not allow when it is made, not when it is used', () => {
  expect(() => addMissing([['x-y', 'a\r\nb']])).toThrow(/x-y/)
})
