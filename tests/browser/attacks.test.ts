/**
 * Attacks, carried out by a real browser: each works on the bare site, and does nothing behind its wrapper.
 */
import { afterAll, describe, expect, it } from '@jest/globals'
import { compose, respond, upgrade, type App, type Wrapper } from '@outerware/core'
import { serve, type Running } from '@outerware/core/node'
import { crossOriginProtection } from '@outerware/cross-origin-protection'
import { securityHeaders, type Nonce, type SecurityHeadersOptions } from '@outerware/security-headers'
import { complaintsWith, inBrowser, type Window } from './browser.ts'

const running: Running[] = []
afterAll(async () => void (await Promise.all(running.map((server) => server.stop()))))

/** Serves a site; gives its port. To a browser every name below `localhost` is this machine. */
async function start(app: App): Promise<number> {
  const server = await serve(app, { port: 0, hostname: '127.0.0.1', signals: false, stopTimeoutMs: 100 })
  running.push(server)
  return server.port
}

const bare: Wrapper = compose()
const html = (body: string): Response =>
  respond(`<!doctype html><title>page</title>${body}`, { headers: { 'content-type': 'text/html; charset=utf-8' } })

inBrowser('attacks by a real browser', (open) => {
  describe('a script in what a visitor wrote', () => {
    /** A guest book that escapes nothing. Its own script stands in the page, with the nonce. */
    const guestBook =
      (entry: string): App<Partial<Nonce>> =>
      (_request, { nonce = '' }) =>
        html(`<p id="entry">${entry}</p><script nonce="${nonce}">window.own = 'ran'</script>`)

    const visit = async (wrapper: Wrapper, entry: string): Promise<Window> => {
      const port = await start(wrapper(guestBook(entry)))
      const window = await open()
      await window.page.goto(`http://localhost:${port}/`, { waitUntil: 'load' })
      const link = window.page.locator('#entry a')
      if ((await link.count()) > 0) await link.click()
      return window
    }
    const globals = ({ page }: Window): Promise<unknown> => page.evaluate('[window.own, window.owned]')

    const entries: readonly (readonly [what: string, entry: string, violation: string])[] = [
      ['a script', `<script>window.owned = 'ran'</script>`, 'script-src-elem inline'],
      [
        'a script with a nonce that is guessed',
        `<script nonce="abc">window.owned = 'ran'</script>`,
        'script-src-elem inline',
      ],
      ['a handler', `<img src="data:," onerror="window.owned = 'ran'">`, 'script-src-attr inline'],
      ['a link of javascript:', `<a href="javascript:void (window.owned = 'ran')">more</a>`, 'script-src-elem inline'],
      [
        'a script of a data: URL',
        `<script src="data:text/javascript,window.owned='ran'"></script>`,
        'script-src-elem data',
      ],
    ]

    it.each(entries)('%s does not run, and is reported', async (_what, entry, violation) => {
      const victim = await visit(bare, entry)
      expect(await globals(victim)).toEqual(['ran', 'ran'])
      const window = await visit(securityHeaders({ preset: 'strict' }), entry)
      expect(await globals(window)).toEqual(['ran', undefined])
      const told = new RegExp(`^violation: ${violation}`)
      expect(await complaintsWith(told, window.complaints)).toContainEqual(expect.stringMatching(told))
    })

    it.each(entries.slice(0, 3))("%s does not run under helmet's default, with a nonce", async (_what, entry) => {
      expect(await globals(await visit(securityHeaders({ nonce: true }), entry))).toEqual(['ran', undefined])
    })

    it('a base does not move the scripts that the page names by a path', async () => {
      const evil = await start(() =>
        respond(`window.owned = 'ran'`, { headers: { 'content-type': 'text/javascript' } }),
      )
      const page: App<Partial<Nonce>> = ({ url }, { nonce = '' }) =>
        url.endsWith('/app.js')
          ? respond(`window.own = 'ran'`, { headers: { 'content-type': 'text/javascript' } })
          : html(`<base href="http://127.0.0.1:${evil}/"><script nonce="${nonce}" src="/app.js"></script>`)
      const run = async (wrapper: Wrapper): Promise<unknown> => {
        const window = await open()
        await window.page.goto(`http://localhost:${await start(wrapper(page))}/`)
        return globals(window)
      }
      expect(await run(bare)).toEqual([undefined, 'ran'])
      expect(await run(securityHeaders({ preset: 'strict' }))).toEqual(['ran', undefined])
    })
  })

  it('a string that a script puts into innerHTML is refused by Trusted Types, and reported', async () => {
    const page: App<Partial<Nonce>> = (_request, { nonce = '' }) =>
      html(`<p></p><script nonce="${nonce}">
        try { document.querySelector('p').innerHTML = decodeURIComponent(location.hash.slice(1)) }
        catch (error) { window.refused = error.name }</script>`)
    const run = async (wrapper: Wrapper): Promise<[unknown, readonly string[]]> => {
      const { page: tab, complaints } = await open()
      const port = await start(wrapper(page))
      await tab.goto(
        `http://localhost:${port}/#${encodeURIComponent(`<img src="data:," onerror="window.owned = 'ran'">`)}`,
      )
      await tab.waitForLoadState('networkidle')
      return [await tab.evaluate('[window.refused, window.owned]'), complaints]
    }
    expect((await run(bare))[0]).toEqual([undefined, 'ran'])
    const [seen, complaints] = await run(securityHeaders({ preset: 'strict' }))
    expect(seen).toEqual(['TypeError', undefined])
    const told = /^violation: require-trusted-types-for trusted-types-sink enforce/
    expect(await complaintsWith(told, complaints)).toContainEqual(expect.stringMatching(told))
  })

  it.each<[string, SecurityHeadersOptions]>([
    ["helmet's default", {}],
    ["'strict'", { preset: 'strict' }],
    ['X-Frame-Options alone', { contentSecurityPolicy: false }],
    ['frame-ancestors alone', { xFrameOptions: false }],
  ])('a site under %s cannot be laid under the button of another', async (_name, options) => {
    const bank: App = () => html('<button>Pay</button>')
    const framed = async (wrapper: Wrapper): Promise<number> => {
      const port = await start(wrapper(bank))
      const trap = await start(() => html(`<iframe src="http://localhost:${port}/" width="300" height="200"></iframe>`))
      const { page } = await open()
      await page.goto(`http://127.0.0.1:${trap}/`, { waitUntil: 'load' })
      return page.frameLocator('iframe').getByRole('button', { name: 'Pay' }).count()
    }
    expect(await framed(bare)).toBe(1)
    expect(await framed(securityHeaders(options))).toBe(0)
  })

  describe('a request that another site has the browser send', () => {
    type Attack = readonly [
      what: string,
      host: string,
      markup: (bank: string) => string,
      script: (bank: string) => string,
      done: string,
    ]

    /**
     * A bank that believes a cookie, and whoever is in its house: Chromium keeps cookies back from what is embedded in
     * another site, in windows like these, but asks all the same. What it did is read from its list.
     */
    const bankOf =
      (done: string[]): App =>
      (request, { upgrade: offer }) => {
        const { pathname } = new URL(request.url)
        const who = /session=victim/.test(request.headers.get('cookie') ?? '') ? 'by the cookie' : 'by the house'
        if (pathname === '/sign-in') {
          return respond('signed in', { headers: { 'set-cookie': 'session=victim; Secure; HttpOnly; SameSite=None' } })
        }
        if (request.method === 'POST') done.push(`${pathname} paid ${who}`)
        if (offer === undefined) return respond('thanks')
        done.push(`${pathname} opened`)
        return upgrade(({ socket }) => socket.destroy())
      }

    const attacks: readonly Attack[] = [
      [
        'a form',
        '127.0.0.1',
        (bank: string) => `<form method="post" action="${bank}/form"></form>`,
        () => 'document.forms[0].submit()',
        '/form paid by the cookie',
      ],
      [
        'a fetch of JSON',
        '127.0.0.1',
        () => '',
        (bank: string) =>
          `fetch('${bank}/json', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"amount":99}' })`,
        '/json paid by the house',
      ],
      [
        'a sibling under the same domain',
        'blog.site.localhost',
        () => '',
        (bank: string) => `fetch('${bank}/sibling', { method: 'POST', mode: 'no-cors', credentials: 'include' })`,
        '/sibling paid by the cookie',
      ],
      [
        'a form in a sandboxed frame',
        '127.0.0.1',
        (bank: string) =>
          `<iframe sandbox="allow-forms allow-scripts" srcdoc='<form method="post" action="${bank}/sandbox"></form><script>document.forms[0].submit()</script>'></iframe>`,
        () => '',
        '/sandbox paid by the house',
      ],
      [
        'a WebSocket',
        '127.0.0.1',
        () => '',
        (bank: string) => `new WebSocket('${bank.replace('http', 'ws')}/socket')`,
        '/socket opened',
      ],
    ]

    const attack = async (wrapper: Wrapper, [, host, markup, script]: Attack): Promise<string[]> => {
      const done: string[] = []
      const answered: string[] = []
      const noted: Wrapper = (app) => (request, context) => {
        context.onFinish(({ status }) => void answered.push(`${new URL(request.url).pathname} ${status}`))
        return app(request, context)
      }
      const bank = `http://shop.site.localhost:${await start(noted(wrapper(bankOf(done))))}`
      const trap = await start(() => html(`${markup(bank)}<script>${script(bank)}</script>`))
      const { page } = await open()
      await page.goto(`${bank}/sign-in`)
      await page.goto(`http://${host}:${trap}/`).catch(() => {})
      await expectSoon(() => answered.some((line) => !line.startsWith('/sign-in') && !line.startsWith('/favicon')))
      return done
    }

    it.each(attacks)('%s does nothing', async (...row) => {
      expect(await attack(bare, row)).toEqual([row[4]])
      expect(await attack(crossOriginProtection(), row)).toEqual([])
    })

    it('what the site itself sends passes', async () => {
      const done: string[] = []
      const port = await start(crossOriginProtection()(bankOf(done)))
      const { page } = await open()
      await page.goto(`http://shop.site.localhost:${port}/sign-in`)
      await page.evaluate(`fetch('/own', { method: 'POST' }).then((response) => response.text())`)
      expect(done).toEqual(['/own paid by the cookie'])
    })
  })
})

/** Waits until something holds, as long as a slow machine may take. */
async function expectSoon(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1200 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(holds()).toBe(true)
}
