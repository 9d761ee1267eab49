import { beforeAll, describe, expect, it } from '@jest/globals'
import { browser, clientId, clock, gateTo, origin, startProvider, whoAmI, type TestProvider } from './support/index.ts'

let provider: TestProvider
beforeAll(async () => {
  provider = await startProvider()
})

const atProvider = (url: string): boolean => url.startsWith(provider.issuer)

/** The authorization request that a visit is answered with. */
async function request(ann = browser({ [origin]: gateTo(provider)(whoAmI) }), path = '/'): Promise<URL> {
  const { url } = await ann.open(origin + path, { stopAt: atProvider })
  return new URL(url)
}

it('leads through login to the page that was wanted', async () => {
  const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
  const page = await ann.signIn(`${origin}/page?q=1`, 'ann')
  expect(page.status).toBe(200)
  expect(page.url).toBe(`${origin}/page?q=1`)
  expect(JSON.parse(page.text)).toMatchObject({ path: '/page?q=1', sub: 'ann', email: 'ann@example.com' })
})

it('asks nobody twice: the next request is let through', async () => {
  const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
  await ann.signIn(`${origin}/`)
  const { chain, status } = await ann.open(`${origin}/next`)
  expect([status, chain]).toEqual([200, [`${origin}/next`]])
})

describe('the authorization request', () => {
  it('asks for a code by the query, never for a token (R1)', async () => {
    const { searchParams } = await request()
    expect(searchParams.get('response_type')).toBe('code')
    expect(searchParams.get('response_mode')).toBeNull()
    expect(searchParams.get('scope')).toBe('openid profile email')
    expect(searchParams.get('client_id')).toBe(clientId)
  })

  it('always has a PKCE challenge with S256, another one each time (R2)', async () => {
    const [one, two] = [await request(), await request()]
    expect(one.searchParams.get('code_challenge_method')).toBe('S256')
    expect(one.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/)
    expect(two.searchParams.get('code_challenge')).not.toBe(one.searchParams.get('code_challenge'))
  })

  it('redeems the code with a verifier of 43 characters or more (R2)', async () => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    await ann.signIn(`${origin}/`)
    expect(provider.bodies('/token').at(-1)?.get('code_verifier')).toMatch(/^[\w.~-]{43,128}$/)
  })

  it('has a state and a nonce of 256 bits, two each time, that say nothing of the page (R3, R4)', async () => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    const [one, two] = [await request(ann, '/secret-page'), await request(ann, '/secret-page')]
    const values = [one, two].flatMap(({ searchParams }) => [searchParams.get('state'), searchParams.get('nonce')])
    expect(new Set(values).size).toBe(4)
    for (const value of values) expect(value).toMatch(/^[\w-]{43}$/)
    expect(one.href).not.toContain('secret-page')
  })

  it('keeps the verifier to itself: the cookie is sealed (R3)', async () => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    await request(ann, '/secret-page')
    const [[name, cookie] = []] = [...ann.jar.get(origin)!]
    expect(name).toMatch(/^__Host-oidc\.login\.[\w-]+$/)
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' })
    expect(cookie!.value).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/)
    const bytes = cookie!.value.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'))
    expect(bytes.join()).not.toContain('secret-page')
  })

  it('has the redirect URI of baseURL, whatever Host and X-Forwarded-Host say (R5)', async () => {
    const site = gateTo(provider)(whoAmI)
    const ann = browser({ [origin]: site, 'https://evil.test': site })
    const headers = { 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'http', forwarded: 'host=evil.test' }
    const forwarded = await ann.open(`${origin}/`, { headers, stopAt: atProvider })
    const foreign = await ann.open('https://evil.test/', { stopAt: atProvider })
    for (const { url } of [forwarded, foreign]) {
      expect(new URL(url).searchParams.get('redirect_uri')).toBe(`${origin}/auth/callback`)
    }
  })

  it('takes authorizationParams along, such as a resource or an audience (R25)', async () => {
    const ann = browser({
      [origin]: gateTo(provider, { authorizationParams: { prompt: 'consent', audience: 'api' } })(whoAmI),
    })
    const { searchParams } = await request(ann)
    expect([searchParams.get('prompt'), searchParams.get('audience')]).toEqual(['consent', 'api'])
  })

  it('is sent by 303, is not stored, and tells the provider no address of the site (R6, R7)', async () => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    for (const path of ['/', '/auth/login']) {
      const { status, headers } = await ann.fetch(origin + path)
      expect(status).toBe(303)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
  })
})

