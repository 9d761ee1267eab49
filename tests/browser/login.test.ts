import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { after, compose, respond, type App, type Wrapper } from '@outerware/core'
import { fromNode, serve, type Running } from '@outerware/core/node'
import { oidc, type Auth } from '@outerware/oauth2'
import { WebSocketServer } from 'ws'
import { certificate } from '../support/certificate.ts'
import { listen, until, type Listening } from '../support/index.ts'
import { clientId, clientSecret, secret, startProvider, type TestProvider } from '../oauth2/support/index.ts'
import { inBrowser, type Window } from './browser.ts'

const sockets = new WebSocketServer({ noServer: true })

/** A page that says who is there, with what can be done on it. */
const page = (who: string, path: string): string => `<!doctype html><title>${path}</title>
<h1>${who} at ${path}</h1>
<a href="/auth/logout">Leave</a>
<form method="post" action="/auth/logout"><button>Sign out</button></form>`

const inner: App<{ auth: Auth }> = (request, { auth }) => {
  const { pathname } = new URL(request.url)
  const headers = { 'content-type': 'text/html; charset=utf-8', 'referrer-policy': 'no-referrer' }
  return respond(page(auth.sub, pathname), { headers })
}
const chat = fromNode((_req, res) => void res.end(), {
  upgrade: (req, socket, head) => sockets.handleUpgrade(req, socket, head, (client) => client.send('hello')),
})

/** What the provider asks before it signs somebody out. */
function logoutSource(ctx: { body: unknown }, form: string): void {
  ctx.body = `<!doctype html>${form}<button form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>`
}

/** What the site has answered, by path; of another site a browser tells nothing. */
const answers = new Map<string, number>()
const watch: Wrapper = (app) => (request, context) =>
  after(app(request, context), (response) => {
    answers.set(`${request.method} ${new URL(request.url).pathname}`, response.status)
    return response
  })

/** Waits for the answer to a request that no test can see from outside. */
async function answered(request: string): Promise<number> {
  await until(() => answers.has(request))
  return answers.get(request)!
}

