import type { IncomingMessage, ServerResponse } from 'node:http'
import { beforeEach, describe, expect, it } from '@jest/globals'
import { github, oauth2, type OAuth2Options, type OAuthError } from '@outerware/oauth2'
import { listen, type Listening } from '../support/index.ts'
import { browser, clock, origin, secret, whoAmI, type Browser, type Page } from './support/index.ts'
import { stopLater } from './support/stop.ts'

/** What the stand-in for GitHub answers at a path, and what it was asked: as its documentation has it. */
interface GitHub extends Listening {
  readonly answers: Record<string, { status?: number; body: unknown }>
  readonly asked: { path: string; authorization: string | undefined; agent: string | undefined; body: string }[]
}

let hub: GitHub
let errors: OAuthError[]
let refused: (OAuthError | undefined)[]
beforeEach(async () => {
  const asked: GitHub['asked'] = []
  const answers: GitHub['answers'] = {
    '/login/oauth/access_token': {
      body: { access_token: 'gho_1', token_type: 'bearer', scope: 'read:user,user:email' },
    },
    '/api/v3/user': { body: { id: 583_231, login: 'ann', name: null, email: null, avatar_url: 'https://a.test/1' } },
    '/api/v3/user/emails': {
      body: [
        { email: 'other@example.com', primary: false, verified: true },
        { email: 'ann@example.com', primary: true, verified: true },
      ],
    },
    '/api/v3/user/orgs': { body: [{ login: 'acme' }, { login: 'umbrella' }] },
    '/api/v3/user/teams': { body: [{ slug: 'web', organization: { login: 'acme' } }] },
  }
  const listening = await listen((req, res) => void answer(req, res))
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const path = (req.url ?? '').split('?', 1)[0]!
    let body = ''
    for await (const chunk of req) body += String(chunk)
    const { authorization, 'user-agent': agent } = req.headers
    asked.push({ path, authorization, agent, body })
    const { status = 200, body: said } = answers[path] ?? { status: 404, body: {} }
    res.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(said))
  }
  stopLater(() => listening.close())
  hub = Object.assign(listening, { answers, asked })
  errors = []
  refused = []
})

function ann(options: Partial<OAuth2Options<readonly []>> = {}): Browser {
  const on = {
    error: (error: OAuthError) => void errors.push(error),
    refused: (event: { error: OAuthError | undefined }) => void refused.push(event.error),
  }
  const needed = {
    clientId: 'Iv1.site',
    clientSecret: 'x-y_z',
    baseURL: origin,
    secret,
    allowInsecureRequests: true,
    on,
  }
  return browser({ [origin]: oauth2({ provider: github({ url: hub.url }), ...needed, ...options })(whoAmI) })
}

/** Goes to a page, is sent to GitHub, and comes back with a code. */
async function login(who: Browser): Promise<{ asked: URLSearchParams; page: Page }> {
  const { url } = await who.open(`${origin}/page`, { stopAt: (next) => next.startsWith(hub.url) })
  const asked = new URL(url).searchParams
  const back = new URLSearchParams({ code: 'abc', state: asked.get('state')! })
  return { asked, page: await who.open(`${origin}/auth/callback?${back}`) }
}

