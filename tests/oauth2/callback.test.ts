import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { App } from '@outerware/core'
import type { RefusedEvent } from '@outerware/oauth2'
import { get, testContext } from '../support/index.ts'
import {
  browser,
  clock,
  gateTo,
  origin,
  startProvider,
  whoAmI,
  type Browser,
  type Page,
  type TestProvider,
} from './support/index.ts'

let provider: TestProvider
let site: App
let ann: Browser
let refused: RefusedEvent[]
beforeAll(async () => {
  provider = await startProvider()
  site = gateTo(provider, { on: { refused: (event) => void refused.push(event), error: () => {} } })(whoAmI)
})
beforeEach(() => {
  refused = []
  provider.interfere = undefined
  ann = browser({ [origin]: site })
})

const isCallback = (url: string): boolean => url.startsWith(`${origin}/auth/callback`)
const atProvider = (url: string): boolean => url.startsWith(provider.issuer)

/** The address that the provider sends the browser back to, before the browser goes there. */
async function answer(who = ann, path = '/page'): Promise<URL> {
  const { url } = await who.signIn(origin + path, 'ann', { stopAt: isCallback })
  return new URL(url)
}

/** What the callback answers, and that the browser has no session by it. */
async function refusal(url: URL, who = ann): Promise<Page> {
  const page = await who.open(url.href)
  expect(who.jar.get(origin)?.has('__Host-oidc') ?? false).toBe(false)
  return page
}

function withParameter(url: URL, name: string, value: string | null): URL {
  const changed = new URL(url)
  if (value === null) changed.searchParams.delete(name)
  else changed.searchParams.set(name, value)
  return changed
}

describe('state', () => {
  it.each([
    ['wrong', 'x'.repeat(43)],
    ['missing', null],
    ['empty', ''],
  ])('that is %s is refused with 400', async (_what, state) => {
    const { status, text } = await refusal(withParameter(await answer(), 'state', state))
    expect(status).toBe(400)
    expect(text).toContain('This sign-in cannot be finished')
  })

  it('of another browser is refused: nobody is signed in as somebody else (login CSRF)', async () => {
    const mallory = browser({ [origin]: site })
    const { status } = await refusal(await answer(mallory), ann)
    expect(status).toBe(400)
  })

  it('of another browser that has a login under way is refused too', async () => {
    await ann.open(`${origin}/`, { stopAt: atProvider })
    const { status } = await refusal(await answer(browser({ [origin]: site })), ann)
    expect(status).toBe(400)
  })

  it('with the first characters of another one is refused', async () => {
    const url = await answer()
    const state = url.searchParams.get('state')!
    expect((await refusal(withParameter(url, 'state', state.slice(0, 8) + 'x'.repeat(35)))).status).toBe(400)
    expect((await refusal(url)).status).toBe(400)
  })

  it('that comes after 15 minutes is refused (R33)', async () => {
    const time = clock()
    const url = await answer()
    const [[name, cookie] = []] = [...ann.jar.get(origin)!]
    time.forward(901)
    // A browser that keeps cookies for too long.
    ann.jar.get(origin)!.set(name!, { ...cookie!, expires: Infinity })
    const { status, text } = await refusal(url)
    time.restore()
    expect(status).toBe(400)
    expect(text).toContain('15 minutes')
  })

  it('of a login at another provider is refused, though the secret is the same (R10)', async () => {
    const url = await answer()
    const other = await startProvider()
    const elsewhere = browser({ [origin]: gateTo(other)(whoAmI) })
    elsewhere.jar.set(origin, new Map(ann.jar.get(origin)))
    expect((await refusal(withParameter(url, 'iss', other.issuer), elsewhere)).status).toBe(400)
    expect(other.count('/token')).toBe(0)
  })

  it('of a login cookie that was put under another name is refused', async () => {
    const url = await answer()
    const [[, cookie] = []] = [...ann.jar.get(origin)!]
    const other = 'y'.repeat(43)
    ann.jar.set(origin, new Map([[`__Host-oidc.login.aaaaaa-${other.slice(0, 8)}`, cookie!]]))
    expect((await refusal(withParameter(url, 'state', other))).status).toBe(400)
  })
})

it.each([
  ['a name without a value', '__Host-oidc.login.aaaaaa-xxxxxxxx'],
  ['a space before =', '__Host-oidc.login.aaaaaa-xxxxxxxx =x'],
  ['white space of another kind before the name', 'a=b;\u00a0__Host-oidc.login.aaaaaa-xxxxxxxx=x'],
  ['the gate’s own names without a value', '__Host-oidc; __Host-oidc.0; __Host-oidc.logout'],
])('cookies with %s are none, and never an exception', async (_what, cookie) => {
  for (const path of [`/auth/callback?code=x&state=${'x'.repeat(43)}`, '/auth/logout?state=x', '/auth/logout', '/']) {
    const request = get(origin + path, { cookie, accept: 'text/html' })
    expect((await site(request, testContext())).status).toBeLessThan(500)
  }
})

