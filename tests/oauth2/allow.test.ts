import { beforeAll, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import type { AllowOptions, OidcOptions, RefusedEvent } from '@outerware/oauth2'
import { get, record, testContext, type Recorder } from '../support/index.ts'
import { browser, gateTo, origin, startProvider, type Browser, type Page, type TestProvider } from './support/index.ts'

let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
  provider.accounts.set('ann', { groups: ['staff', 'admins'], department: 'sales' })
  provider.accounts.set('bob', { email: 'bob@other.test', groups: ['guests'] })
  provider.accounts.set('eve', { email: 'eve@example.com', email_verified: false })
  provider.accounts.set('uma', { email: 'Uma@EXAMPLE.com' })
  provider.accounts.set('sue', { email: 'sue@sub.example.com' })
  provider.accounts.set('nix', { email: undefined, email_verified: undefined })
})

interface Came {
  readonly ann: Browser
  readonly page: Page
  readonly inner: Recorder
}

async function come(user: string, options: Partial<OidcOptions<readonly []>>, path = '/'): Promise<Came> {
  const inner = record()
  const ann = browser({ [origin]: gateTo(provider, options)(inner) })
  return { ann, inner, page: await ann.signIn(origin + path, user) }
}

const check: AllowOptions['check'] = (auth, request) => auth.sub === 'ann' && !request.url.endsWith('/admin')

describe('allow', () => {
  it.each<[string, AllowOptions, string, number]>([
    ['an address that is named', { emails: ['ann@example.com'] }, 'ann', 200],
    ['it in another case', { emails: ['UMA@example.COM'] }, 'uma', 200],
    ['another address', { emails: ['ann@example.com'] }, 'bob', 403],
    ['a domain that is named', { emailDomains: ['example.com'] }, 'ann', 200],
    ['it in another case', { emailDomains: ['Example.COM'] }, 'uma', 200],
    ['another domain', { emailDomains: ['example.com'] }, 'bob', 403],
    ['a domain below', { emailDomains: ['example.com'] }, 'sue', 403],
    ['a domain below one with a dot', { emailDomains: ['.example.com'] }, 'sue', 200],
    ['a domain that only ends alike', { emailDomains: ['ample.com'] }, 'ann', 403],
    ['either an address or a domain', { emails: ['bob@other.test'], emailDomains: ['example.com'] }, 'bob', 200],
    ['an address that is not verified', { emails: ['eve@example.com'] }, 'eve', 403],
    ['a domain, by an address that is not verified', { emailDomains: ['example.com'] }, 'eve', 403],
    ['no address', { emailDomains: ['example.com'] }, 'nix', 403],
    ['one of the groups', { groups: ['other', 'admins'] }, 'ann', 200],
    ['none of the groups', { groups: ['admins'] }, 'bob', 403],
    ['no groups at all', { groups: ['admins'] }, 'uma', 403],
    ['an empty list', { groups: [] }, 'ann', 403],
    ['a claim', { claims: { department: 'sales' } }, 'ann', 200],
    ['a claim with one of the values', { claims: { department: ['it', 'sales'] } }, 'ann', 200],
    ['a claim that is a list', { claims: { groups: 'staff' } }, 'ann', 200],
    ['a claim with another value', { claims: { department: 'it' } }, 'ann', 403],
    ['a claim that is missing', { claims: { department: 'sales' } }, 'bob', 403],
    ['a claim of another type', { claims: { email_verified: 'true' } }, 'ann', 403],
    ['two that hold', { emailDomains: ['example.com'], groups: ['staff'] }, 'ann', 200],
    ['two of which one holds', { emailDomains: ['example.com'], groups: ['guests'] }, 'ann', 403],
    ['a function that says yes', { check }, 'ann', 200],
    ['a function that says no', { check }, 'bob', 403],
    ['a function that says yes later', { check: async (...args) => check(...args) }, 'ann', 200],
    ['a function that says no later', { check: async () => false }, 'ann', 403],
  ])('%s', async (_what, allow, user, status) => {
    const { page, inner } = await come(user, { allow })
    expect(page.status).toBe(status)
    expect(inner.requests).toHaveLength(status === 200 ? 1 : 0)
  })

  it('a function is asked at every request', async () => {
    const { ann } = await come('ann', { allow: { check } })
    expect((await ann.fetch(`${origin}/`)).status).toBe(200)
    expect((await ann.fetch(`${origin}/admin`)).status).toBe(403)
    expect((await ann.fetch(`${origin}/`)).status).toBe(200)
  })

  it.each<[string, () => unknown]>([
    ['a text', () => 'yes'],
    ['nothing, as one does that forgets its return', () => undefined],
    ['null', () => null],
    ['an object', () => ({})],
    ['a promise of nothing', async () => undefined],
  ])('a function that gives something else than true says no: %s', async (_what, given) => {
    const check = given as () => boolean
    const { page, inner } = await come('ann', { allow: { check } })
    expect([page.status, inner.requests.length]).toEqual([403, 0])
  })

  it('a function that throws lets nobody in: its exception passes', async () => {
    const ann = browser({
      [origin]: gateTo(provider, {
        allow: {
          check: () => {
            throw new Error('mine')
          },
        },
      })(record()),
    })
    await expect(ann.signIn(`${origin}/`)).rejects.toThrow('mine')
  })

  it('makes no session for who may not pass, so that a change of mind needs no logout', async () => {
    const { ann } = await come('bob', { allow: { groups: ['admins'] } })
    expect(ann.jar.get(origin)!.size).toBe(0)
  })

  it('judges sessions anew when the options have changed', async () => {
    const { ann } = await come('ann', {})
    const strict = gateTo(provider, { allow: { groups: ['guests'] } })(record())
    const response = await strict(get(`${origin}/`, { cookie: ann.cookieHeader(origin) }), testContext())
    expect(response.status).toBe(403)
  })

  it.each<[string, AllowOptions]>([
    ['by a group', { groups: ['guests'] }],
    ['by a function', { check: () => false }],
    ['by a function, later', { check: async () => false }],
  ])('who may not pass is nobody on public pages: %s', async (_how, allow) => {
    const { ann } = await come('ann', {})
    const app: App<{ auth: unknown }> = (_request, { auth }) => new Response(String(auth))
    const strict = gateTo(provider, { allow, publicPaths: ['/public'] })(app)
    const response = await strict(get(`${origin}/public`, { cookie: ann.cookieHeader(origin) }), testContext())
    expect(await response.text()).toBe('undefined')
  })
})

