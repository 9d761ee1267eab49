import { expect, it } from '@jest/globals'
import { beforeCoding, editBeforeCoding, editHeaders, respond, type ResponseEdit } from '@outerware/core'
import { get, testContext } from '../support/index.ts'

const say =
  (word: string): ResponseEdit =>
  (response) =>
    editHeaders(response, (headers) => headers.append('x-said', word))

it('makes what was left, from further in first', () => {
  const context = testContext()
  beforeCoding(context, say('outer'))
  beforeCoding(context, say('inner'))
  const response = editBeforeCoding(respond('a'), get('/'), context)
  expect(response.headers.get('x-said')).toBe('inner, outer')
})

it('makes each edit once for a request', () => {
  const context = testContext()
  beforeCoding(context, say('once'))
  const response = editBeforeCoding(respond('a'), get('/'), context)
  expect(editBeforeCoding(response, get('/'), context).headers.get('x-said')).toBe('once')
})

it('gives the same response where nothing was left, and to another request', () => {
  beforeCoding(testContext(), say('other'))
  const response = respond('a')
  expect(editBeforeCoding(response, get('/'), testContext())).toBe(response)
})

it('gives the edit the request and the context it was left in', () => {
  const context = testContext()
  const request = get('/a')
  const seen: unknown[] = []
  beforeCoding(context, (response, ...given) => {
    seen.push(...given)
    return response
  })
  editBeforeCoding(respond('a'), request, context)
  expect(seen).toEqual([request, context])
})