describe('a missing state cookie says which of the causes it is (c15)', () => {
  it('blocked, or another browser: no cookie at all', async () => {
    const url = await answer()
    ann.jar.delete(origin)
    expect((await refusal(url)).text).toMatch(/another browser.*https:\/\/site\.test.*cookies are blocked/)
  })

  it('finished already or too late: other logins are under way', async () => {
    const url = await answer()
    ann.jar.delete(origin)
    await ann.open(`${origin}/other`, { stopAt: atProvider })
    const { text } = await refusal(url)
    expect(text).toContain('finished already')
    expect(text).not.toContain('cookies are blocked')
  })
})

describe('code', () => {
  it.each([
    ['wrong', 'nonsense'],
    ['missing', null],
    ['empty', ''],
  ])('that is %s is refused with 400', async (_what, code) => {
    expect((await refusal(withParameter(await answer(), 'code', code))).status).toBe(400)
  })

  it('of another login is refused: PKCE binds it to its own', async () => {
    const theirs = await answer(browser({ [origin]: site }))
    const ours = withParameter(await answer(), 'code', theirs.searchParams.get('code'))
    expect((await refusal(ours)).status).toBe(400)
  })

  it('is sent once, however often the browser comes with it (R12)', async () => {
    const url = await answer()
    const before = provider.count('/token')
    const cookies = ann.cookieHeader(url.href)
    const again = (): Promise<Response> => ann.fetch(url.href, { headers: { cookie: cookies } })
    const statuses = await Promise.all([again(), again(), again()].map(async (response) => (await response).status))
    expect(statuses.toSorted()).toEqual([303, 400, 400])
    expect(provider.count('/token') - before).toBe(1)
  })

  it('that was replayed with its login cookie opens nothing', async () => {
    const url = await answer()
    const kept = new Map(ann.jar.get(origin))
    await ann.open(url.href)
    ann.jar.set(origin, kept)
    expect((await refusal(url)).status).toBe(400)
  })
})

describe('any failure', () => {
  it('spends the login: the very address that failed does not work afterwards (R12)', async () => {
    const url = await answer()
    expect((await refusal(withParameter(url, 'code', 'nonsense'))).status).toBe(400)
    expect([...ann.jar.get(origin)!.keys()]).toEqual([])
    expect((await refusal(url)).status).toBe(400)
  })

  it('is told to on.refused, with a code and no secret', async () => {
    await refusal(withParameter(await answer(), 'code', 'nonsense'))
    expect(refused).toHaveLength(1)
    expect(refused[0]).toMatchObject({ status: 400, auth: undefined })
    expect(refused[0]!.error).toMatchObject({ code: 'ERR_GRANT_REFUSED', reason: 'invalid_grant' })
  })

  it('leads to a page with a link to try again, to the same page', async () => {
    const { text } = await refusal(withParameter(await answer(), 'code', 'nonsense'))
    expect(text).toContain(`<a href="${origin}/auth/login?returnTo=%2Fpage">Try again</a>`)
  })
})

describe('parameters', () => {
  it.each(['code', 'state', 'iss', 'anything'])('are refused when %s is repeated (R11)', async (name) => {
    const url = await answer()
    if (!url.searchParams.has(name)) url.searchParams.append(name, 'x')
    url.searchParams.append(name, url.searchParams.get(name)!)
    expect((await refusal(url)).status).toBe(400)
  })

  it('that are not known are ignored (R11)', async () => {
    const { status, url } = await ann.open(withParameter(await answer(), 'session_state', 'abc').href)
    expect([status, url]).toEqual([200, `${origin}/page`])
  })

  it('of the implicit and hybrid flows are refused (R1)', async () => {
    expect((await refusal(withParameter(await answer(), 'id_token', 'a.b.c'))).status).toBe(400)
  })
})

describe('iss (RFC 9207)', () => {
  it.each([
    ['of another issuer', 'https://evil.test'],
    ['with a slash more', 'slash'],
    ['missing, though the provider says that it sends it', null],
  ])('%s is refused (R9)', async (_what, iss) => {
    const url = await answer()
    expect(url.searchParams.get('iss')).toBe(provider.issuer)
    const { status } = await refusal(withParameter(url, 'iss', iss === 'slash' ? `${provider.issuer}/` : iss))
    expect(status).toBe(400)
    expect(refused[0]!.error).toMatchObject({ code: 'ERR_CALLBACK' })
  })
})

