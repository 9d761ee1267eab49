import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { startExpressSite, type RunningSite } from '../recipes/express-site.ts'
import { complaintsWith, inBrowser, type Window } from './browser.ts'

inBrowser('the express-site recipe in a browser', (open) => {
  let site: RunningSite
  beforeAll(async () => {
    site = await startExpressSite()
  })
  afterAll(() => site.stop())

  it('shows its public page, styled under the strict policy', async () => {
    const { page, complaints } = await open()
    await page.goto(site.url)
    expect(await page.title()).toBe('The station · Skerry Light')
    expect(await page.evaluate('getComputedStyle(document.querySelector(".wordmark")).fontStyle')).toBe('italic')
    expect(complaints).toEqual([])
  })

  it('signs in at the provider, posts, uploads, watches an event arrive, and signs out', async () => {
    const { page, context, complaints } = await open()

    // The page that was asked for is the one that is shown after the sign-in.
    await page.goto(`${site.url}/watch`)
    expect(new URL(page.url()).origin).toBe(site.issuer)
    await signIn(page, 'Tómas Ó Briain')
    await page.waitForURL(`${site.url}/watch`)
    await page.getByRole('link', { name: 'Tómas Ó Briain' }).waitFor()

    // The feed is live, and what is written in another tab arrives.
    await page.getByText('Live: a reading every two seconds.').waitFor()
    const tab = await context.newPage()
    await tab.goto(`${site.url}/log`)
    await tab.getByLabel('About').selectOption('Weather')
    await tab.getByLabel('What happened').fill('Fog from the west, <horn> sounded & heard.')
    await tab.getByRole('button', { name: 'Sign and enter' }).click()
    await tab.getByRole('listitem').filter({ hasText: '<horn> sounded & heard' }).waitFor()
    await page.getByRole('listitem').filter({ hasText: '<horn> sounded & heard' }).waitFor()

    await tab.goto(`${site.url}/sketches`)
    await tab.getByLabel('What it shows').fill('One pixel of sea')
    await tab.getByLabel('Picture').setInputFiles({ name: 'sea.png', mimeType: 'image/png', buffer: pixel })
    await tab.getByRole('button', { name: 'Pin it up' }).click()
    await tab.getByRole('img', { name: 'One pixel of sea' }).scrollIntoViewIfNeeded()
    expect(await tab.evaluate('document.images[0].decode().then(() => document.images[0].naturalWidth)')).toBe(1)
    await tab.close()

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign out here too?' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${site.url}/`)
    await page.getByRole('link', { name: 'Sign in', exact: true }).waitFor()
    expect(complaints).toEqual([])

    // Signed out at both: the gate asks again, and so does the provider.
    await page.goto(`${site.url}/log`)
    await page.getByLabel('Password').waitFor()
  })

  it('shows the form again with what is missing', async () => {
    const { page } = await open()
    await page.goto(`${site.url}/me`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    expect(await page.getByRole('alert').textContent()).toBe('Type a password. Any will do.')
    await signIn(page, 'Mairi Sinclair')
    await page.waitForURL(`${site.url}/me`)
    await page.getByText('mairi@skerry.example').waitFor()
  })

  it('shows a page of its own to whom the provider knows and the site does not let in', async () => {
    const { page, complaints } = await open()
    await page.goto(`${site.url}/log`)
    await signIn(page, 'Rafe Quill')
    await page.waitForURL((url) => url.origin === site.url)
    await page.getByText('rafe@ketch-hollin.example').waitFor()
    expect(await complaintsWith(/403/, complaints)).toEqual([expect.stringContaining('status of 403')])

    // The provider still knows Rafe, and must ask nonetheless.
    await page.getByRole('link', { name: 'Sign in as somebody else' }).click()
    await signIn(page, 'Ingrid Solheim')
    await page.getByRole('link', { name: 'Ingrid Solheim' }).waitFor()
  })
})

async function signIn(page: Window['page'], name: string): Promise<void> {
  await page.getByLabel(name).check()
  await page.getByLabel('Password').fill('any')
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
