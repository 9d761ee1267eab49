// Two copies of the package, as npm may install them: wrappers of one around an app of the other.
import { expect, it, jest } from '@jest/globals'
import * as core from '@outerware/core'
import { get, testContext } from '../support/index.ts'

let other = core
await jest.isolateModulesAsync(async () => {
  other = await import('@outerware/core')
})

it('are two', () => {
  expect(other.respond).not.toBe(core.respond)
})

it('one edits in place what the other has made', async () => {
  const response = other.respond('hello', { headers: { 'content-length': '5' } })
  expect(core.wholeBody(response)).toBe('hello')
  expect(core.editHeaders(response, (headers) => headers.set('a', 'b'))).toBe(response)
  expect(core.editStatus(response, 404)).toBe(response)
  expect(core.replaceBody(response, 'other')).toBe(response)
  expect(core.filterBody(response, () => new TransformStream<Uint8Array, Uint8Array>())).toBe(response)
  expect([response.status, [...response.headers], await response.text()]).toEqual([
    404,
    [
      ['a', 'b'],
      ['content-type', 'text/plain;charset=UTF-8'],
    ],
    'other',
  ])
})

it('what a wrapper of one keeps for errors, errors() of the other puts on the answer', async () => {
  const app = core.errors({ report: () => {} })((_, context) => {
    other.keepForError(context, [['x-kept', '1']])
    throw new Error('no')
  })
  expect((await app(get(), testContext())).headers.get('x-kept')).toBe('1')
})

it('the wrong options of either are told by their code', () => {
  for (const { errors } of [core, other]) {
    expect(() => errors({ page: 'no' as never })).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  }
})
