import { expect, it } from '@jest/globals'
import {
  copyFields,
  editHeaders,
  hasFields,
  prepareHeaders,
  respond,
  type Body,
  type RespondInit,
} from '@outerware/core'

const fields = [
  ['Content-Type', 'text/css'],
  ['x-b', '1'],
  ['x-b', '2'],
] as const
const made = (headers: RespondInit['headers'] = fields, body: Body = 'a'): Response => respond(body, { headers })

it('a copy has the fields in their order and case, and keeps them', () => {
  const response = made()
  const copy = copyFields(response)
  editHeaders(response, (headers) => headers.set('x-b', '3'))
  expect([...(copy ?? [])]).toEqual(fields)
})

it.each<[string, Response, boolean]>([
  ['the same again', made(), true],
  ['those that were prepared', made(prepareHeaders(fields), Buffer.from('a')), true],
  ['another value', made([fields[0], fields[1], ['x-b', '3']]), false],
  ['one more', made([...fields, ['x-c', '1']]), false],
  ['one less', made([fields[0], fields[1]]), false],
  ['another order', made([fields[1], fields[0], fields[2]]), false],
  ['a name in another case', made([['content-type', 'text/css'], fields[1], fields[2]]), false],
  ['the same of a native Response', new Response('a', { headers: fields.map(([...field]) => field) }), false],
])('a response has just the fields of another one: %s', (_name, response, has) => {
  expect(hasFields(response, prepareHeaders(fields))).toBe(has)
})

it('of a native Response there is no copy', () => {
  expect(copyFields(new Response('a'))).toBeUndefined()
})

it('to look at prepared fields leaves them so', () => {
  const response = made(prepareHeaders(fields), Buffer.from('a'))
  hasFields(response, prepareHeaders([]))
  copyFields(response)
  expect(response).toHaveProperty('prepared', expect.anything())
})
