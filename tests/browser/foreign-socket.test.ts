import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { fromNode, toNode, toUpgrade } from '@outerware/core/node'
import { authOf, oidc, type Auth } from '@outerware/oauth2'
import { WebSocketServer } from 'ws'
import { listen, type Listening } from '../support/index.ts'
import { clientId, clientSecret, secret, startProvider } from '../oauth2/support/index.ts'
import { inBrowser, type Window } from './browser.ts'

const html = { headers: { 'content-type': 'text/html' } }
const sockets = new WebSocketServer({ noServer: true })
const chat = fromNode((_req, res) => void res.end(), {
  upgrade: (req, socket, head) =>
    sockets.handleUpgrade(req, socket, head, (client) => client.send(`hello ${authOf(req)?.sub}`)),
})
const app: App<{ auth: Auth }> = (request, context) =>
  context.upgrade === undefined ? respond(`<!doctype html><h1>${context.auth.sub}</h1>`, html) : chat(request, context)

inBrowser('a WebSocket with the cookie of a session', (open) => {
  let site: Listening
  let foreign: Listening
  let url = ''
  beforeAll(async () => {
    const server = createServer()
    site = await listen(server)
    url = `http://localhost:${site.port}`
    const { issuer } = await startProvider({}, { redirect_uris: [`${url}/auth/callback`] })
    const gate = oidc({ issuer, clientId, clientSecret, baseURL: url, secret, allowInsecureRequests: true })
    const whole = gate(app)
    server.on('request', toNode(whole)).on('upgrade', toUpgrade(whole))
    foreign = await listen((_req, res) => void res.setHeader('content-type', 'text/html').end('<!doctype html>'))
  })
  afterAll(async () => {
    for (const client of sockets.clients) client.terminate()
    await Promise.all([site.close(), foreign.close()])
  })

  /** What a page hears from the site. */
  const hear = ({ page }: Window): Promise<string> =>
    page.evaluate(
      (address) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(address)
          socket.addEventListener('message', ({ data }) => resolve(String(data)))
          socket.addEventListener('error', () => resolve('nothing'))
        }),
      url.replace('http', 'ws'),
    )

  it('speaks for the user to a page of the site, and to none of another origin of the same site', async () => {
    const window = await open()
    await window.page.goto(url)
    await window.page.locator('input[name=login]').fill('ann')
    await window.page.locator('input[name=password]').fill('x')
    await window.page.getByRole('button', { name: 'Sign-in' }).click()
    await window.page.getByRole('button', { name: 'Continue' }).click()
    await window.page.waitForURL(`${url}/`)
    expect(await hear(window)).toBe('hello ann')
    // Another port is the same site, so SameSite=Lax lets the cookie go along.
    await window.page.goto(`http://localhost:${foreign.port}`)
    expect(await hear(window)).toBe('nothing')
  })
})
