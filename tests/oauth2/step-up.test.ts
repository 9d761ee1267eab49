import { beforeEach, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import type { OidcOptions, OAuthError } from '@outerware/oauth2'
import { get, testContext } from '../support/index.ts'
import {
  browser,
  clock,
  cookieFor,
  forge,
  gateTo,
  origin,
  startFakeProvider,
  startProvider,
  whoAmI,
  type FakeProvider,
  type Page,
} from './support/index.ts'

const now = (): number => Math.floor(Date.now() / 1000)
const stepUp = [
  { path: '/admin/*', acr: ['urn:mfa', 'urn:key'] },
  { path: '/pay', method: 'POST', maxAge: 300 },
  { path: '/vault', acr: 'urn:mfa', maxAge: 60 },
] as const

let fake: FakeProvider
let refused: (OAuthError | undefined)[]
beforeEach(async () => {
  fake = await startFakeProvider()
  refused = []
})

const gate = (options: Partial<OidcOptions<readonly []>> = {}): App =>
  gateTo(fake, { stepUp, scope: 'openid', on: { refused: ({ error }) => void refused.push(error) }, ...options })(
    whoAmI,
  )

const cookieWith = (claims: Record<string, unknown> = {}): string =>
  cookieFor(forge(fake.issuer, { sid: 'one', claims }))

/** Asks with a session that has these claims. */
async function ask(
  path: string,
  claims: Record<string, unknown>,
  more: { method?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const { method = 'GET', headers = {} } = more
  const request = new Request(origin + path, { method, headers: { cookie: cookieWith(claims), ...headers } })
  return gate()(request, testContext())
}

const page = { 'sec-fetch-mode': 'navigate', accept: 'text/html' }

describe('a session that is not enough (RFC 9470)', () => {
  it('sends a browser to sign in as the path asks, and other paths ask nothing', async () => {
    expect((await ask('/', {}, { headers: page })).status).toBe(200)
    const response = await ask('/admin/users?x=1', {}, { headers: page })
    const { searchParams } = new URL(response.headers.get('location')!)
    expect([response.status, searchParams.get('acr_values'), searchParams.get('max_age')]).toEqual([
      303,
      'urn:mfa urn:key',
      null,
    ])
  })

  it('asks for the shorter time, where every login is asked for one', async () => {
    const asked = async (always: string): Promise<string | null> => {
      const site = gate({ authorizationParams: { max_age: always } })
      const response = await site(get(`${origin}/vault`, { ...page, cookie: cookieWith() }), testContext())
      return new URL(response.headers.get('location')!).searchParams.get('max_age')
    }
    expect([await asked('30'), await asked('3600')]).toEqual(['30', '60'])
  })

  it('gives a script 401 with a login address that asks for it', async () => {
    const response = await ask('/vault', { acr: 'urn:mfa', auth_time: now() - 600 })
    expect(response.status).toBe(401)
    const { login }: { login?: string } = Object(await response.json())
    expect(login).toBe(`${origin}/auth/login?acr_values=urn%3Amfa&max_age=60`)
    const begun = await gate()(get(login!, page), testContext())
    const { searchParams } = new URL(begun.headers.get('location')!)
    expect([searchParams.get('acr_values'), searchParams.get('max_age')]).toEqual(['urn:mfa', '60'])
  })

  it('cannot make the login route ask for anything else', async () => {
    const login = `${origin}/auth/login?acr_values=urn%3Anothing&max_age=1`
    const { searchParams } = new URL((await gate()(get(login, page), testContext())).headers.get('location')!)
    expect([searchParams.get('acr_values'), searchParams.get('max_age')]).toEqual([null, null])
  })

  it.each<[string, Record<string, unknown>, number]>([
    ['/admin/x', { acr: 'urn:mfa' }, 200],
    ['/admin/x', { acr: 'urn:key' }, 200],
    ['/admin/x', { acr: 'urn:pwd' }, 401],
    ['/admin/x', { acr: ['urn:mfa'] }, 401],
    ['/admin/x', {}, 401],
    ['/adminx', {}, 200],
    ['/%61dmin/x', {}, 401],
    // What routers take for the same: Express does, but for the second slash.
    ['/admin', {}, 401],
    ['/ADMIN/x', {}, 401],
    ['/admin//x', {}, 401],
    ['//admin/x', {}, 401],
    ['/Vault/', {}, 401],
    ['/vault;a=1', {}, 401],
    ['/admin;a=1/x', {}, 401],
    ['/vault/x', {}, 200],
    ['/vault', { acr: 'urn:mfa', auth_time: now() }, 200],
    ['/vault', { acr: 'urn:mfa' }, 401],
    ['/vault', { auth_time: now() }, 401],
    ['/vault', { acr: 'urn:mfa', auth_time: now() + 3600 }, 401],
    ['/pay', {}, 200],
  ])('%s with %j: %d', async (path, claims, status) => {
    expect((await ask(path, claims)).status).toBe(status)
  })

  it('is asked by the method of the rule', async () => {
    expect((await ask('/pay', {}, { method: 'POST' })).status).toBe(401)
    expect((await ask('/pay', { auth_time: now() - 200 }, { method: 'POST' })).status).toBe(200)
  })

  it('is asked of a path that could be any, by every rule', async () => {
    expect((await ask('/a%2fb', { acr: 'urn:mfa' })).status).toBe(401)
    expect((await ask('/a%2fb', { acr: 'urn:mfa', auth_time: now() })).status).toBe(200)
  })

  it('is asked again when the time has passed, on the quick way too', async () => {
    const site = gate()
    const cookie = cookieWith({ acr: 'urn:mfa', auth_time: now() })
    const status = async (): Promise<number> => (await site(get(`${origin}/vault`, { cookie }), testContext())).status
    expect([await status(), await status()]).toEqual([200, 200])
    const time = clock()
    time.forward(100)
    expect(await status()).toBe(401)
    time.restore()
  })
})

describe('the login that was asked for', () => {
  /** Goes to a page and through login, with an ID token that has these claims. */
  async function loginFor(path: string, claims: Record<string, unknown>): Promise<Page> {
    const ann = browser({ [origin]: gate() })
    const { url } = await ann.open(origin + path, { stopAt: (next) => next.startsWith(fake.issuer) })
    const { state, nonce } = Object.fromEntries(new URL(url).searchParams)
    fake.token = async () => ({
      body: { access_token: 'access', token_type: 'Bearer', id_token: await fake.idToken({ nonce, ...claims }) },
    })
    // A login that is never enough must not send the browser back and forth.
    return ann.open(`${origin}/auth/callback?${new URLSearchParams({ code: 'code', state: state! })}`)
  }
  it('leads to the page', async () => {
    const { status, text } = await loginFor('/vault', { acr: 'urn:mfa', auth_time: now() })
    expect([status, JSON.parse(text)]).toEqual([200, expect.objectContaining({ path: '/vault' })])
  })

  it.each<[string, Record<string, unknown>, number, string]>([
    ['of another kind', { acr: 'urn:pwd', auth_time: now() }, 403, 'ERR_STEP_UP'],
    ['of no kind', { auth_time: now() }, 403, 'ERR_STEP_UP'],
    ['at a time to come', { acr: 'urn:mfa', auth_time: Date.now() }, 403, 'ERR_STEP_UP'],
    ['too long ago', { acr: 'urn:mfa', auth_time: now() - 600 }, 400, 'ERR_ID_TOKEN'],
    ['at no time', { acr: 'urn:mfa' }, 400, 'ERR_ID_TOKEN'],
  ])('and was %s is refused once, with no loop', async (_what, claims, status, code) => {
    const answer = await loginFor('/vault', claims)
    expect([answer.status, refused.map((error) => error?.code)]).toEqual([status, [code]])
    expect(answer.chain).toHaveLength(1)
  })
})

it('of a real provider: max_age has the user authenticate again, and auth_time lets them pass', async () => {
  const provider = await startProvider()
  const site = gateTo(provider, { stepUp: [{ path: '/pay', maxAge: 100 }] })(whoAmI)
  const ann = browser({ [origin]: site })
  await ann.signIn(`${origin}/`)
  // Of that login nobody has said when it was.
  expect((await ann.signIn(`${origin}/pay`)).status).toBe(200)
  const time = clock()
  time.forward(200)
  const asked = await ann.open(`${origin}/pay`)
  expect(asked.text).toContain('name="login"')
  const back = await ann.signIn(asked.url)
  time.restore()
  expect([back.url, back.status]).toEqual([`${origin}/pay`, 200])
})

describe('a token that is not enough', () => {
  const withToken = async (claims: Record<string, unknown>): Promise<Response> => {
    const authorization = `Bearer ${await fake.accessToken(claims)}`
    return gate({ bearer: { audience: origin } })(get(`${origin}/vault`, { authorization }), testContext())
  }

  it('gets 401 with insufficient_user_authentication, and what is wanted (RFC 9470, section 3)', async () => {
    for (const claims of [{}, { acr: 'urn:pwd', auth_time: now() }, { acr: 'urn:mfa', auth_time: now() - 600 }]) {
      const response = await withToken(claims)
      expect([response.status, response.headers.get('location')]).toEqual([401, null])
      expect(response.headers.get('www-authenticate')).toBe(
        'Bearer error="insufficient_user_authentication", ' +
          'error_description="A different authentication is needed here", acr_values="urn:mfa", max_age="60", ' +
          `resource_metadata="${origin}/.well-known/oauth-protected-resource"`,
      )
    }
  })

  it('and one that is enough passes', async () => {
    expect((await withToken({ acr: 'urn:mfa', auth_time: now() })).status).toBe(200)
  })
})
