import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import { memoryStore, type OidcOptions, type UserEvent } from '@outerware/oauth2'
import { get, testContext, until } from '../support/index.ts'
import {
  browser,
  clientId,
  gateTo,
  origin,
  signInAs,
  startFakeProvider,
  startProvider,
  whoAmI,
  type Browser,
  type TestProvider,
} from './support/index.ts'

let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
})
beforeEach(() => {
  provider.interfere = undefined
})

const atProvider = (url: string): boolean => url.startsWith(provider.issuer)

async function signedIn(
  options: Partial<OidcOptions<readonly []>> = {},
): Promise<{ ann: Browser; site: App; cookie: string }> {
  const site = gateTo(provider, options)(whoAmI)
  const ann = browser({ [origin]: site })
  await ann.signIn(`${origin}/`)
  return { ann, site, cookie: ann.cookieHeader(origin) }
}

/** Whether a session is still in the browser, and still good. */
const isSignedIn = async (ann: Browser): Promise<boolean> => (await ann.fetch(`${origin}/`)).status === 200

describe('signing out at the provider too', () => {
  it('ends the session here first, then goes there with what the standard wants (R41)', async () => {
    const { ann } = await signedIn()
    const { url } = await ann.open(`${origin}/auth/logout`, { stopAt: atProvider })
    expect(ann.jar.get(origin)!.has('__Host-oidc')).toBe(false)
    const { pathname, searchParams } = new URL(url)
    expect(pathname).toBe('/session/end')
    expect(searchParams.get('client_id')).toBe(clientId)
    expect(searchParams.get('post_logout_redirect_uri')).toBe(`${origin}/auth/logout`)
    expect(searchParams.get('state')).toMatch(/^[\w-]{43}$/)
    const [, payload = ''] = searchParams.get('id_token_hint')!.split('.')
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ sub: 'ann', aud: clientId })
  })

  it('comes back to a page that says that it is done, and the provider asks for a login again', async () => {
    const { ann } = await signedIn()
    const form = await ann.open(`${origin}/auth/logout`)
    const page = await ann.submit(form, { logout: 'yes' })
    expect([page.status, new URL(page.url).pathname]).toEqual([200, '/auth/logout'])
    expect(page.text).toContain('You are signed out')
    expect([...ann.jar.get(origin)!.keys()]).toEqual([])
    expect((await ann.open(`${origin}/`)).text).toContain('name="login"')
  })

  it('comes back to returnTo, on this site only (R42)', async () => {
    for (const [returnTo, wanted] of [
      ['/bye?a=1', '/bye?a=1'],
      ['//evil.test', '/'],
      ['https://evil.test/', '/'],
    ]) {
      const ann = browser({ [origin]: gateTo(provider, { publicPaths: ['/bye', '/'] })(whoAmI) })
      await ann.signIn(`${origin}/private`)
      const form = await ann.open(`${origin}/auth/logout?${new URLSearchParams({ returnTo: returnTo! })}`)
      expect((await ann.submit(form, { logout: 'yes' })).url).toBe(origin + wanted!)
    }
  })

  it('takes logoutParams along', async () => {
    const { ann } = await signedIn({ logoutParams: { ui_locales: 'da', logout_hint: 'a b' } })
    const { searchParams } = new URL((await ann.fetch(`${origin}/auth/logout`)).headers.get('location')!)
    expect([searchParams.get('ui_locales'), searchParams.get('logout_hint')]).toEqual(['da', 'a b'])
    expect(searchParams.get('client_id')).toBe(clientId)
  })

  it('keeps no address that is too long for a cookie (R29)', async () => {
    const { ann } = await signedIn()
    const { headers } = await ann.fetch(`${origin}/auth/logout?returnTo=/${'x'.repeat(6000)}`)
    expect(headers.get('location')).toMatch(`${provider.issuer}/session/end`)
    for (const line of headers.getSetCookie()) expect(line.length).toBeLessThanOrEqual(4096)
  })

  it('leaves out an ID token that makes the address too long (RFC 9110, 4.1)', async () => {
    const fake = await startFakeProvider()
    fake.metadata['end_session_endpoint'] = `${fake.issuer}/end`
    const site = gateTo(fake, { scope: 'openid', session: { store: memoryStore() } })(whoAmI)
    const ann = await signInAs(fake, site, { sid: 'x'.repeat(8000) })
    const location = (await ann.fetch(`${origin}/auth/logout`)).headers.get('location')!
    expect(location).toMatch(`client_id=${clientId}`)
    expect(location).not.toContain('id_token_hint')
    expect(location.length).toBeLessThanOrEqual(8000)
  })

  it('a way back that nobody asked for signs nobody out, and leads nowhere', async () => {
    const { ann } = await signedIn()
    const page = await ann.open(`${origin}/auth/logout?state=${'x'.repeat(43)}&returnTo=/bye`)
    expect(page.url).toBe(`${origin}/`)
    expect(await isSignedIn(ann)).toBe(true)
  })

  it('works without the ID token, when that did not fit into the cookies', async () => {
    provider.accounts.set('long', { long: 'x'.repeat(700) })
    const site = gateTo(provider, { session: { maxHeaderBytes: 2048 } })(whoAmI)
    const ann = browser({ [origin]: site })
    await ann.signIn(`${origin}/`, 'long')
    const { url } = await ann.open(`${origin}/auth/logout`, { stopAt: atProvider })
    const { searchParams } = new URL(url)
    expect([searchParams.has('id_token_hint'), searchParams.get('client_id')]).toEqual([false, clientId])
  })
})

