import { beforeAll, expect, it } from '@jest/globals'
import {
  browser,
  gateTo,
  origin,
  startFakeProvider,
  startProvider,
  whoAmI,
  type FakeProvider,
  type TestProvider,
} from './support/index.ts'

let provider: TestProvider
let fake: FakeProvider
beforeAll(async () => {
  provider = await startProvider()
  fake = await startFakeProvider()
  fake.metadata['userinfo_endpoint'] = `${fake.issuer}/userinfo`
})

it('is asked for what the scope promises and the ID token lacks', async () => {
  const before = provider.count('/me')
  const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
  const { text } = await ann.signIn(`${origin}/`)
  expect(JSON.parse(text).claims).toMatchObject({ email: 'ann@example.com', name: 'User ann' })
  expect(provider.count('/me') - before).toBe(1)
})

it('is not asked when the ID token says it all', async () => {
  const before = provider.count('/me')
  const ann = browser({ [origin]: gateTo(provider, { scope: 'openid' })(whoAmI) })
  await ann.signIn(`${origin}/`)
  expect(provider.count('/me') - before).toBe(0)
})

/** A login at the provider that lies. */
async function login(userInfo: FakeProvider['userInfo'], claims: Record<string, unknown> = {}) {
  const ann = browser({ [origin]: gateTo(fake, { on: { error: () => {} } })(whoAmI) })
  const { url } = await ann.open(`${origin}/`, { stopAt: (next) => next.startsWith(fake.issuer) })
  const { state, nonce } = Object.fromEntries(new URL(url).searchParams)
  const body = { access_token: 'access', token_type: 'Bearer', id_token: await fake.idToken({ nonce, ...claims }) }
  fake.token = async () => ({ body })
  fake.userInfo = userInfo
  return ann.open(`${origin}/auth/callback?${new URLSearchParams({ code: 'code', state: state! })}`)
}

it.each([
  ['of another user', { sub: 'mallory', email: 'ann@example.com' }],
  ['without a user', { email: 'ann@example.com' }],
  ['that is no object', ['ann']],
])('%s signs nobody in (R16)', async (_what, body) => {
  expect((await login(() => ({ body }))).status).toBe(400)
})

it('that fails signs nobody in: half a user is none', async () => {
  expect((await login(() => ({ status: 503, body: {} }))).status).toBe(502)
})

it('does not overrule the ID token, which is signed', async () => {
  const { text } = await login(() => ({ body: { sub: 'ann', email: 'other@example.com', name: 'Ann' } }), {
    email: 'ann@example.com',
  })
  expect(JSON.parse(text).claims).toMatchObject({ email: 'ann@example.com', name: 'Ann', iss: fake.issuer })
})
