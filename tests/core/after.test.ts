import { describe, expect, it } from '@jest/globals'
import { after, errors, fromHooks, type App } from '@outerware/core'
import { get, promisesMade, testContext } from '../support/index.ts'

const response = new Response('a')

describe('after(value, then)', () => {
  it('calls at once with what is at hand, makes no promise, and gives what came out', () => {
    let out: unknown
    expect(promisesMade(() => (out = after(response, (given) => [given])))).toBe(0)
    expect(out).toEqual([response])
  })

  it('calls later with what is promised', async () => {
    const seen: unknown[] = []
    const out = after(Promise.resolve(response), (given) => seen.push(given))
    expect(seen).toEqual([])
    expect(await out).toBe(1)
    expect(seen).toEqual([response])
  })

  it('waits for what comes out, if that is promised', async () => {
    expect(await after(response, () => Promise.resolve('later'))).toBe('later')
    expect(await after(Promise.resolve(response), () => Promise.resolve('later'))).toBe('later')
  })

  it('takes any thenable for a promise', async () => {
    // oxlint-disable-next-line no-thenable -- that is the point
    const thenable = { then: (resolve: (value: unknown) => unknown) => Promise.resolve(resolve(response)) }
    // Stands for promises of libraries and of other realms.
    expect(await after<Response, unknown>(thenable as unknown as Promise<Response>, (given) => [given])).toEqual([
      response,
    ])
  })

  it('a field called then is no promise', () => {
    // oxlint-disable-next-line no-thenable -- that is the point
    expect(after({ then: 1 }, (given) => given.then)).toBe(1)
  })

  it('a rejection passes, the very same object, and then is not called', async () => {
    const reason = { not: 'even an error' }
    const out = after(Promise.reject(reason) as Promise<Response>, () => expect(true).toBe(false))
    await expect(out).rejects.toBe(reason)
  })

  it('what then throws comes out as it was thrown: at once, or as a rejection', async () => {
    const reason = new Error('no')
    const fail = (): never => {
      throw reason
    }
    expect(() => after(response, fail)).toThrow(reason)
    await expect(after(Promise.resolve(response), fail)).rejects.toBe(reason)
  })
})

describe('an app that gives no Response is told so where it happens', () => {
  const wrapped = (given: unknown): App => fromHooks({ response: (answer) => answer })(() => given as Response)

  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    ['text', '"text"'],
    [errors, 'a function errors()'],
  ])('%p', async (given, shown) => {
    const message = `An app must give a Response, or a promise of one, got ${shown}`
    expect(() => wrapped(given)(get(), testContext())).toThrow(message)
    await expect(wrapped(Promise.resolve(given))(get(), testContext())).rejects.toThrow(message)
  })
})
