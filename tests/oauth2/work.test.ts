import { describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { memoryStore, type SessionStore } from '@outerware/oauth2'
import { lightRequest, promisesMade, testContext } from '../support/index.ts'
import { cookieFor, forge, gateTo, origin, signInAs, startFakeProvider } from './support/index.ts'

// What a signed-in request costs, as a count of work: the microseconds of a shared machine prove nothing.
const issuer = 'http://127.0.0.1:1'
const app: App = () => respond('hello', { headers: { 'content-type': 'text/plain' } })

type Counted = Record<string, number>

/** Runs, and tells how often each of the costly functions of the platform was called. */
function countWork(run: () => unknown): Counted {
  const crypto = process.getBuiltinModule('node:crypto')
  const places: [object, string][] = [
    [crypto, 'createDecipheriv'],
    [crypto, 'createHash'],
    [crypto, 'hash'],
    [JSON, 'parse'],
    [JSON, 'stringify'],
    [TextDecoder.prototype, 'decode'],
    [TextEncoder.prototype, 'encode'],
    [Buffer, 'from'],
    [String.prototype, 'split'],
    [Object, 'entries'],
  ]
  const counted: Counted = {}
  const real = places.map(([place, name]) => [place, name, Reflect.get(place, name)] as const)
  for (const [place, name, original] of real) {
    Reflect.set(place, name, function counting(this: unknown, ...args: unknown[]): unknown {
      counted[name] = (counted[name] ?? 0) + 1
      return Reflect.apply(original, this, args)
    })
  }
  try {
    run()
  } finally {
    for (const [place, name, original] of real) Reflect.set(place, name, original)
  }
  return counted
}

describe('a signed-in request of one of 1,000 users', () => {
  const cookies = Array.from({ length: 1000 }, (_, i) =>
    cookieFor(forge(issuer, { sid: `user-${i}`, claims: { name: 'x'.repeat(600) } })),
  )
  const site = gateTo({ issuer }, { refresh: false })(app)
  const requests = (): Request[] => cookies.map((cookie) => lightRequest('/', { headers: { cookie } }))
  for (const request of requests()) void site(request, testContext())

  it('costs no cipher, no hash, no JSON, no bytes, no list', () => {
    const [known, contexts] = [requests(), cookies.map(() => testContext())]
    const own = countWork(() => known.forEach((request, i) => void app(request, contexts[i]!)))
    const all = countWork(() => known.forEach((request, i) => void site(request, contexts[i]!)))
    for (const name of Object.keys(all).filter((each) => all[each] === own[each])) delete all[name]
    expect(all).toEqual({})
  })

  it('makes no promise', () => {
    const [known, contexts] = [requests(), cookies.map(() => testContext())]
    expect(promisesMade(() => known.forEach((request, i) => void site(request, contexts[i]!)))).toBe(0)
  })

  it('is counted rightly: one that is not known costs a cipher', () => {
    const [request] = [lightRequest('/', { headers: { cookie: cookieFor(forge(issuer, { sid: 'new' })) } })]
    const counted = countWork(() => site(request, testContext()))
    expect(counted).toMatchObject({ createDecipheriv: 1, parse: 1 })
  })
})

it('a signed-in request over a store in memory costs a hash and a look', async () => {
  const fake = await startFakeProvider()
  const inner = memoryStore()
  let looks = 0
  const store: SessionStore = {
    get: (key) => {
      looks += 1
      return inner.get(key)
    },
    set: (key, value, options) => inner.set(key, value, options),
    delete: (key) => inner.delete(key),
  }
  const site = gateTo(fake, { scope: 'openid', session: { store }, backchannelLogout: false })(app)
  const ann = await signInAs(fake, site, { sub: 'ann' })
  const [first, request] = [0, 1].map(() => lightRequest('/', { headers: { cookie: ann.cookieHeader(origin) } }))
  expect(await site(first!, testContext())).toMatchObject({ status: 200 })
  looks = 0
  const { createHash = 0, hash = 0, ...rest } = countWork(() => site(request!, testContext()))
  expect([createHash + hash, looks, rest]).toEqual([1, 1, {}])
})

it('hundreds of made-up logins in one header are read as one header, not each of them anew', async () => {
  const names = Array.from({ length: 700 }, (_, i) => `__Host-oidc.login.${i.toString(36)}-abcdefgh=x`)
  const cookie = names.join('; ')
  const request = lightRequest('/auth/callback?code=c&state=abcdefgh', { headers: { cookie, accept: 'text/html' } })
  const site = gateTo({ issuer }, { on: { refused: () => {} } })(app)
  const { indexOf } = String.prototype
  let passed = 0
  Reflect.set(String.prototype, 'indexOf', function counting(this: string, text: string, from = 0): number {
    const at = Reflect.apply(indexOf, this, [text, from])
    passed += (at === -1 ? this.length : at) - from
    return at
  })
  try {
    expect((await site(request, testContext())).status).toBe(400)
  } finally {
    Reflect.set(String.prototype, 'indexOf', indexOf)
  }
  expect(passed).toBeLessThan(50 * cookie.length)
})