describe('signing out here alone', () => {
  it.each([
    ['with idpLogout: false', { idpLogout: false }, false],
    ['when the provider cannot be reached', {}, true],
  ])('%s shows a page of the site (R45)', async (_what, options, isDown) => {
    const { ann } = await signedIn(options)
    if (isDown) {
      // Another process, which has not found the provider yet.
      provider.interfere = (_req, res) => (res.writeHead(503).end(), true)
      const other = browser({ [origin]: gateTo(provider, { on: { error: () => {} } })(whoAmI) })
      other.jar.set(origin, new Map(ann.jar.get(origin)))
      const page = await other.open(`${origin}/auth/logout`)
      expect([page.status, page.url, other.jar.get(origin)!.size]).toEqual([200, `${origin}/auth/logout`, 0])
      return
    }
    const page = await ann.open(`${origin}/auth/logout`)
    expect([page.status, page.url]).toEqual([200, `${origin}/auth/logout`])
    expect(page.text).toContain('You are signed out')
    expect(ann.jar.get(origin)!.size).toBe(0)
  })

  it('when the provider has no such endpoint (R45)', async () => {
    const features = { rpInitiatedLogout: { enabled: false }, revocation: { enabled: true, allowedPolicy: () => true } }
    const simple = await startProvider({ features }, { post_logout_redirect_uris: undefined })
    const ann = browser({ [origin]: gateTo(simple)(whoAmI) })
    await ann.signIn(`${origin}/`)
    expect((await ann.open(`${origin}/auth/logout`)).text).toContain('You are signed out')
  })

  it('goes to returnTo, on this site only (R42)', async () => {
    const { ann } = await signedIn({ idpLogout: false })
    expect((await ann.fetch(`${origin}/auth/logout?returnTo=/bye`)).headers.get('location')).toBe(`${origin}/bye`)
    expect((await ann.fetch(`${origin}/auth/logout?returnTo=//evil.test`)).headers.get('location')).toBe(`${origin}/`)
  })

  it('of nobody says that it is done, and clears what is stale', async () => {
    const site = gateTo(provider)(whoAmI)
    const response = await site(
      get(`${origin}/auth/logout`, { accept: 'text/html', cookie: '__Host-oidc=x' }),
      testContext(),
    )
    expect([response.status, response.headers.getSetCookie().length]).toEqual([200, 1])
  })
})

