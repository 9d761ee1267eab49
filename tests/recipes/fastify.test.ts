import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { brotliDecompressSync } from 'node:zlib'
import { logbookApi } from '@outerware/recipes/fastify/app'
import { exchange } from '../support/index.ts'
import { Visitor, type Answer, type Ask } from './visitor.ts'

type Api = Awaited<ReturnType<typeof logbookApi>>

let api: Api
let url: string
beforeAll(async () => {
  api = await logbookApi()
  url = await api.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => api.close())

const ask = (path: string, init: Ask = {}): Promise<Answer> => new Visitor().ask(url + path, init)
const post = (body: string, headers = {}): Promise<Answer> =>
  ask('/entries', { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
const entry = JSON.stringify({ text: 'A quiet night', wind: 2 })

describe('the fastify recipe', () => {
  it.each<[string, number, () => Promise<Answer>]>([
    ['an answer', 200, () => ask('/entries/1')],
    ["a handler's 404", 404, () => ask('/entries/1000')],
    ["the router's 404", 404, () => ask('/nowhere')],
    ["the router's 400, for a path with a bad escape, of which no hook hears", 400, () => ask('/entries/%zz')],
    ['a body that does not fit its schema', 400, () => post('{"text":"","wind":2}')],
    ['a body that is no JSON', 400, () => post('{')],
    ['a body that is too long', 413, () => post('x'.repeat(1_100_000))],
    [
      'a body of another type',
      415,
      () => ask('/entries', { method: 'POST', body: 'x', headers: { 'content-type': 'a/b' } }),
    ],
    ['a handler that throws', 500, () => ask('/fault')],
    ['the 403 of a form of another site', 403, () => post(entry, { 'sec-fetch-site': 'cross-site' })],
  ])('dresses %s', async (_what, status, asked) => {
    const answer = await asked()
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    })
  })

  it('takes an entry, and gives it back', async () => {
    const made = await post(entry)
    expect([made.status, made.headers.location]).toEqual([201, '/entries/61'])
    expect(JSON.parse((await ask('/entries/61')).text)).toEqual({ text: 'A quiet night', wind: 2 })
  })

  it('codes a list, by the time Fastify has said how long it would be', async () => {
    const coded = await ask('/entries', { headers: { 'accept-encoding': 'br' } })
    expect(coded.headers['content-encoding']).toBe('br')
    expect(JSON.parse(brotliDecompressSync(coded.bytes).toString())[0]).toEqual({
      text: 'Night 1. The lamp burned.',
      wind: 0,
    })
  })

  it('knows its own names only', async () => {
    const { text } = await exchange(
      Number(new URL(url).port),
      'GET /entries/1 HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n',
    )
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
  })

  it("still answers Fastify's own inject(), without the wrappers", async () => {
    const answer = await api.inject('/entries/1')
    expect([answer.statusCode, answer.headers['x-content-type-options']]).toEqual([200, undefined])
  })

  it('stops when Fastify closes', async () => {
    const own = await logbookApi()
    await own.listen({ port: 0, host: '127.0.0.1' })
    await own.close()
    expect(own.server.listening).toBe(false)
  })
})
