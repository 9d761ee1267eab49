import { describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { listen, overProgram, type Place } from '../support/index.ts'
import { browser, clock, gateTo, startProvider, type Browser } from './support/index.ts'
import { startCaddy, startNginx, type StartProxy } from './support/proxies.ts'

// Proxies that really run, configured as the documents say.
const noApp: App = () => respond('the app of the gate', { status: 418 })

interface World {
  readonly url: string
  readonly ann: Browser
  readonly seen: { path: string; user: string; spelt: unknown; body: string }[]
}

/** A proxy in front of an upstream that knows nothing of logins, and the gate beside it. */
async function world(place: Place, proxy: 'nginx' | 'traefik', start: StartProxy): Promise<World> {
  const url = `http://127.0.0.1:${place.port}`
  const seen: World['seen'] = []
  const upstream = await listen((req, res) => {
    let body = ''
    req.on('data', (chunk) => (body += String(chunk)))
    req.on('end', () => {
      seen.push({
        path: req.url ?? '',
        user: req.headers['x-forwarded-user']?.toString() ?? '',
        spelt: req.headers['x_forwarded_user'],
        body,
      })
      res.end('of the upstream')
    })
  })
  const redirects = { redirect_uris: [`${url}/auth/callback`], application_type: 'native' }
  const provider = await startProvider({}, { ...redirects, post_logout_redirect_uris: [`${url}/auth/logout`] })
  const gate = gateTo(provider, {
    baseURL: url,
    forwardAuth: { proxy },
    identityHeaders: { 'x-forwarded-user': 'sub' },
    publicPaths: ['/public/*'],
    allow: { check: ({ sub }, request) => sub === 'ann' || !request.url.includes('/ann/') },
  })
  const gateServer = await listen(toNode(gate(noApp)))
  place.finally(() => Promise.all([upstream.close(), gateServer.close()]))
  await start(place, { gate: gateServer.url, upstream: upstream.url })
  return { url, ann: browser({}), seen }
}

/** What holds behind every proxy. */
function guards(now: () => World): void {
  it('a page leads through login and back to itself, query and all', async () => {
    const { url, ann, seen } = now()
    const { url: landed, status, text } = await ann.signIn(`${url}/page?x=1&y=a%20b`)
    expect([landed, status, text]).toEqual([`${url}/page?x=1&y=a%20b`, 200, 'of the upstream'])
    expect(seen).toMatchObject([{ path: '/page?x=1&y=a%20b', user: 'ann', body: '' }])
  })

  it('a script without a session gets 401, with the challenge', async () => {
    const response = await fetch(`${now().url}/api`)
    expect([response.status, response.headers.get('location')]).toEqual([401, null])
    expect(response.headers.get('www-authenticate')).toContain('form-action=')
  })

  it('the upstream hears who it is from the gate alone, and gets the body', async () => {
    const { url, ann, seen } = now()
    const cookie = ann.cookieHeader(url)
    const headers = { cookie, 'x-forwarded-user': 'root' }
    expect((await fetch(`${url}/form`, { method: 'POST', body: 'a=1', headers })).status).toBe(200)
    expect(seen.at(-1)).toMatchObject({ path: '/form', user: 'ann', body: 'a=1' })
  })

  it('who has not signed in is nobody to the upstream, whatever the client says (R52)', async () => {
    const { url, seen } = now()
    const headers = { 'x-forwarded-user': 'root', x_forwarded_user: 'root' }
    expect((await fetch(`${url}/public/x`, { headers })).status).toBe(200)
    expect(seen.at(-1)).toMatchObject({ user: '', spelt: undefined })
  })

  it('a request that changes nothing of the session gets no cookie', async () => {
    const { url, ann } = now()
    expect((await ann.fetch(`${url}/page`)).headers.getSetCookie()).toEqual([])
  })

  it('a prolonged session comes back with the page', async () => {
    const { url, ann } = now()
    const time = clock()
    time.forward(5000)
    const { status, headers } = await ann.fetch(`${url}/page`)
    time.restore()
    expect([status, headers.getSetCookie().length]).toEqual([200, 1])
    expect(headers.getSetCookie()[0]).toMatch(/^oidc=/)
    expect((await ann.fetch(`${url}/page`)).status).toBe(200)
  })

  it('who may not pass gets 403, and the upstream hears nothing', async () => {
    const { url, seen } = now()
    const bob = browser({})
    await bob.signIn(`${url}/page`, 'bob')
    const before = seen.length
    expect((await bob.fetch(`${url}/ann/page`)).status).toBe(403)
    expect(seen).toHaveLength(before)
  })

  it('nobody can ask the gate by hand', async () => {
    const { url, ann } = now()
    const cookie = ann.cookieHeader(url)
    expect((await fetch(`${url}/auth/check`, { headers: { cookie, 'x-forwarded-uri': '/' } })).status).toBe(404)
  })

  it('signing out ends it', async () => {
    const { url, ann } = now()
    const form = await ann.open(`${url}/auth/logout`)
    await ann.submit(form, { logout: 'yes' })
    expect((await ann.fetch(`${url}/page`)).status).toBe(303)
  })
}

const proxies: [string, 'nginx' | 'traefik', StartProxy][] = [
  ['nginx', 'nginx', startNginx],
  ['caddy', 'traefik', startCaddy],
]
describe.each(proxies)('behind %s', (command, proxy, start) => {
  overProgram('a site', { command, package: command }, (place) => world(place, proxy, start), guards)
})
