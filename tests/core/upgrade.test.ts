import { describe, expect, it } from '@jest/globals'
import { compose, editHeaders, fromHooks, upgrade, type Accept } from '@outerware/core'
import { get, testContext } from '../support/index.ts'

describe('upgrade(accept)', () => {
  it('is a Response of status 101 without a body', () => {
    const response = upgrade(() => {})
    expect(response).toBeInstanceOf(Response)
    expect([response.status, response.ok, response.body]).toEqual([101, false, null])
  })

  it('keeps the function for the host', () => {
    const accept: Accept = () => {}
    expect(Object(upgrade(accept)).accept).toBe(accept)
  })

  it.each<[string, Record<string, string> | [string, string][]]>([
    ['a record', { 'Set-Cookie': 'a=1' }],
    ['pairs', [['Set-Cookie', 'a=1']]],
  ])('has the headers that it was given: %s', (_, headers) => {
    expect([...upgrade(() => {}, { headers }).headers]).toEqual([['set-cookie', 'a=1']])
  })

  it('passes wrappers as the same object, with the headers that they add', async () => {
    const response = upgrade(() => {})
    const mark = fromHooks({ response: (given) => editHeaders(given, (headers) => headers.set('x-mark', '1')) })
    expect(await compose(mark, mark)(() => response)(get(), testContext())).toBe(response)
    expect(response.headers.get('x-mark')).toBe('1')
  })

  it('refuses fields that would break the head of the 101', () => {
    expect(() => upgrade(() => {}, { headers: { 'set-cookie': 'a\r\nb: c' } })).toThrow(
      expect.objectContaining({ name: 'TypeError' }),
    )
  })

  it('refuses what is no function', () => {
    expect(() => upgrade('no' as unknown as Accept)).toThrow('upgrade takes a function (req, socket, head) => void')
  })
})