inBrowser('login in a browser, over https', (open) => {
  let url = ''
  let app: App
  let site: Running
  let provider: TestProvider
  /** Another site, that wishes this one no good. */
  let foreign: Listening
  let foreignPage = ''
  beforeAll(async () => {
    const options = { port: 0, hostname: '127.0.0.1', signals: false, stopTimeoutMs: 100 } as const
    site = await serve((request, context) => app(request, context), { ...options, tls: { ...certificate } })
    url = `https://localhost:${new URL(site.url).port}`
    provider = await startProvider(
      { features: { rpInitiatedLogout: { enabled: true, logoutSource } } },
      { redirect_uris: [`${url}/auth/callback`], post_logout_redirect_uris: [`${url}/auth/logout`] },
    )
    const gate = oidc({
      issuer: provider.issuer,
      clientId,
      clientSecret,
      baseURL: url,
      secret,
      allowInsecureRequests: true,
    })
    app = compose(
      watch,
      gate,
    )((request, context) => (context.upgrade === undefined ? inner(request, context) : chat(request, context)))
    foreign = await listen((_req, res) => void res.setHeader('content-type', 'text/html').end(foreignPage))
  })
  afterAll(async () => {
    await Promise.all([site.stop(), foreign.close()])
  })
  /** A window that trusts the certificate, and signs in at a page. */
  async function signedIn(path = '/first'): Promise<Window> {
    const window = await open()
    await window.page.goto(url + path)
    await fillIn(window.page)
    await window.page.waitForURL(url + path)
    return window
  }

  /** Signs in at the provider, and gives consent where it asks for that: once for each browser. */
  async function fillIn(tab: Window['page'], asksForConsent = true): Promise<void> {
    await tab.locator('input[name=login]').fill('ann')
    await tab.locator('input[name=password]').fill('x')
    await tab.getByRole('button', { name: 'Sign-in' }).click()
    if (asksForConsent) await tab.getByRole('button', { name: 'Continue' }).click()
  }

  const heading = (tab: Window['page']): Promise<string> => tab.locator('h1').innerText()

  it('leads to the page that was asked for; the cookie is __Host-, Secure, HttpOnly and Lax (R27)', async () => {
    const { page: tab, context } = await signedIn('/first')
    expect(await heading(tab)).toBe('ann at /first')
    const cookies = await context.cookies(url)
    expect(cookies).toEqual([
      expect.objectContaining({
        name: '__Host-oidc',
        domain: 'localhost',
        path: '/',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
      }),
    ])
    expect(await tab.evaluate('document.cookie')).toBe('')
  })

  it('finishes in two tabs, each at its own page (R33)', async () => {
    const { page: one, context } = await open()
    const two = await context.newPage()
    await one.goto(`${url}/one`)
    await two.goto(`${url}/two`)
    await fillIn(two)
    await two.waitForURL(`${url}/two`)
    await fillIn(one, false)
    await one.waitForURL(`${url}/one`)
    expect([await heading(one), await heading(two)]).toEqual(['ann at /one', 'ann at /two'])
    await two.reload()
    expect(await heading(two)).toBe('ann at /two')
  })

  it('shows nothing of the user any more by the back button, after signing out', async () => {
    const { page: tab } = await signedIn('/first')
    await tab.goto(`${url}/second`)
    await tab.getByRole('link', { name: 'Leave' }).click()
    await tab.getByRole('button', { name: 'Yes, sign me out' }).click()
    await tab.getByRole('heading', { name: 'You are signed out' }).waitFor()
    for (let steps = 0; steps < 2; steps++) {
      // A page out of memory is not loaded.
      await tab.goBack({ waitUntil: 'commit' })
      expect(await heading(tab)).not.toContain('ann')
    }
    await tab.goto(`${url}/first`)
    expect(new URL(tab.url()).origin).toBe(provider.issuer)
  })

  it('is not asked for again where a link of another site leads here, but nothing else of it is signed in (SameSite)', async () => {
    const { page: tab } = await signedIn()
    foreignPage = `<!doctype html><a href="${url}/linked">link</a>
      <form method="post" action="${url}/posted"><button>post</button></form>`
    await tab.goto(foreign.url)
    await tab.getByRole('link').click()
    await tab.waitForURL(`${url}/linked`)
    expect(await heading(tab)).toBe('ann at /linked')

    await tab.goto(foreign.url)
    await tab.getByRole('button').click()
    expect(await answered('POST /posted')).toBe(401)
    await tab.goto(foreign.url)
    await tab.evaluate(`void fetch('${url}/fetched', { credentials: 'include', mode: 'no-cors' }).catch(() => {})`)
    expect(await answered('GET /fetched')).toBe(401)
  })

  it.each([
    [
      'a form',
      'POST',
      (action: string) => `<form method="post" action="${action}"></form><script>document.forms[0].submit()</script>`,
    ],
    [
      'a form in a sandboxed frame, whose origin is null,',
      'POST',
      (action: string) =>
        `<iframe sandbox="allow-forms allow-scripts allow-top-navigation" srcdoc='<form method=post target=_top action=${action}></form><script>document.forms[0].submit()</script>'></iframe>`,
    ],
    ['an image', 'GET', (action: string) => `<img src="${action}">`],
    ['a frame', 'GET', (action: string) => `<iframe src="${action}"></iframe>`],
    [
      'a fetch',
      'POST',
      (action: string) =>
        `<script>fetch('${action}', { method: 'POST', mode: 'no-cors', credentials: 'include' })</script>`,
    ],
  ])('nobody is signed out by %s of another site (R44)', async (_what, method, html) => {
    const { page: tab, context } = await signedIn()
    foreignPage = `<!doctype html>${html(`${url}/auth/logout`)}`
    answers.clear()
    await tab.goto(foreign.url).catch(() => {})
    expect(await answered(`${method} /auth/logout`)).toBe(403)
    const other = await context.newPage()
    await other.goto(`${url}/still`)
    expect(await heading(other)).toBe('ann at /still')
  })

  it('a link of another site asks first, and leads on from there (R44)', async () => {
    const { page: tab, context } = await signedIn()
    foreignPage = `<!doctype html><a href="${url}/auth/logout">Kittens</a>`
    await tab.goto(foreign.url)
    await tab.getByRole('link', { name: 'Kittens' }).click()
    await tab.getByRole('heading', { name: 'Do you want to sign out?' }).waitFor()
    const other = await context.newPage()
    await other.goto(`${url}/still`)
    expect(await heading(other)).toBe('ann at /still')
    await tab.getByRole('link', { name: 'Sign out' }).click()
    await tab.getByRole('button', { name: 'Yes, sign me out' }).click()
    await tab.getByRole('heading', { name: 'You are signed out' }).waitFor()
  })

  it('a form of the site itself signs out, also where the page hides its origin by no-referrer (R44)', async () => {
    const { page: tab } = await signedIn()
    const [request] = await Promise.all([
      tab.waitForRequest((sent) => sent.url() === `${url}/auth/logout`),
      tab.getByRole('button', { name: 'Sign out' }).click(),
    ])
    expect([request.method(), (await request.allHeaders())['origin']]).toEqual(['POST', 'null'])
    await tab.getByRole('button', { name: 'Yes, sign me out' }).click()
    await tab.getByRole('heading', { name: 'You are signed out' }).waitFor()
  })

  it('a script is told where to sign in, after the session has ended in another tab', async () => {
    const { page: tab, context } = await signedIn('/app')
    const other = await context.newPage()
    await other.goto(`${url}/auth/logout`)
    await other.getByRole('button', { name: 'Yes, sign me out' }).click()
    await other.getByRole('heading', { name: 'You are signed out' }).waitFor()
    const login = await tab.evaluate(`fetch('/api').then(async (r) => r.status + ' ' + (await r.json()).login)`)
    expect(login).toBe(`401 ${url}/auth/login`)
    await tab.goto(`${url}/auth/login?returnTo=/app`)
    await fillIn(tab)
    await tab.waitForURL(`${url}/app`)
    expect(await heading(tab)).toBe('ann at /app')
  })

  it('a WebSocket of the session closes with 1008 when another tab signs out', async () => {
    const { page: tab, context } = await signedIn()
    await tab.evaluate(`new Promise((resolve) => {
      const socket = new WebSocket('${url.replace('https', 'wss')}/chat')
      window.gone = new Promise((resolve) => socket.onclose = ({ code }) => resolve(code))
      socket.onmessage = resolve
    })`)
    const other = await context.newPage()
    await other.goto(`${url}/auth/logout`)
    expect(await tab.evaluate('window.gone')).toBe(1008)
  })
})
