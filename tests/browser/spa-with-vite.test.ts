import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { notesSite } from '@outerware/recipes/spa-with-vite/app'
import { tryoutProvider } from '@outerware/recipes/spa-with-vite/provider'
import { later } from '../recipes/start.ts'
import { Visitor } from '../recipes/visitor.ts'
import { until } from '../support/index.ts'
import { inBrowser } from './browser.ts'

const recipe = join(import.meta.dirname, '../../recipes/spa-with-vite')
const vite = join(import.meta.dirname, '../../node_modules/vite/bin/vite.js')
const dist = mkdtempSync(join(tmpdir(), 'outerware-spa-'))
afterAll(() => rmSync(dist, { recursive: true }))

let url: string
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [vite, 'build', '--outDir', dist], { cwd: recipe })
  const [office, site] = [await later(), await later()]
  url = `http://localhost:${site.running.port}`
  const issuer = `http://127.0.0.1:${office.running.port}`
  const client = { id: 'notes', secret: 'of the client, and only for tests', baseURL: url }
  office.use(await tryoutProvider(issuer, client))
  const secret = 'of the cookies, and only for these tests'
  site.use(notesSite({ dist, baseURL: url, issuer, clientId: client.id, clientSecret: client.secret, secret }))
})

it('the spa-with-vite recipe serves assets to anybody, for ever, and no page without its nonce', async () => {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
  const { file, css } = Object.values<any>(manifest).find(({ isEntry }) => isEntry)
  for (const asset of [file, ...css]) {
    const { status, headers } = await new Visitor().ask(`${url}/${asset}`)
    expect([asset, status, headers['cache-control']]).toEqual([asset, 200, 'public, max-age=31536000, immutable'])
  }
  for (const path of ['/', '/index.html', '/.vite/manifest.json', '/api/notes']) {
    expect([path, (await new Visitor().ask(url + path)).status]).toEqual([path, 401])
  }
})

inBrowser('the spa-with-vite recipe in a browser', (open) => {
  it('keeps what somebody has written when the session ends while the page is open', async () => {
    const { page, context, complaints } = await open()
    await page.goto(`${url}/drafts/7`)
    await page.locator('[name=login]').fill('ada')
    await page.locator('[name=password]').fill('any')
    await page.locator('[type=submit]').click()
    await page.locator('#who', { hasText: 'ada@skerry.example' }).waitFor()
    expect(page.url()).toBe(`${url}/drafts/7`)
    // The provider's own page is not what is looked at.
    const before = complaints.length
    await page.reload()
    await page.locator('#who', { hasText: 'ada@skerry.example' }).waitFor()
    await page.locator('textarea').fill('The first')
    await page.getByRole('button', { name: 'Keep' }).click()
    await page.locator('li', { hasText: 'The first' }).waitFor()
    expect(complaints.slice(before)).toEqual([])

    // The session ends; nobody has told the page.
    await context.clearCookies({ name: /^oidc/ })
    await page.locator('textarea').fill('A long one, which must not be lost')
    await page.getByRole('button', { name: 'Keep' }).click()
    await page.getByRole('link', { name: 'Sign in' }).click()

    await page.locator('li', { hasText: 'A long one' }).waitFor()
    expect(await page.locator('li').allTextContents()).toEqual(['The first', 'A long one, which must not be lost'])
    expect(await page.locator('dialog').isVisible()).toBe(false)
  })

  it('has a new nonce with each page, on every script and style', async () => {
    const { page } = await open()
    const pages: string[] = []
    page.on('response', (response) => {
      if (response.url() === `${url}/` && response.status() === 200)
        void response.text().then((text) => pages.push(text))
    })
    await page.goto(`${url}/`)
    await page.locator('[name=login]').fill('grace')
    await page.locator('[name=password]').fill('any')
    await page.locator('[type=submit]').click()
    await page.locator('#who', { hasText: 'grace@skerry.example' }).waitFor()
    await page.reload()
    await page.locator('#who', { hasText: 'grace@skerry.example' }).waitFor()
    await until(() => pages.length > 1)
    const nonces = pages.map((text) => new Set([...text.matchAll(/nonce="([^"]+)"/g)].map(([, nonce]) => nonce)))
    expect(nonces.map(({ size }) => size)).toEqual([1, 1])
    expect([...nonces[0]!][0]).not.toBe([...nonces[1]!][0])
    for (const text of pages) expect(text).not.toMatch(/<(script|link rel="stylesheet")(?![^>]*nonce=)/)
  })
})