describe('who may sign a user out (R44)', () => {
  it.each([
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['a fetch', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['a prefetch', { 'sec-purpose': 'prefetch' }],
    ['XMLHttpRequest of an old browser', { 'sec-fetch-mode': '', 'x-requested-with': 'XMLHttpRequest' }],
  ])('not %s by GET', async (_what, headers) => {
    const { ann } = await signedIn()
    expect((await ann.fetch(`${origin}/auth/logout`, { headers })).status).toBe(403)
    expect(await isSignedIn(ann)).toBe(true)
  })

  it('a link, also where a service worker passes it on', async () => {
    const { ann } = await signedIn({ idpLogout: false })
    const headers = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'empty' }
    expect((await ann.fetch(`${origin}/auth/logout`, { headers })).status).toBe(200)
    expect(await isSignedIn(ann)).toBe(false)
  })

  describe.each(['cross-site', 'same-site'])('a link of another site (%s)', (from) => {
    const headers = { 'sec-fetch-site': from }

    it('asks the user first, and signs nobody out by itself', async () => {
      const { ann } = await signedIn()
      const page = await ann.open(`${origin}/auth/logout`, { headers })
      expect([page.status, page.url]).toEqual([200, `${origin}/auth/logout`])
      expect([page.headers.getSetCookie(), page.headers.get('cache-control')]).toEqual([[], 'no-store'])
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(await isSignedIn(ann)).toBe(true)
    })

    it('leads on from there, to where it was to lead', async () => {
      const { ann } = await signedIn({ idpLogout: false })
      const { text } = await ann.open(`${origin}/auth/logout?returnTo=/bye`, { headers })
      const [, link = ''] = /<a href="([^"]*)">Sign out</.exec(text) ?? []
      expect(link).toBe(`${origin}/auth/logout?returnTo=%2Fbye`)
      const response = await ann.fetch(link, { headers: { 'sec-fetch-site': 'same-origin' } })
      expect(response.headers.get('location')).toBe(`${origin}/bye`)
      expect(await isSignedIn(ann)).toBe(false)
    })

    it('asks nobody who has no session', async () => {
      const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
      expect((await ann.open(`${origin}/auth/logout`, { headers })).text).toContain('You are signed out')
    })
  })

  it('a form of this site by POST', async () => {
    const { ann } = await signedIn()
    const { status } = await ann.fetch(`${origin}/auth/logout`, {
      method: 'POST',
      body: new URLSearchParams({ a: '1' }),
    })
    expect(status).toBe(303)
    expect(await isSignedIn(ann)).toBe(false)
  })

  it('a form of this site whose origin a referrer policy hides', async () => {
    const { ann } = await signedIn()
    const headers = { origin: 'null', 'sec-fetch-site': 'same-origin' }
    expect((await ann.fetch(`${origin}/auth/logout`, { method: 'POST', headers })).status).toBe(303)
    expect(await isSignedIn(ann)).toBe(false)
  })

  it.each(['cross-site', 'same-site', 'none'])('not a form with a hidden origin that is %s', async (from) => {
    const { ann } = await signedIn()
    const headers = { origin: 'null', 'sec-fetch-site': from }
    expect((await ann.fetch(`${origin}/auth/logout`, { method: 'POST', headers })).status).toBe(403)
    expect(await isSignedIn(ann)).toBe(true)
  })

  it.each([['https://evil.test'], ['null'], ['http://site.test'], ['https://site.test.evil.test']])(
    'not one of %s',
    async (from) => {
      const { ann } = await signedIn()
      expect((await ann.fetch(`${origin}/auth/logout`, { method: 'POST', headers: { origin: from } })).status).toBe(403)
      expect(await isSignedIn(ann)).toBe(true)
    },
  )

  it('not a POST without Origin', async () => {
    const { ann, site, cookie } = await signedIn()
    const response = await site(get(`${origin}/auth/logout`, { cookie }, { method: 'POST' }), testContext())
    expect(response.status).toBe(403)
    expect(await isSignedIn(ann)).toBe(true)
  })

  it('no other method', async () => {
    const { ann } = await signedIn()
    const { status, headers } = await ann.fetch(`${origin}/auth/logout`, { method: 'DELETE' })
    expect([status, headers.get('allow')]).toEqual([405, 'GET, POST'])
    expect(await isSignedIn(ann)).toBe(true)
  })
})

