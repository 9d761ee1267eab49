import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Berths } from '@outerware/recipes/nest/harbour.module'
import { harbourSite } from '@outerware/recipes/nest/app'
import { start, type Asks } from './start.ts'
import type { Answer } from './visitor.ts'

let ask: Asks
let close: () => Promise<void>
beforeAll(async () => {
  const made = await harbourSite()
  close = made.close
  ask = await start(made.site)
})
afterAll(() => close())

const moor = (name: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ask('/berths', {
    method: 'POST',
    body: JSON.stringify({ name }),
    headers: { 'content-type': 'application/json', ...headers },
  })

describe('the nest recipe', () => {
  it.each([
    ['a list', '/berths', 200],
    ['an exception of a service', '/berths/9', 404],
    ['what a pipe refuses', '/berths/nine', 400],
    ["Nest's 404", '/nowhere', 404],
    ["Express's 400", '/berths/%zz', 400],
  ])('dresses %s', async (_what, path, status) => {
    const answer = await ask(path)
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject({ 'x-frame-options': 'DENY', 'content-security-policy': expect.any(String) })
    expect(answer.headers).not.toHaveProperty('x-powered-by')
  })

  it('tells Nest the client and the scheme that the proxy names', async () => {
    const forwarded = { 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https' }
    const { status, text } = await moor('Gannet', forwarded)
    expect([status, JSON.parse(text)]).toEqual([
      201,
      expect.objectContaining({ name: 'Gannet', by: 'https://198.51.100.7' }),
    ])
  })

  it('guards by that client: another one behind the same proxy has a turn of its own', async () => {
    const [one, other] = [{ 'x-forwarded-for': '198.51.100.8' }, { 'x-forwarded-for': '198.51.100.9' }]
    expect((await moor('Tern', one)).status).toBe(201)
    expect((await moor('Tern II', one)).status).toBe(429)
    expect((await moor('Skua', other)).status).toBe(201)
  })

  it('is not taken in by a client that names addresses itself: the proxy adds its own on the right', async () => {
    expect((await moor('Raven', { 'x-forwarded-for': '203.0.113.1, 198.51.100.10' })).status).toBe(201)
    expect((await moor('Crow', { 'x-forwarded-for': '203.0.113.2, 198.51.100.10' })).status).toBe(429)
  })

  it('believes nobody but the proxy', async () => {
    const { site, close } = await harbourSite(['192.0.2.1'])
    const direct = await start(site)
    const answer = await direct('/berths', {
      method: 'POST',
      body: '{"name":"Gull"}',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https' },
    })
    expect(JSON.parse(answer.text)).toMatchObject({ by: 'http://127.0.0.1' })
    await close()
  })

  it('refuses what another site makes a browser send, and no guard hears of it', async () => {
    const own = { 'x-forwarded-for': '198.51.100.11' }
    expect((await moor('Pirate', { ...own, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await moor('Puffin', { ...own, 'sec-fetch-site': 'same-origin' })).status).toBe(201)
  })

  it('ends Nest when it is closed: onModuleDestroy is called', async () => {
    const berths: Berths[] = []
    const destroy = Berths.prototype.onModuleDestroy
    Berths.prototype.onModuleDestroy = function (this: Berths) {
      destroy.call(this)
      berths.push(this)
    }
    const made = await harbourSite()
    await made.close()
    Berths.prototype.onModuleDestroy = destroy
    expect(berths.map(({ isOpen }) => isOpen)).toEqual([false])
  })
})