describe('an error of the provider (R13)', () => {
  const errorAnswer = async (error: string, description = ''): Promise<URL> => {
    const url = await answer()
    url.searchParams.delete('code')
    url.searchParams.set('error', error)
    url.searchParams.set('error_description', description)
    return url
  }

  it.each([
    ['access_denied', 403],
    ['login_required', 400],
    ['invalid_scope', 400],
    ['server_error', 502],
    ['temporarily_unavailable', 502],
  ])('%s is answered with %i', async (error, status) => {
    const page = await refusal(await errorAnswer(error))
    expect(page.status).toBe(status)
    expect(refused[0]!.error).toMatchObject({ code: 'ERR_LOGIN_REFUSED', reason: error })
  })

  it('is not believed without its state', async () => {
    const url = withParameter(await errorAnswer('access_denied'), 'state', 'x'.repeat(43))
    expect((await refusal(url)).status).toBe(400)
  })

  it('is really sent when the user says no', async () => {
    const form = await ann.open(`${origin}/page`)
    const abort = /href="([^"]*\/abort)"/.exec(form.text)?.[1]
    const page = await ann.open(new URL(abort!, form.url).href)
    expect(page.status).toBe(403)
    expect(page.text).toContain('Sign-in was refused')
  })

  it('puts none of its text into the page', async () => {
    const attack = '<script>alert(1)</script>'
    for (const url of [await errorAnswer(attack), await errorAnswer('login_required', attack)]) {
      const { text } = await refusal(url)
      expect(text).not.toContain('script')
      expect(text).not.toContain('alert')
    }
  })
})

describe('the pages', () => {
  it('run nothing, load nothing, and are framed by nobody (R7, R8)', async () => {
    const { headers, text } = await refusal(withParameter(await answer(), 'code', 'nonsense'))
    const policy = headers.get('content-security-policy')!
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    )
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    const style = /<style>([^<]*)<\/style>/.exec(text)![1]!
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))
    expect(policy).toContain(`'sha256-${Buffer.from(digest).toString('base64')}'`)
  })

  it('tell nothing of the error: no stack, no path, no token', async () => {
    const { text } = await refusal(withParameter(await answer(), 'code', 'nonsense'))
    expect(text).not.toMatch(/\n +at |\.ts|node_modules|oauth4webapi/)
  })
})

describe('the back button on a callback that was used (R14)', () => {
  it('leads to the beginning of the site while the session stands', async () => {
    const url = await answer()
    await ann.open(url.href)
    const { chain } = await ann.open(url.href)
    expect(chain).toEqual([url.href, `${origin}/`])
  })

  it('says so, with a link to sign in, when it does not', async () => {
    const url = await answer()
    await ann.open(url.href)
    ann.jar.delete(origin)
    const { status, text } = await refusal(url)
    expect(status).toBe(400)
    expect(text).toContain(`<a href="${origin}/auth/login">Sign in</a>`)
  })
})

describe('the callback route', () => {
  it.each(['POST', 'HEAD', 'PUT'])('takes no %s, and the login is not spent by it', async (method) => {
    const url = await answer()
    const { status, headers } = await ann.fetch(url.href, { method })
    expect([status, headers.get('allow')]).toEqual([405, 'GET'])
    expect((await ann.open(url.href)).url).toBe(`${origin}/page`)
  })

  it('answers 502 while the provider is down, without a stack (R13)', async () => {
    const url = await answer()
    provider.interfere = (req, res) => {
      if (req.url !== '/token') return false
      res.writeHead(503, { 'content-type': 'text/plain' }).end('down')
      return true
    }
    const { status, text } = await refusal(url)
    expect(status).toBe(502)
    expect(text).not.toMatch(/\n +at |503/)
    expect(refused[0]!.error).toMatchObject({ code: 'ERR_PROVIDER_FAILED' })
  })

  it('has a link on that page by which a new login begins, and ends where the first was to end', async () => {
    const url = await answer()
    provider.interfere = (req, res) => {
      if (req.url !== '/token') return false
      res.writeHead(503).end()
      return true
    }
    const { text } = await refusal(url)
    const [, href = ''] = /<a href="([^"]+)">Try again</.exec(text) ?? []
    expect(href).toBe(`${origin}/auth/login?returnTo=%2Fpage`)
    provider.interfere = undefined
    // The login that has failed is spent: the way back from the provider leads nowhere any more (R12).
    expect((await refusal(url)).status).toBe(400)
    expect(await ann.signIn(href)).toMatchObject({ url: `${origin}/page`, status: 200 })
  })

  it('answers 502 when the connection to the provider breaks', async () => {
    const url = await answer()
    provider.interfere = (req) => {
      if (req.url !== '/token') return false
      req.socket.destroy()
      return true
    }
    expect((await refusal(url)).status).toBe(502)
  })

  it('answers 502 when the provider takes longer than timeout', async () => {
    const slow = gateTo(provider, { timeout: 3, on: { error: () => {} } })(whoAmI)
    const bob = browser({ [origin]: slow })
    const url = await answer(bob)
    provider.interfere = (req) => req.url === '/token'
    expect((await refusal(url, bob)).status).toBe(502)
  })

  it('answers 502 when the provider does not take our secret', async () => {
    const errors: unknown[] = []
    const wrong = gateTo(provider, { clientSecret: 'wrong-secret', on: { error: (error) => void errors.push(error) } })(
      whoAmI,
    )
    const bob = browser({ [origin]: wrong })
    expect((await refusal(await answer(bob), bob)).status).toBe(502)
    expect(errors).toMatchObject([{ code: 'ERR_CLIENT_REFUSED', reason: 'invalid_client' }])
  })
})