describe('what else happens', () => {
  it('the refresh token is revoked (R43)', async () => {
    const { ann } = await signedIn()
    const before = provider.count('/token/revocation')
    await ann.fetch(`${origin}/auth/logout`)
    const bodies = provider.bodies('/token/revocation')
    expect(bodies.length - before).toBe(1)
    expect(bodies.at(-1)?.get('token')).toMatch(/./)
    expect(bodies.at(-1)?.get('token_type_hint')).toBe('refresh_token')
  })

  it('a revocation that fails is reported, and keeps nobody', async () => {
    const errors: unknown[] = []
    const { ann } = await signedIn({ on: { error: (error) => void errors.push(error) } })
    provider.interfere = (req, res) => {
      if (req.url !== '/token/revocation') return false
      res.writeHead(503).end()
      return true
    }
    expect((await ann.fetch(`${origin}/auth/logout`)).status).toBe(303)
    expect(errors).toMatchObject([{ code: 'ERR_PROVIDER_FAILED' }])
  })

  it('on.logout hears of it', async () => {
    const events: UserEvent[] = []
    const { ann } = await signedIn({ on: { logout: (event) => void events.push(event) } })
    await ann.fetch(`${origin}/auth/logout`)
    expect(events).toMatchObject([{ auth: { sub: 'ann' } }])
  })

  it('a copy of the cookie opens nothing in this process any more', async () => {
    const { ann, site, cookie } = await signedIn()
    expect((await site(get(`${origin}/`, { cookie }), testContext())).status).toBe(200)
    await ann.fetch(`${origin}/auth/logout`)
    expect((await site(get(`${origin}/`, { cookie }), testContext())).status).toBe(401)
  })

  it('an answer that was under way brings no session back', async () => {
    let isAsked = false
    let release: (() => void) | undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const site = gateTo(provider)(async () => {
      isAsked = true
      await held
      return new Response('late')
    })
    const ann = browser({ [origin]: site })
    const back = await ann.signIn(`${origin}/`, 'ann', { stopAt: (url) => url.startsWith(`${origin}/auth/callback`) })
    await ann.fetch(back.url)
    const real = Date.now
    // Due to be prolonged, so the answer would set the cookie anew.
    Date.now = () => real() + 6_000_000
    const slow = ann.fetch(`${origin}/`)
    await until(() => isAsked)
    await ann.fetch(`${origin}/auth/logout`)
    release!()
    const { status, headers } = await slow
    Date.now = real
    expect([status, headers.getSetCookie()]).toEqual([200, []])
  })

  it.each([
    ['at the provider too', {}],
    ['here alone', { idpLogout: false }],
  ])('the browser drops the pages that the back button would show, signing out %s', async (_where, options) => {
    const { ann } = await signedIn(options)
    const { headers } = await ann.fetch(`${origin}/auth/logout`)
    expect(headers.get('clear-site-data')).toBe('"cache"')
  })

  it('logoutURL is where the route is', async () => {
    const site = gateTo(provider, { routes: { logout: '/out' } })((_request, { auth }) => new Response(auth.logoutURL))
    const ann = browser({ [origin]: site })
    expect((await ann.signIn(`${origin}/`)).text).toBe(`${origin}/out`)
  })
})
