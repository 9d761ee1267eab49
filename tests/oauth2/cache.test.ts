import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { get, lightRequest, testContext } from '../support/index.ts'
import { clock, cookieFor, forge, gateTo, origin } from './support/index.ts'

// Nobody is asked for anything here: the sessions are sealed by the test itself.
const issuer = 'http://127.0.0.1:1'
const gate = (): App => gateTo({ issuer }, { refresh: false })(() => respond('hello'))

/** Cookies of so many logins, one each. */
const logins = (count: number, name = 'login'): string[] =>
  Array.from({ length: count }, (_, i) => cookieFor(forge(issuer, { sid: `${name}-${i}` })))

/** Sends each cookie once, and tells which had to be opened. */
function opened(site: App, cookies: readonly string[]): boolean[] {
  const crypto = process.getBuiltinModule('node:crypto')
  const { createDecipheriv } = crypto
  let count = 0
  Object.assign(crypto, {
    createDecipheriv: (...args: Parameters<typeof createDecipheriv>) => {
      count += 1
      return createDecipheriv(...args)
    },
  })
  try {
    return cookies.map((cookie) => {
      count = 0
      const response = site(lightRequest('/', { headers: { cookie } }), testContext())
      if (!('status' in response) || response.status !== 200) throw new Error('it did not pass')
      return count > 0
    })
  } finally {
    Object.assign(crypto, { createDecipheriv })
  }
}

