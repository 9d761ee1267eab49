import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Claims, OAuthError, OidcOptions } from '@outerware/oauth2'
import { get, testContext } from '../support/index.ts'
import {
  browser,
  clock,
  gateTo,
  origin,
  startFakeProvider,
  startProvider,
  whoAmI,
  type Browser,
  type Clock,
  type TestProvider,
} from './support/index.ts'

let time: Clock
beforeEach(() => void (time = clock()))
afterEach(() => time.restore())

const inIdToken = { openid: ['sub', 'groups', 'department'], email: ['email'], profile: ['name'] }

async function signedIn(provider: TestProvider, options: Partial<OidcOptions<readonly []>> = {}): Promise<Browser> {
  const ann = browser({ [origin]: gateTo(provider, options)(whoAmI) })
  expect((await ann.signIn(`${origin}/`)).status).toBe(200)
  return ann
}

/** What the app is told once the tokens have been refreshed. */
async function claimsOf(ann: Browser): Promise<Claims> {
  time.forward(560)
  const { text } = await ann.open(`${origin}/`)
  return JSON.parse(text).claims
}

describe('authority that the provider has taken away', () => {
  it.each([
    ['the ID token', { claims: inIdToken }],
    ['UserInfo', {}],
  ])('does not outlive a refresh, though %s just leaves the claim out', async (_where, configuration) => {
    const provider = await startProvider(configuration)
    provider.accounts.set('ann', { groups: ['staff'] })
    const ann = await signedIn(provider, { allow: { groups: ['staff'] } })
    provider.accounts.set('ann', { groups: undefined })
    time.forward(560)
    expect((await ann.open(`${origin}/`)).status).toBe(403)
  })

  it('is gone on public pages too, for who comes with the old cookie', async () => {
    const provider = await startProvider({ claims: inIdToken })
    provider.accounts.set('ann', { groups: ['staff'] })
    const site = gateTo(provider, { allow: { groups: ['staff'] }, publicPaths: ['/public'] })(whoAmI)
    const ann = browser({ [origin]: site })
    await ann.signIn(`${origin}/`)
    provider.accounts.set('ann', { groups: undefined })
    time.forward(560)
    const cookie = ann.cookieHeader(origin)
    const ask = async (path: string): Promise<Response> => site(get(origin + path, { cookie }), testContext())
    expect(await (await ask('/public')).json()).toMatchObject({ sub: 'ann' })
    expect((await ask('/')).status).toBe(403)
    expect(await (await ask('/public')).json()).not.toHaveProperty('sub')
  })

  it('is taken from what the app sees as well, where no option names it', async () => {
    const provider = await startProvider({ claims: inIdToken })
    provider.accounts.set('ann', { groups: ['staff'], department: 'sales' })
    const ann = await signedIn(provider)
    provider.accounts.set('ann', { groups: undefined, department: 'sales' })
    const { groups, department, email, name } = await claimsOf(ann)
    expect([groups, department, email, name]).toEqual([undefined, 'sales', 'ann@example.com', 'User ann'])
  })
})

it('UserInfo in trouble signs nobody out, and takes nothing away; the tokens are the new ones', async () => {
  const provider = await startProvider()
  provider.accounts.set('ann', { groups: ['staff'] })
  const errors: OAuthError[] = []
  const ann = await signedIn(provider, { on: { error: (error) => void errors.push(error) } })
  provider.interfere = (req, res) => {
    if (req.url !== '/me') return false
    res.writeHead(503).end()
    return true
  }
  expect(await claimsOf(ann)).toMatchObject({ groups: ['staff'], email: 'ann@example.com' })
  expect(errors).toMatchObject([{ code: 'ERR_PROVIDER_FAILED' }])
  provider.interfere = undefined
  provider.accounts.set('ann', { groups: [] })
  expect(await claimsOf(ann)).toMatchObject({ groups: [] })
})

it('what ends a session stays, whatever a refresh leaves out: sid and session_expiry', async () => {
  const fake = await startFakeProvider()
  const ann = browser({ [origin]: gateTo(fake, { scope: 'openid' })(whoAmI) })
  const { url } = await ann.open(`${origin}/`, { stopAt: (next) => next.startsWith(fake.issuer) })
  const { state, nonce } = Object.fromEntries(new URL(url).searchParams)
  const ends = { sid: 'at the provider', session_expiry: Math.floor(Date.now() / 1000) + 86_400 }
  const answer = { access_token: 'a', token_type: 'Bearer', expires_in: 600, refresh_token: 'r' }
  fake.token = async () => ({ body: { ...answer, id_token: await fake.idToken({ nonce, ...ends }) } })
  await ann.open(`${origin}/auth/callback?code=c&state=${state}`)
  fake.token = async () => ({ body: { ...answer, access_token: 'b', id_token: await fake.idToken() } })
  expect(await claimsOf(ann)).toMatchObject(ends)
  expect(fake.count('/token')).toBe(2)
})
