import { beforeAll, describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import type { OidcOptions } from '@outerware/oauth2'
import { get, testContext } from '../support/index.ts'
import { browser, clock, gateTo, origin, secret, startProvider, whoAmI, type TestProvider } from './support/index.ts'

let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
})

const hello: App = () => respond('hello')

async function cookieOf(options: Partial<OidcOptions<readonly []>> = {}, user = 'ann'): Promise<string> {
  const ann = browser({ [origin]: gateTo(provider, options)(whoAmI) })
  await ann.signIn(`${origin}/`, user)
  return ann.cookieHeader(origin)
}

/** How many cookies were deciphered while this ran. */
async function opened(run: () => unknown): Promise<number> {
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
    await run()
    return count
  } finally {
    Object.assign(crypto, { createDecipheriv })
  }
}

const ask = (site: App, cookie: string): Response | Promise<Response> =>
  site(get(`${origin}/`, { cookie }), testContext())

/** The cookie with one other character. */
const changedAt = (cookie: string, at: number): string =>
  `${cookie.slice(0, at)}${cookie[at] === 'A' ? 'B' : 'A'}${cookie.slice(at + 1)}`

describe('a cookie that was opened', () => {
  it('is not opened again (rule 1)', async () => {
    const cookie = await cookieOf()
    const site = gateTo(provider)(hello)
    expect(await opened(() => ask(site, cookie))).toBe(1)
    expect(await opened(() => Promise.all(Array.from({ length: 100 }, () => ask(site, cookie))))).toBe(0)
  })

  it('in chunks neither', async () => {
    provider.accounts.set('carl', { groups: Array.from({ length: 200 }, (_, i) => `a-group-of-users-${i}`) })
    const cookie = await cookieOf({}, 'carl')
    expect(cookie).toContain('__Host-oidc.1=')
    const site = gateTo(provider)(hello)
    expect(await opened(() => ask(site, cookie))).toBe(1)
    expect(await opened(() => ask(site, `a=b; ${cookie}`))).toBe(0)
  })

  it('is opened anew by another gate: caches are never shared (rule 10)', async () => {
    const cookie = await cookieOf()
    const [one, two] = [gateTo(provider)(hello), gateTo(provider)(hello)]
    expect(await opened(() => ask(one, cookie))).toBe(1)
    expect(await opened(() => ask(two, cookie))).toBe(1)
  })

  it('is refused by a gate that has its secret no more; a new one needs nothing (rule 7)', async () => {
    const cookie = await cookieOf()
    const added = 'another secret with thirty-two characters'
    const [before, between, after] = [secret, [added, secret], added].map((keys) =>
      gateTo(provider, { secret: keys })(hello),
    )
    for (const site of [before!, between!])
      expect([(await ask(site, cookie)).status, await opened(() => ask(site, cookie))]).toEqual([200, 0])
    expect((await ask(after!, cookie)).status).toBe(401)
  })

  it('is opened anew after logout, and known as ended (rules 5 and 6)', async () => {
    const site = gateTo(provider)(hello)
    const ann = browser({ [origin]: site })
    await ann.signIn(`${origin}/`)
    const cookie = ann.cookieHeader(origin)
    await ann.open(`${origin}/auth/logout`, { stopAt: () => true })
    let status = 0
    expect(await opened(async () => (status = (await ask(site, cookie)).status))).toBe(1)
    expect(status).toBe(401)
  })
})

describe('a cookie that opens nothing', () => {
  it('is never kept: it is refused as often as it comes (rule 1)', async () => {
    const cookie = await cookieOf()
    const site = gateTo(provider)(hello)
    const forged = changedAt(cookie, 200)
    for (let i = 0; i < 3; i++) {
      expect(await opened(async () => expect((await ask(site, forged)).status).toBe(401))).toBe(1)
    }
  })

  it('with the tag of one that is known is refused (rule 2)', async () => {
    const cookie = await cookieOf()
    const site = gateTo(provider)(hello)
    await ask(site, cookie)
    const tag = cookie.slice(-22)
    expect((await ask(site, `__Host-oidc=${tag}`)).status).toBe(401)
    expect((await ask(site, changedAt(cookie, 100))).status).toBe(401)
  })

  it('spelt another way is refused before it is opened (rule 3)', async () => {
    const cookie = await cookieOf()
    const site = gateTo(provider)(hello)
    const [header = '', , iv = '', text = '', tag = ''] = cookie.replace('__Host-oidc=', '').split('.')
    const spelt = (...parts: string[]): string => `__Host-oidc=${parts.join('.')}`
    const stray =
      tag.slice(0, -1) +
      'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'['AQgw'.indexOf(tag.at(-1)!) * 16 + 1]!
    expect(Buffer.from(stray, 'base64url')).toEqual(Buffer.from(tag, 'base64url'))
    const spellings = [
      spelt(header, '', iv, text, stray),
      spelt(header, '', iv, text, `${tag}=`),
      spelt(header, '', iv, text, `${tag}==`),
      spelt(header, '', iv, `${text.slice(0, 9)} ${text.slice(9)}`, tag),
      spelt(header, '', iv, `${text.slice(0, 9)}!${text.slice(9)}`, tag),
      spelt(
        header,
        '',
        iv,
        text
          .replaceAll('-', '+')
          .replaceAll('_', '/')
          .padEnd(text.length + 1, '+'),
        tag,
      ),
      spelt(header, '', `${iv} `, text, tag),
      spelt(header, 'AA', iv, text, tag),
      spelt(`${header}=`, '', iv, text, tag),
      spelt(header, '', iv, text, tag, ''),
    ]
    const count = await opened(async () => {
      for (const spelling of spellings) expect((await ask(site, spelling)).status).toBe(401)
    })
    expect(count).toBe(0)
    expect((await ask(site, cookie)).status).toBe(200)
  })
})

it('what may change with time is checked at a hit too (rule 1): the end, the token, prolonging', async () => {
  const options = { session: { rollingDuration: 1000, absoluteDuration: 1000 } }
  const cookie = await cookieOf(options)
  const site = gateTo(provider, options)(hello)
  await ask(site, cookie)
  const time = clock()
  time.forward(560)
  const count = provider.count('/token')
  expect((await ask(site, cookie)).status).toBe(200)
  expect(provider.count('/token') - count).toBe(1)
  time.forward(441)
  expect((await ask(site, cookie)).status).toBe(401)
  time.restore()
})

it('whether a path is public, or a request may pass, is asked every time', async () => {
  const cookie = await cookieOf()
  let isOpen = true
  const site = gateTo(provider, { allow: { check: () => isOpen } })(hello)
  expect((await ask(site, cookie)).status).toBe(200)
  isOpen = false
  expect((await ask(site, cookie)).status).toBe(403)
})

it('logins and the way back from logout are never kept: each is opened when it comes (rule 10)', async () => {
  const site = gateTo(provider)(hello)
  const ann = browser({ [origin]: site })
  for (let i = 0; i < 2; i++) {
    const back = await ann.signIn(`${origin}/auth/login`, 'ann', {
      stopAt: (url) => url.startsWith(`${origin}/auth/callback`),
    })
    expect(await opened(() => ann.fetch(back.url))).toBe(1)
  }
})
