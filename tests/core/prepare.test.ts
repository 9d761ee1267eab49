import { expect, it } from '@jest/globals'
import { editHeaders, prepareHeaders, respond } from '@outerware/core'

const fields = [
  ['content-type', 'text/css'],
  ['Cache-Control', 'max-age=60'],
] as const

it('prepared fields reach every response, in their order and case', () => {
  const headers = prepareHeaders(fields)
  for (const body of ['a', 'b']) {
    const response = respond(body, { headers })
    expect([...response.headers]).toEqual([
      ['cache-control', 'max-age=60'],
      ['content-type', 'text/css'],
    ])
  }
})

it.each([
  ['set', (headers: Headers) => headers.set('cache-control', 'no-store')],
  ['append', (headers: Headers) => headers.append('x-seen', '1')],
  ['delete', (headers: Headers) => headers.delete('content-type')],
])('what a wrapper changes by %s on one response is not seen by the next one', (_name, edit) => {
  const headers = prepareHeaders(fields)
  const before = [...respond(null, { headers }).headers]
  const edited = editHeaders(respond(null, { headers }), edit)
  expect([...edited.headers]).not.toEqual(before)
  expect([...respond(null, { headers }).headers]).toEqual(before)
  expect([...headers]).toEqual(fields)
})

it('a field that HTTP does not allow is refused when the fields are prepared', () => {
  expect(() => prepareHeaders([['x-y', 'a\r\nb']])).toThrow(/x-y/)
})