describe('the login route', () => {
  it('goes to returnTo afterwards', async () => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    const page = await ann.signIn(`${origin}/auth/login?returnTo=/there%3Fa%3D1`)
    expect(page.url).toBe(`${origin}/there?a=1`)
  })

  it('goes to the beginning of the site without one', async () => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    expect((await ann.signIn(`${origin}/auth/login`)).url).toBe(`${origin}/`)
  })

  it('has a parameter of another name, and other paths, by options', async () => {
    const options = { returnToParam: 'next', routes: { login: '/in', callback: '/auth/callback', logout: '/out' } }
    const ann = browser({ [origin]: gateTo(provider, options)(whoAmI) })
    expect((await ann.signIn(`${origin}/in?next=/there&returnTo=/elsewhere`)).url).toBe(`${origin}/there`)
    expect((await ann.open(`${origin}/auth/login`)).text).toContain('"path":"/auth/login"')
  })

  it('takes GET and HEAD only', async () => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    const { status, headers } = await ann.fetch(`${origin}/auth/login`, { method: 'POST' })
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  it.each([
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['a fetch', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['a prefetch', { 'sec-purpose': 'prefetch' }],
  ])('begins no login for %s', async (_what, headers) => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    const { status } = await ann.fetch(`${origin}/auth/login`, { headers })
    expect([status, ann.jar.size]).toEqual([401, 0])
  })

  it('lies under the path of baseURL, and so does the redirect URI', async () => {
    const elsewhere = await startProvider({}, { redirect_uris: [`${origin}/app/auth/callback`] })
    const ann = browser({ [origin]: gateTo(elsewhere, { baseURL: `${origin}/app/` })(whoAmI) })
    expect((await ann.signIn(`${origin}/app/auth/login`)).url).toBe(`${origin}/app/`)
    expect((await ann.signIn(`${origin}/app/page`)).url).toBe(`${origin}/app/page`)
    // Outside of it there are no routes of the gate.
    expect((await ann.open(`${origin}/auth/login`)).text).toContain('"path":"/auth/login"')
  })
})

describe('several tabs (R33)', () => {
  it('all finish, each with its own page', async () => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    const requests: string[] = []
    for (const path of ['/one', '/two', '/three']) requests.push((await request(ann, path)).href)
    for (const [i, path] of ['/one', '/two', '/three'].entries()) {
      expect((await ann.signIn(requests[i]!)).url).toBe(origin + path)
    }
    expect([...ann.jar.get(origin)!.keys()]).toEqual(['__Host-oidc'])
  })

  it('are five at most: the oldest give way', async () => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    const time = clock()
    for (let i = 0; i < 40; i++) {
      await request(ann, `/${'x'.repeat(900)}${i}`)
      time.forward(1)
    }
    time.restore()
    expect(ann.jar.get(origin)!.size).toBeLessThanOrEqual(5)
    expect(ann.cookieHeader(origin).length).toBeLessThan(8192)
    expect((await ann.signIn(`${origin}/last`)).url).toBe(`${origin}/last`)
  })

  it('that begin at the same moment are cut to five by the next request of the gate', async () => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    await Promise.all(Array.from({ length: 20 }, (_, i) => request(ann, `/${i}`)))
    expect(ann.jar.get(origin)!.size).toBe(20)
    await request(ann, '/next')
    expect(ann.jar.get(origin)!.size).toBe(5)
  })

  it('have 15 minutes', async () => {
    const ann = browser({ [origin]: gateTo(provider)(whoAmI) })
    const line = (await ann.fetch(`${origin}/`)).headers.getSetCookie()[0]
    expect(line).toContain('Max-Age=900')
  })

  it('leave room for what the site sets itself: the header stays within maxHeaderBytes', async () => {
    const ann = browser({ [origin]: gateTo(provider, { session: { maxHeaderBytes: 4096 } })(whoAmI) })
    ann.jar.set(
      origin,
      new Map([
        [
          'own',
          { value: 'x'.repeat(2000), path: '/', secure: true, httpOnly: true, sameSite: 'Lax', expires: Infinity },
        ],
      ]),
    )
    for (let i = 0; i < 5; i++) await request(ann, `/${'y'.repeat(800)}${i}`)
    expect(ann.cookieHeader(origin).length).toBeLessThanOrEqual(4096)
  })
})
