import { beforeAll, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import { memoryStore, type OidcOptions, type SessionStore } from '@outerware/oauth2'
import { get, testContext } from '../support/index.ts'
import {
  browser,
  callBack,
  clock,
  gateTo,
  isSignedIn,
  logoutToken,
  origin,
  signInAs,
  startFakeProvider,
  whoAmI,
  type FakeProvider,
} from './support/index.ts'

// A cache changes what a request costs, and nothing else (rule 11): the same questions to gates that keep nothing, one
// session, and the usual number, each asked twice, so that the second finds what there is to find.
let fake: FakeProvider
beforeAll(async () => {
  fake = await startFakeProvider()
})

type Options = Partial<OidcOptions<readonly []>>
const sizes = [{ entries: 0 }, { entries: 1 }, {}]

/** Gates that differ in the size of their cache alone. */
function gates(options: Options): App[] {
  return sizes.map((cache) =>
    gateTo(fake, { scope: 'openid', ...options, session: { ...options.session, cache } })(whoAmI),
  )
}

/** What a client sees of an answer. */
async function seen(site: App, cookie: string, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await site(get(`${origin}/page?a=1`, { cookie, ...headers }), testContext())
  const fields = [...response.headers].filter(([name]) => name !== 'set-cookie' && name !== 'location')
  // The values are sealed anew each time.
  const cookies = response.headers
    .getSetCookie()
    .map((line) => line.replace(/=[^;]*/, '').replace(/login\.[\w-]+/, 'login'))
  return { status: response.status, fields, cookies, body: await response.text() }
}

/** A fetch, and a page. */
const kinds: Record<string, string>[] = [{}, { accept: 'text/html', 'sec-fetch-mode': 'navigate' }]

const value = (cookie: string): string => cookie.slice(cookie.indexOf('=') + 1)

/** Cookie headers of all kinds, made of two sessions. */
const headersOf: [string, (mine: string, theirs: string) => string][] = [
  ['one session', (mine) => mine],
  ['beside others', (mine) => `a=b; ${mine}; c=d`],
  ['two sessions', (mine, theirs) => `${mine}; ${theirs}`],
  ['two sessions, the other way round', (mine, theirs) => `${theirs}; ${mine}`],
  ['two Cookie fields, as Node joins them', (mine, theirs) => [mine, theirs].join('; ')],
  ['one that opens nothing before one that does', (mine) => `__Host-oidc=x; ${mine}`],
  ['one that opens nothing behind one that does', (mine) => `${mine}; __Host-oidc=x`],
  ['an empty one before one that does', (mine) => `__Host-oidc=; ${mine}`],
  ['a chunk that opens beside the whole', (mine, theirs) => `__Host-oidc.0=${value(theirs)}; ${mine}`],
  ['one chunk', (mine) => `__Host-oidc.0=${value(mine)}`],
  ['two chunks', (mine) => `__Host-oidc.0=${value(mine).slice(0, 40)}; __Host-oidc.1=${value(mine).slice(40)}`],
  [
    'chunks in another order',
    (mine) => `__Host-oidc.1=${value(mine).slice(40)}; __Host-oidc.0=${value(mine).slice(0, 40)}`,
  ],
  ['a stale chunk behind', (mine, theirs) => `__Host-oidc.0=${value(mine)}; __Host-oidc.1=${value(theirs)}`],
  ['the end of one on the beginning of another', (mine, theirs) => mine.slice(0, 60) + theirs.slice(60)],
  ['the tag alone', (mine) => `__Host-oidc=${mine.slice(-22)}`],
  ['one character more', (mine) => `${mine}A`],
  ['one character less', (mine) => mine.slice(0, -1)],
  ['quoted', (mine) => `__Host-oidc="${value(mine)}"`],
  ['white space around', (mine) => `  ${mine.replace('=', ' = ')}  `],
  ['nothing', () => ''],
  ['garbage', () => '__Host-oidc=....'],
]

describe.each<[string, () => SessionStore | undefined]>([
  ['in cookies', () => undefined],
  ['in a store', () => memoryStore()],
])('the answer is the same, known or not (rule 11), with sessions %s', (_where, makeStore) => {
  let sites: App[]
  let [mine, theirs] = ['', '']
  beforeAll(async () => {
    const store = makeStore()
    sites = gates({ backchannelLogout: true, session: store === undefined ? {} : { store } })
    const users = [await signInAs(fake, sites[2]!, { sub: 'ann' }), await signInAs(fake, sites[2]!, { sub: 'bob' })]
    ;[mine = '', theirs = ''] = users.map((user) => user.cookieHeader(origin))
  })

  it.each(headersOf)('%s', async (_what, header) => {
    const cookie = header(mine, theirs)
    const answers = new Set<string>()
    for (const site of sites) {
      for (const kind of kinds) {
        // Known already, perhaps; then surely.
        const [first, second] = [await seen(site, cookie, kind), await seen(site, cookie, kind)]
        expect(second).toEqual(first)
        answers.add(JSON.stringify([kind, first]))
      }
    }
    expect(answers.size).toBe(2)
  })

  it('over time: prolonged, and over', async () => {
    const time = clock()
    for (const [seconds, status] of [
      [0, 200],
      [5000, 200],
      [86_401, 401],
    ]) {
      time.forward(seconds!)
      for (const site of sites) expect(await seen(site, mine)).toMatchObject({ status })
    }
    time.restore()
  })

  it('after signing out, and after the provider has ended it', async () => {
    for (const site of sites) {
      const ann = await signInAs(fake, site, { sub: 'ann' })
      const copy = browser({ [origin]: site })
      copy.jar.set(origin, new Map(ann.jar.get(origin)))
      expect([await isSignedIn(ann), await isSignedIn(copy)]).toEqual([true, true])
      await ann.fetch(`${origin}/auth/logout`)
      expect(await isSignedIn(copy)).toBe(false)
      const bob = await signInAs(fake, site, { sub: 'bob' })
      expect([await isSignedIn(bob), await isSignedIn(bob)]).toEqual([true, true])
      await callBack(site, await logoutToken(fake, { claims: { sub: 'bob' } }))
      expect(await isSignedIn(bob)).toBe(false)
    }
  })
})