describe('a login at GitHub', () => {
  it('asks with PKCE and state, and without a nonce, which has no ID token to be in (R2, R3, R4)', async () => {
    const { asked } = await login(ann())
    expect(Object.fromEntries(asked)).toEqual({
      client_id: 'Iv1.site',
      redirect_uri: `${origin}/auth/callback`,
      response_type: 'code',
      scope: 'read:user user:email',
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  it('says who it is: the number of the account, and the primary address, verified', async () => {
    const { page } = await login(ann())
    expect(page.status).toBe(200)
    expect(JSON.parse(page.text)).toMatchObject({
      sub: '583231',
      email: 'ann@example.com',
      claims: { sub: '583231', preferred_username: 'ann', name: 'ann', email_verified: true },
      accessToken: 'gho_1',
    })
  })

  it('sends the secret in the body, the token in Authorization, and a User-Agent, without which GitHub refuses', async () => {
    await login(ann())
    const [token, ...api] = hub.asked.filter(({ path }) => path !== '/login/oauth/authorize')
    expect(new URLSearchParams(token!.body).get('client_secret')).toBe('x-y_z')
    expect(api.map(({ path, authorization }) => [path, authorization])).toEqual([
      ['/api/v3/user', 'Bearer gho_1'],
      ['/api/v3/user/emails', 'Bearer gho_1'],
    ])
    for (const { agent } of api) expect(agent).toBeTruthy()
  })

  it('brings organizations and teams as groups, with read:org', async () => {
    const scope = 'read:user user:email read:org'
    const { page } = await login(ann({ scope, allow: { groups: ['acme/web'] } }))
    expect(JSON.parse(page.text).claims.groups).toEqual(['acme', 'umbrella', 'acme/web'])
    expect((await login(ann({ scope, allow: { groups: ['acme/ops'] } }))).page.status).toBe(403)
  })

  it('lets nobody in by an address that is not verified, nor by one that is not primary', async () => {
    hub.answers['/api/v3/user/emails'] = { body: [{ email: 'ann@example.com', primary: true, verified: false }] }
    expect((await login(ann({ allow: { emails: ['ann@example.com'] } }))).page.status).toBe(403)
    hub.answers['/api/v3/user/emails'] = { body: [{ email: 'ann@example.com', primary: false, verified: true }] }
    expect((await login(ann({ allow: { emails: ['ann@example.com'] } }))).page.status).toBe(403)
  })

  it('has no refresh token, so the session goes on with the token that never ends', async () => {
    const who = ann()
    await login(who)
    const time = clock()
    time.forward(50_000)
    expect((await who.open(`${origin}/`)).status).toBe(200)
    time.restore()
    expect(hub.asked.filter(({ path }) => path === '/login/oauth/access_token')).toHaveLength(1)
  })

  it('of a GitHub App has one, which is refreshed', async () => {
    const token = { access_token: 'ghu_1', expires_in: 28_800, refresh_token: 'ghr_1', token_type: 'bearer' }
    hub.answers['/login/oauth/access_token'] = { body: token }
    const who = ann()
    await login(who)
    hub.answers['/login/oauth/access_token'] = { body: { ...token, access_token: 'ghu_2', refresh_token: 'ghr_2' } }
    const time = clock()
    time.forward(28_780)
    expect(JSON.parse((await who.open(`${origin}/`)).text)).toMatchObject({ sub: '583231', accessToken: 'ghu_2' })
    hub.answers['/login/oauth/access_token'] = { body: { error: 'bad_refresh_token' } }
    time.forward(28_780)
    // The session is over, so the browser is sent to sign in.
    expect((await who.fetch(`${origin}/`)).status).toBe(303)
    time.restore()
  })

  it('ends here alone: GitHub has no way to sign out', async () => {
    const who = ann()
    await login(who)
    const page = await who.open(`${origin}/auth/logout`)
    expect([page.chain, page.status]).toEqual([[`${origin}/auth/logout`], 200])
    expect(who.cookieHeader(origin)).toBe('')
  })
})

describe('errors of GitHub', () => {
  it.each<[string, number, string]>([
    ['bad_verification_code', 400, 'ERR_GRANT_REFUSED'],
    ['incorrect_client_credentials', 502, 'ERR_CLIENT_REFUSED'],
    ['redirect_uri_mismatch', 400, 'ERR_GRANT_REFUSED'],
  ])('with status 200 are errors: %s', async (error, status, code) => {
    hub.answers['/login/oauth/access_token'] = { body: { error, error_description: 'text of the provider' } }
    const { page } = await login(ann())
    expect([page.status, refused[0]?.code]).toEqual([status, code])
    expect(page.text).not.toContain('text of the provider')
  })

  it.each<[string, number, number, string]>([
    ['/api/v3/user', 401, 400, 'ERR_USERINFO'],
    ['/api/v3/user', 403, 400, 'ERR_USERINFO'],
    ['/api/v3/user', 502, 502, 'ERR_PROVIDER_FAILED'],
    ['/api/v3/user/emails', 404, 400, 'ERR_USERINFO'],
    ['/api/v3/user', 429, 502, 'ERR_PROVIDER_FAILED'],
  ])('of its API at %s, status %d, make no session', async (path, given, status, code) => {
    hub.answers[path] = { status: given, body: { message: 'no' } }
    const who = ann()
    const { page } = await login(who)
    expect([page.status, refused[0]?.code]).toEqual([status, code])
    expect(who.cookieHeader(origin)).toBe('')
  })

  it('of a user without an id makes no session', async () => {
    hub.answers['/api/v3/user'] = { body: { login: 'ann' } }
    expect((await login(ann())).page.status).toBe(400)
  })

  it('on the way back: access_denied is 403', async () => {
    const who = ann()
    const { url } = await who.open(`${origin}/`, { stopAt: (next) => next.startsWith(hub.url) })
    const state = new URL(url).searchParams.get('state')!
    expect((await who.open(`${origin}/auth/callback?error=access_denied&state=${state}`)).status).toBe(403)
  })
})
