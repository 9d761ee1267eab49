import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import type { OAuthError, OidcOptions } from '@outerware/oauth2'
import { get, listen, testContext, until } from '../support/index.ts'
import {
  browser,
  clock,
  gateTo,
  origin,
  startFakeProvider,
  whoAmI,
  type Clock,
  type FakeProvider,
} from './support/index.ts'

let fake: FakeProvider
let time: Clock
let errors: OAuthError[]
beforeEach(async () => {
  fake = await startFakeProvider()
  time = clock()
  errors = []
})
afterEach(() => time.restore())

const on = { error: (error: OAuthError) => void errors.push(error) }
const discovery = '/.well-known/openid-configuration'
const gate = (options: Partial<OidcOptions<readonly ['/public']>> = {}): App =>
  gateTo(fake, { publicPaths: ['/public'], on, ...options })(whoAmI)
const navigate = (site: App, path = '/'): Promise<Response> | Response =>
  site(get(origin + path, { accept: 'text/html' }), testContext())

describe('discovery', () => {
  it('is not done before it is needed', async () => {
    const site = gate()
    await site(get(`${origin}/public`), testContext())
    await site(get(`${origin}/`), testContext())
    expect(fake.count(discovery)).toBe(0)
  })

  it('is done once, by requests side by side too', async () => {
    const site = gate()
    const answers = await Promise.all(Array.from({ length: 5 }, () => navigate(site)))
    for (let i = 0; i < 5; i++) answers.push(await navigate(site))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 303))
    expect(fake.count(discovery)).toBe(1)
  })

  it('is done again after an hour, and nobody waits for it', async () => {
    const site = gate()
    await navigate(site)
    time.forward(3601)
    fake.metadata = { ...fake.metadata, authorization_endpoint: `${fake.issuer}/new` }
    expect((await navigate(site)).headers.get('location')).toContain('/authorize?')
    await until(async () => (await navigate(site)).headers.get('location')?.includes('/new?'))
    expect(fake.count(discovery)).toBe(2)
  })

  it('that fails later changes nothing', async () => {
    time.stop()
    const site = gate()
    await navigate(site)
    time.forward(3601)
    fake.metadata = { issuer: 'https://evil.test' }
    expect((await navigate(site)).status).toBe(303)
    await until(() => errors.length > 0)
    for (let i = 0; i < 2; i++) expect((await navigate(site)).status).toBe(303)
    expect(errors).toMatchObject([{ code: 'ERR_PROVIDER_METADATA' }])
  })
})