describe('forbidden', () => {
  const allow = { groups: ['admins'] }

  it('is a page with the ways out of it', async () => {
    const { page } = await come('bob', { allow }, '/admin?x=1')
    expect(page.text).toContain('You are signed in as bob@other.test')
    expect(page.text).toContain(`href="${origin}/auth/logout"`)
    expect(page.headers.get('cache-control')).toBe('no-store')
  })

  it('leads back to the page that was wanted when somebody else signs in', async () => {
    const { page } = await come('bob', { allow }, '/admin?x=1')
    expect(page.text).toContain(`href="${origin}/auth/login?returnTo=%2Fadmin%3Fx%3D1&#38;prompt=login"`)
  })

  it('lets somebody else sign in, although the provider knows the user', async () => {
    const { ann, page } = await come('bob', { allow })
    const link = /href="([^"]+prompt=login)"/.exec(page.text)![1]!.replace('&#38;', '&')
    expect((await ann.signIn(link, 'ann')).text).toBe('hello')
  })

  it('has nothing of the code in it', async () => {
    const { page } = await come('bob', { allow })
    expect(page.text).not.toMatch(/code|state/)
  })

  it('is a problem document for programs', async () => {
    const { ann } = await come('ann', { allow: { check: () => false } })
    const response = await ann.fetch(`${origin}/`, {
      headers: { accept: 'application/json', 'sec-fetch-mode': 'cors' },
    })
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toMatchObject({ status: 403 })
  })

  it('escapes what the provider says of a user', async () => {
    provider.accounts.set('xss', { email: '<img src=x onerror=alert(1)>@x' })
    const { page } = await come('xss', { allow })
    expect(page.text).not.toContain('<img')
    expect(page.text).toContain('&#60;img')
  })

  it('may be answered by a function, which knows the user', async () => {
    const { page, ann } = await come('bob', {
      allow,
      forbidden: (_request, { auth }) => new Response(`not you, ${auth.sub}`, { status: 404 }),
    })
    expect([page.status, page.text]).toEqual([404, 'not you, bob'])
    expect(ann.jar.get(origin)!.size).toBe(0)
  })

  it('is spared by its function what the app would be spared: made-up identity, cookies of the gate (R52, R53)', async () => {
    const inner = record()
    const { ann } = await come('bob', {})
    const strict = gateTo(provider, { allow, forbidden: inner })(record())
    const cookie = `${ann.cookieHeader(origin)}; theme=dark`
    await strict(get(`${origin}/`, { cookie, 'x-forwarded-user': 'ann', x_forwarded_email: 'ann@x' }), testContext())
    expect([...inner.requests[0]!.headers]).toEqual([['cookie', 'theme=dark']])
  })

  it('may throw: its exception passes, at the callback too', async () => {
    const forbidden = (): never => {
      throw new Error('mine')
    }
    await expect(come('bob', { allow, forbidden })).rejects.toThrow('mine')
  })

  it('is told to on.refused', async () => {
    const events: RefusedEvent[] = []
    await come('bob', { allow, on: { refused: (event) => void events.push(event) } })
    expect(events).toMatchObject([{ status: 403, auth: { sub: 'bob' }, error: undefined }])
  })
})
