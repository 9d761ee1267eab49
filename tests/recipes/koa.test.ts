import { beforeAll, describe, expect, it } from '@jest/globals'
import { gunzipSync } from 'node:zlib'
import { ferrySite } from '@outerware/recipes/koa/app'
import { ferryOffice } from '@outerware/recipes/koa/ferry-office'
import { fromNode } from '@outerware/core/node'
import { start, type Asks } from './start.ts'

let ask: Asks
beforeAll(async () => void (ask = await start(ferrySite())))

describe('the koa recipe', () => {
  it.each([
    ['a page', '/', 200],
    ['a stream', '/crossings.csv', 200],
    ['a file', '/ferry.css', 200],
    ["Koa's 404", '/nowhere', 404],
    ['an error that Koa shows', '/buy', 405],
    ['an exception', '/fog', 500],
  ])('dresses %s', async (_what, path, status) => {
    const answer = await ask(path)
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'self'"),
      'x-frame-options': 'SAMEORIGIN',
    })
    expect(answer.text).not.toMatch(/node_modules|\.ts:\d/)
  })

  it('keeps what Koa drops: middleware inside loses its field where something is thrown', async () => {
    const bare = await start(fromNode(ferryOffice().callback()))
    expect((await bare('/')).headers).toHaveProperty('server-timing')
    expect((await bare('/fog')).headers).not.toHaveProperty('server-timing')
    expect((await ask('/fog')).headers).toHaveProperty('x-content-type-options')
  })

  it('leaves Koa its own words: status, fields and text of what it throws', async () => {
    expect(await ask('/buy')).toMatchObject({ status: 405, headers: { allow: 'POST' } })
    expect(await ask('/buy', { method: 'POST' })).toMatchObject({ status: 402, text: 'The ferry takes coins only' })
    expect((await ask('/fog')).text).toBe('Internal Server Error')
  })

  it('gives each page a nonce, which its policy names', async () => {
    const [one, other] = [await ask('/'), await ask('/')]
    const nonces = [one, other].map(({ text }) => /<script nonce="([\w+/=]{24})">/.exec(text)?.[1])
    expect(nonces[0]).not.toBe(nonces[1])
    expect(one.headers['content-security-policy']).toContain(`'nonce-${nonces[0]}'`)
  })

  it('codes a stream as it comes', async () => {
    const plain = await ask('/crossings.csv')
    const coded = await ask('/crossings.csv', { headers: { 'accept-encoding': 'gzip' } })
    expect(plain.text.split('\n')).toHaveLength(365 * 7 + 2)
    expect(coded.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': 'text/csv; charset=utf-8' })
    expect(gunzipSync(coded.bytes).equals(plain.bytes)).toBe(true)
    expect(coded.bytes.length).toBeLessThan(plain.bytes.length / 4)
  })
})