describe('a provider that is down', () => {
  const down = async (): Promise<App> => {
    const gone = await listen(() => {})
    await gone.close()
    return gateTo({ issuer: gone.url }, { publicPaths: ['/public'], on })(whoAmI)
  }

  it('from the start: 502 with a page for what needs it (R13)', async () => {
    const site = await down()
    for (const path of ['/', '/auth/login']) {
      const response = await navigate(site, path)
      expect(response.status).toBe(502)
      expect(response.headers.get('content-type')).toContain('text/html')
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(await (await navigate(site, '/page?x=1')).text()).toContain(
      `href="${origin}/auth/login?returnTo=%2Fpage%3Fx%3D1"`,
    )
    expect(errors[0]).toMatchObject({
      code: 'ERR_PROVIDER_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('is not needed for public paths, for 401, nor by those who are signed in', async () => {
    const site = await down()
    expect((await navigate(site, '/public')).status).toBe(200)
    expect((await site(get(`${origin}/`), testContext())).status).toBe(401)
    expect(errors).toEqual([])
  })

  it('is asked again after a while that grows: half a second, one, two, up to half a minute', async () => {
    const { metadata } = fake
    fake.metadata = {}
    time.stop()
    const site = gate()
    const asked: number[] = []
    for (let at = 0; at < 130; at += 0.25) {
      const before = fake.count(discovery)
      await navigate(site)
      if (fake.count(discovery) > before) asked.push(at)
      time.forward(0.25)
    }
    const gaps = asked.slice(1).map((at, i) => at - asked[i]!)
    for (const [i, wanted] of [0.5, 1, 2, 4, 8, 16, 30, 30].entries()) expect(gaps[i]).toBeCloseTo(wanted, 0)
    fake.metadata = metadata
    time.forward(31)
    expect((await navigate(site)).status).toBe(303)
  })

  it('is asked again at once when the clock has been set back: nobody waits for a time that is far away', async () => {
    const site = gate()
    time.forward(3600)
    fake.down = true
    expect((await navigate(site)).status).toBe(502)
    fake.down = false
    time.forward(-3600)
    expect((await navigate(site)).status).toBe(303)
  })

  it('does not leave a request waiting for longer than timeout', async () => {
    const { createServer } = await import('node:http')
    const silent = createServer(() => {})
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const { port } = Object(silent.address())
    const site = gateTo({ issuer: `http://127.0.0.1:${port}` }, { timeout: 0.05, on })(whoAmI)
    expect((await navigate(site)).status).toBe(502)
    expect(errors).toMatchObject([
      { code: 'ERR_PROVIDER_UNREACHABLE', message: 'the discovery endpoint gives no answer in time' },
    ])
    silent.closeAllConnections()
    silent.close()
  })
})

describe('metadata that cannot be used: 502, and on.error says why', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['another issuer', { issuer: 'https://evil.test' }, 'issuer'],
    ['no issuer', { issuer: undefined }, 'issuer'],
    ['no PKCE with S256 (R2)', { code_challenge_methods_supported: ['plain'] }, 'it does not offer PKCE with S256'],
    ['no token endpoint', { token_endpoint: undefined }, 'it has no token_endpoint'],
    ['no authorization endpoint', { authorization_endpoint: undefined }, 'it has no authorization_endpoint'],
    ['no keys', { jwks_uri: undefined }, 'it has no jwks_uri'],
    [
      'a token endpoint over http elsewhere (R17)',
      { token_endpoint: 'http://op.test/token' },
      'its token_endpoint is not https',
    ],
    [
      'a login page over http elsewhere (R17)',
      { authorization_endpoint: 'http://op.test/' },
      'its authorization_endpoint is not https',
    ],
    [
      'a login page that is script',
      { authorization_endpoint: 'javascript:alert(1)' },
      'its authorization_endpoint is not https',
    ],
    ['an endpoint that is no URL', { end_session_endpoint: 'nowhere' }, 'its end_session_endpoint is no URL'],
    [
      'shared secrets for signatures only',
      { id_token_signing_alg_values_supported: ['none', 'HS256'] },
      'it does not sign ID tokens with a key pair',
    ],
    ['no way to show a secret', { token_endpoint_auth_methods_supported: ['private_key_jwt'] }, 'set clientAuth'],
  ])('%s', async (_what, changes, why) => {
    fake.metadata = { ...fake.metadata, ...changes }
    const response = await navigate(gate())
    expect(response.status).toBe(502)
    expect(errors).toMatchObject([{ code: 'ERR_PROVIDER_METADATA', message: expect.stringContaining(why) }])
    expect(await response.text()).not.toContain(why)
  })
})

it('without on.error, trouble is written to the console, once for each attempt', async () => {
  const { error } = console
  const lines: unknown[] = []
  console.error = (first: unknown) => void lines.push(first)
  fake.metadata = {}
  const site = gateTo(fake)(whoAmI)
  await navigate(site)
  await navigate(site)
  console.error = error
  expect(lines).toMatchObject([{ name: 'OAuthError', code: 'ERR_PROVIDER_METADATA' }])
})

it('signs in again once the provider is back', async () => {
  const { metadata } = fake
  fake.metadata = {}
  const ann = browser({ [origin]: gate() })
  expect((await ann.open(`${origin}/`)).status).toBe(502)
  fake.metadata = metadata
  time.forward(1)
  expect((await ann.fetch(`${origin}/`)).status).toBe(303)
})
