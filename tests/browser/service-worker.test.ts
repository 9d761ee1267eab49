import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { oidc, type Auth } from '@outerware/oauth2'
import { listen, type Listening } from '../support/index.ts'
import { clientId, clientSecret, secret, startProvider } from '../oauth2/support/index.ts'
import { inBrowser } from './browser.ts'

/** Passes everything on, as one does that keeps what it sees for times without a network. */
const worker = `addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => event.respondWith(fetch(event.request)))`

/** Resolves once the worker is in charge of the page. */
const inCharge = `navigator.serviceWorker.register('/worker.js').then(() => new Promise((resolve) => {
  const { serviceWorker } = navigator
  if (serviceWorker.controller !== null) resolve()
  else serviceWorker.addEventListener('controllerchange', () => resolve())
}))`

const seen: (string | null)[] = []
const app: App<{ auth: Auth | undefined }> = ({ url, headers }, { auth }) => {
  const { pathname } = new URL(url)
  if (pathname === '/worker.js') return respond(worker, { headers: { 'content-type': 'text/javascript' } })
  seen.push(headers.get('sec-fetch-dest'))
  const text = `<!doctype html><title>.</title><h1>${auth?.sub} at ${pathname}</h1><a href="/auth/logout">Leave</a>`
  return respond(text, { headers: { 'content-type': 'text/html' } })
}

inBrowser('a page that a service worker fetches', (open) => {
  let site: Listening
  let url = ''
  beforeAll(async () => {
    // A worker needs a certificate that is trusted, or this machine.
    const server = createServer()
    site = await listen(server)
    url = `http://localhost:${site.port}`
    const { issuer } = await startProvider({}, { redirect_uris: [`${url}/auth/callback`] })
    const gate = oidc({
      issuer,
      clientId,
      clientSecret,
      baseURL: url,
      secret,
      allowInsecureRequests: true,
      idpLogout: false,
      publicPaths: ['/', '/worker.js'],
    })
    server.on('request', toNode(gate(app)))
  })
  afterAll(() => site.close())

  it('leads through login, and its link signs out', async () => {
    const { page } = await open()
    await page.goto(url)
    await page.evaluate(inCharge)
    await page.goto(`${url}/private`)
    await page.locator('input[name=login]').fill('ann')
    await page.locator('input[name=password]').fill('x')
    await page.getByRole('button', { name: 'Sign-in' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(`${url}/private`)
    expect(await page.locator('h1').innerText()).toBe('ann at /private')
    // So Chromium says of a navigation that has gone through a worker.
    expect(seen).toContain('empty')
    await page.getByRole('link', { name: 'Leave' }).click()
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
  })
})