/** Collects what nobody holds, so that what is left can be measured. */
function collect(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

const number = (list: readonly boolean[]): number => list.filter(Boolean).length

describe('the bounds (rule 4)', () => {
  it('are 5000 cookies: of 6000 the last 5000 are known', () => {
    const site = gate()
    const cookies = logins(6000)
    expect(number(opened(site, cookies))).toBe(6000)
    // The newest first: asking for what has gone would push others out.
    expect(number(opened(site, cookies.slice(1000)))).toBe(0)
    expect(number(opened(site, cookies.slice(0, 10)))).toBe(10)
  })

  it('and 32 MB, three times the cookie and 600 bytes each', () => {
    const site = gate()
    const long = 'x'.repeat(15_000)
    const cookies = Array.from({ length: 700 }, (_, i) =>
      cookieFor(forge(issuer, { sid: `long-${i}`, claims: { long } })),
    )
    opened(site, cookies)
    const length = forge(issuer, { sid: 'long-100', claims: { long } }).length
    const most = Math.floor((32 * 1024 * 1024) / (length * 3 + 600))
    expect(most).toBeLessThan(600)
    expect(number(opened(site, cookies.slice(-most + 5)))).toBe(0)
    expect(number(opened(site, cookies.slice(0, 5)))).toBe(5)
  })

  it('and four cookies of one login: nobody flushes the cache alone (rule 3)', () => {
    const site = gate()
    const others = logins(100)
    opened(site, others)
    const mine = Array.from({ length: 2000 }, () => cookieFor(forge(issuer, { sid: 'mine' })))
    opened(site, mine)
    expect(number(opened(site, others))).toBe(0)
    expect(opened(site, [...mine.slice(-4), mine.at(-5)!])).toEqual([false, false, false, false, true])
  })

  it('hold after 100,000 cookies: what is kept stays within 32 MB', async () => {
    const site = gate()
    const fill = async (count: number): Promise<number> => {
      for (let i = 0; i < count; i += 500) {
        opened(site, logins(500, `from-${i}-of-${count}`))
        // Requests of the platform are given up between turns only.
        await setImmediate()
      }
      collect()
      return process.memoryUsage().heapUsed
    }
    const before = await fill(1000)
    expect((await fill(99_000)) - before).toBeLessThan(32 * 1024 * 1024)
  })

  it('are not touched by forged cookies: they never get in (rule 1)', () => {
    const site = gateTo({ issuer }, { refresh: false, session: { cache: { entries: 100 } } })(() => respond('hello'))
    const known = logins(100)
    opened(site, known)
    const [sample] = known
    for (let i = 0; i < 10_000; i++) {
      const tag = i.toString().padStart(22, 'A').replace(/.$/, 'A')
      const { status } = Object(site(get(`${origin}/`, { cookie: sample!.slice(0, -22) + tag }), testContext()))
      if (status !== 401) throw new Error('a forged cookie has passed')
    }
    expect(number(opened(site, known))).toBe(0)
  })

  it.each([
    [{ entries: 0 }, [true, true, true]],
    [{ bytes: 0 }, [true, true, true]],
    [{ entries: 1 }, [false, true, false]],
    [{ entries: 2 }, [false, false, false]],
  ])('are an option: with %j, two, one and one again have to be opened: %j', (cache, wanted) => {
    const site = gateTo({ issuer }, { refresh: false, session: { cache } })(() => respond('hello'))
    const [one, two] = logins(2)
    opened(site, [one!, two!])
    expect(opened(site, [two!, one!, one!])).toEqual(wanted)
  })
})

describe('who goes', () => {
  it('is who came first and was not asked for since (second chance)', () => {
    const site = gate()
    const cookies = logins(5000)
    opened(site, cookies)
    const busy = cookies.slice(0, 100)
    opened(site, busy)
    opened(site, logins(500, 'more'))
    expect(number(opened(site, busy))).toBe(0)
    expect(number(opened(site, cookies.slice(100, 110)))).toBe(10)
  })

  it('is never the one that has just come, even if all others were asked for', () => {
    const site = gate()
    const cookies = logins(5000)
    opened(site, cookies)
    opened(site, cookies)
    const [late] = logins(1, 'late')
    expect(opened(site, [late!, late!])).toEqual([true, false])
  })

  it('is who has expired: on sight', () => {
    const site = gateTo({ issuer }, { session: { rollingDuration: 60 }, refresh: false })(() => respond('hello'))
    const cookie = cookieFor(forge(issuer, { sid: 'short' }))
    const ask = (): unknown => site(get(`${origin}/`, { cookie }), testContext())
    expect(ask()).toMatchObject({ status: 200 })
    const time = clock()
    time.forward(61)
    expect(ask()).toMatchObject({ status: 401 })
    time.restore()
  })
})

describe('the seal', () => {
  it('of the first version opens: nobody is signed out by a new one', async () => {
    const sealed = forge(issuer, { sid: 'old', claims: { email: 'ann@example.com' } })
    const site = gateTo({ issuer })((_request, { auth }) => Response.json(auth))
    const response = await site(get(`${origin}/`, { cookie: cookieFor(sealed) }), testContext())
    expect(await response.json()).toMatchObject({ sub: 'ann', sid: 'old', email: 'ann@example.com' })
  })

  it.each([
    ['of another version', { v: 2 }],
    ['without a session id', { i: undefined }],
    ['without claims', { c: undefined }],
    ['without a user', { c: { email: 'ann@example.com' } }],
    ['of a user that is no text', { c: { sub: 1 } }],
    ['without a beginning', { s: undefined }],
    ['with times that are no numbers', { u: '1' }],
    ['without an access token', { a: undefined }],
    ['that began too long ago', { s: 1, u: 1 }],
  ])('%s is no session, although it opens', (_what, more) => {
    const cookie = cookieFor(forge(issuer, { sid: 'x', more }))
    expect(gate()(get(`${origin}/`, { cookie }), testContext())).toMatchObject({ status: 401 })
  })

  it('cannot bring a prototype along', async () => {
    const sealed = forge(issuer, { sid: 'x', more: { c: JSON.parse('{"sub":"ann","__proto__":{"admin":true}}') } })
    const site = gateTo({ issuer }, { allow: { claims: { admin: true } } })(() => respond('in'))
    const response = await site(get(`${origin}/`, { cookie: cookieFor(sealed) }), testContext())
    expect([response.status, Object(Object.prototype).admin]).toEqual([403, undefined])
  })
})
