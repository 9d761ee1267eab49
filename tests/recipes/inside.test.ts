import { beforeAll, describe, expect, it } from '@jest/globals'
import { brotliDecompressSync } from 'node:zlib'
import type { App } from '@outerware/core'
import { inExpress, inFastify, inHono, inKoa } from '@outerware/recipes/hooks-inside/app'
import { lights } from '@outerware/recipes/languages/app'
import { languages } from '@outerware/recipes/languages/languages'
import { OneLight, renderPage } from '@outerware/recipes/languages/pages'
import { contrast } from '@outerware/recipes/outer-or-inner/app'
import { apps } from '@outerware/recipes/outer-or-inner/apps'
import { FIELD, requestNumbers } from '@outerware/recipes/outer-or-inner/concern'
import { inside, outside, without } from '@outerware/recipes/outer-or-inner/stacks'
import { study, type Study } from '@outerware/recipes/outer-or-inner/study'
import { harbourStreet } from '@outerware/recipes/tenants/app'
import { tenants } from '@outerware/recipes/tenants/shops'
import { testContext } from '../support/index.ts'
import { start } from './start.ts'
import type { Ask } from './visitor.ts'

const strict = { 'content-security-policy': expect.stringContaining("style-src 'self'") }
const inline = /<script>|<style|\sstyle=|\son\w+=/

describe('tenants', () => {
  let ask: Awaited<ReturnType<typeof start>>
  beforeAll(async () => void (ask = await start(harbourStreet(tenants))))
  const at = (shop: string): Ask => ({ headers: { host: `${shop}.localhost` } })

  it.each([
    ['bakery', '/', 'Crumb &amp; Crust'],
    ['bakery', '/bread/gull', 'The gull'],
    ['bakery', '/bread/k%C3%A4sekranz', 'Käsekranz'],
    ['chandlery', '/stock/manila-12', 'Manila rope, 12 mm'],
    ['chandlery', '/tides', 'Tides today'],
    ['books', '/shelf/forty-knots', 'Forty Knots'],
    ['nobody', '/', 'Harbour Street'],
  ])('%s has %s', async (shop, path, title) => {
    const { status, text, headers } = await ask(path, at(shop))
    expect([status, /<h1>(.*?)<\/h1>/.exec(text)?.[1]]).toEqual([200, title])
    expect(headers).toMatchObject(strict)
    expect(text).not.toMatch(inline)
  })

  it.each([
    ['books', '/bread/gull'],
    ['bakery', '/tides'],
    ['bakery', '/bread/brick'],
    ['nobody', '/tides'],
  ])('%s has no %s, and says so on a page of its own', async (shop, path) => {
    const { status, text, headers } = await ask(path, at(shop))
    expect(status).toBe(404)
    expect(text).toContain(tenants.get(shop)?.name.replace('&', '&amp;') ?? 'The street has no such page')
    expect(headers).toMatchObject(strict)
  })

  it('opens and closes shops while it runs, and a new edition has its new shelf', async () => {
    const shops = new Map(tenants)
    const own = await start(harbourStreet(shops))
    const bakery = tenants.get('bakery')!
    expect((await own('/bread/gull', at('bakery'))).status).toBe(200)
    shops.set('bakery', { ...bakery, edition: 2, shelf: 'rolls' })
    expect((await own('/bread/gull', at('bakery'))).status).toBe(404)
    expect((await own('/rolls/gull', at('bakery'))).status).toBe(200)
    shops.delete('bakery')
    expect((await own('/', at('bakery'))).text).toContain('<h1>Harbour Street</h1>')
  })
})

describe('languages', () => {
  let ask: Awaited<ReturnType<typeof start>>
  beforeAll(async () => void (ask = await start(lights)))

  it.each([
    ['de', 'de'],
    ['fr-CH, de;q=0.8', 'fr'],
    ['fr;q=0.5, de;q=0.8', 'de'],
    ['nl, *;q=0.1', 'en'],
    ['de;q=0', 'en'],
    ['en;q=0, *', 'de'],
    ['*;q=0.9, en-GB;q=0.3', 'de'],
    ['en, *', 'en'],
    ['nl', 'en'],
    ['', 'en'],
  ])('%j is led to %s', async (wanted, code) => {
    const { status, headers } = await ask('/', wanted === '' ? {} : { headers: { 'accept-language': wanted } })
    expect([status, headers.location, headers.vary]).toEqual([302, `./${code}/`, 'accept-language'])
  })

  it.each([
    ['/en/lights/abbey', 'en', 'Abbey'],
    ['/de/leuchtt%C3%BCrme/abbey', 'de', 'Abtei'],
    ['/fr/phares/abbey', 'fr', 'L’Abbaye'],
  ])('%s is in its language, and leads to itself in the others', async (path, code, title) => {
    const { status, text, headers } = await ask(path)
    expect([status, headers['content-language'], /<h1>(.*?)<\/h1>/.exec(text)?.[1]]).toEqual([200, code, title])
    expect(text).toContain(`<html lang="${code}">`)
    const alternates = [...text.matchAll(/rel="alternate" hreflang="(\w+)" href="([^"]+)"/g)]
    expect(alternates.map(([, ...pair]) => pair)).toEqual([
      ['en', '/en/lights/abbey'],
      ['de', '/de/leuchtt%C3%BCrme/abbey'],
      ['fr', '/fr/phares/abbey'],
    ])
    for (const [, , href] of alternates) expect((await ask(href!)).status).toBe(200)
    expect(headers).toMatchObject(strict)
    expect(text).not.toMatch(inline)
  })

  it('escapes what is put into its pages', async () => {
    const [english] = languages.values()
    const light = { slug: 'a', name: '<b>&', character: '"', text: '<script>' }
    const data = { language: english, others: [], light }
    const page = await renderPage(OneLight, data, new Request('http://site.test/'), testContext())
    expect(page).toMatch(/^<!doctype html><html lang="en">/)
    expect(page).toContain('<h1>&lt;b&gt;&amp;</h1><p class="lead">&lt;script&gt;</p>')
  })

  it.each([
    ['/de/lights/abbey', 'Diese Seite gibt es nicht.', undefined],
    ['/fr/phares/nulle-part', 'Cette page n’existe pas.', undefined],
    ['/nl/', 'There is no such page.', 'accept-language'],
  ])('%s is a 404, in the language in which it was looked for', async (path, said, vary) => {
    const { status, text, headers } = await ask(path)
    expect([status, headers.vary]).toEqual([404, vary])
    expect(text).toContain(said)
  })
})

describe('hooks-inside', () => {
  it.each<[string, () => App | Promise<App>]>([
    ['Express', inExpress],
    ['Fastify', inFastify],
    ['Koa', inKoa],
    ['Hono', inHono],
  ])('%s has its page dressed and coded', async (_name, make) => {
    const ask = await start(await make())
    const { headers, bytes } = await ask('/', { headers: { 'accept-encoding': 'br' } })
    expect(headers).toMatchObject({ 'content-encoding': 'br', 'x-frame-options': 'SAMEORIGIN' })
    expect(brotliDecompressSync(bytes).toString()).toMatch(/^The lamp is lit/)
    expect((await ask('/nowhere')).headers).toMatchObject({ 'x-frame-options': 'SAMEORIGIN' })
  })
})

describe('outer-or-inner', () => {
  const little = { warmUp: 1, rounds: 1, requests: 2 }
  let found: Study
  beforeAll(async () => void (found = await study(little)))

  /** Which of the places cover the answer to a question: outside, five with hooks, four with their own means. */
  const marks = (question: string): string =>
    found.coverage
      .find((row) => row.question === question)!
      .findings.map(({ covered }) => (covered ? 'x' : '-'))
      .join('')

  it.each([
    ['A page of a view', 'x xxxxx xxxx'],
    ['A path that nobody has', 'x xxxxx xxxx'],
    ['A view that throws', 'x xxxxx xx-x'],
    ['A path with a bad escape', 'x xx-xx x--x'],
    ['A file in front of the app', 'x ----- ----'],
    ['A switch of protocols', 'x ----- ----'],
    ['Bytes that are no HTTP', '- ----- ----'],
  ])('%s is covered where the guide says: %s', (question, wanted) => {
    expect(marks(question)).toBe(wanted.replaceAll(' ', ''))
  })

  it('has answers to look at: none is missing', () => {
    for (const { question, findings } of found.coverage) {
      for (const { status } of findings.slice(1)) expect([question, status]).toEqual([question, expect.any(Number)])
    }
  })

  it('knows inside what outside nobody can', () => {
    expect(found.lines).toEqual({
      outside: 'GET · /lights/skerry · 200 · sent',
      inside:
        'GET · /lights/skerry · view light · route /lights/:name · name = skerry · template light with name, range · 200 · sent',
    })
  })

  it.each<[string, () => Promise<App>, object]>([
    ['without', () => without(apps.Express), { [FIELD]: undefined }],
    [
      'outside',
      () =>
        outside(
          apps.Express,
          requestNumbers(() => {}),
        ),
      { [FIELD]: '2' },
    ],
    [
      'inside',
      () =>
        inside(
          apps.Express,
          requestNumbers(() => {}),
        ),
      { [FIELD]: '1' },
    ],
  ])('compares like with like: %s has the same files in front of the same app', async (_place, make, fields) => {
    const ask = await start(await make())
    const file = await ask('/favicon.svg')
    expect([file.status, file.headers['content-type']]).toEqual([200, 'image/svg+xml'])
    const page = await ask('/lights/skerry')
    expect({ [FIELD]: page.headers[FIELD] }).toEqual(fields)
  })

  it('measures every place, and nothing is for nothing', () => {
    expect(found.costs.map(({ framework, place }) => `${framework} ${place}`)).toEqual([
      'site() without',
      'site() outside',
      'site() inside',
      'Express without',
      'Express outside',
      'Express inside',
    ])
    for (const { microseconds } of found.costs) expect(microseconds).toBeGreaterThan(0)
  })

  it('shows all of it on a page with neither script nor inline style', async () => {
    const ask = await start(contrast(little))
    const { status, text, headers } = await ask('/')
    expect(status).toBe(200)
    expect(headers).toMatchObject(strict)
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(text).not.toMatch(/<script|<style|\sstyle=|\son\w+=/)
    expect(text.match(/<rect class="length" width="[\d.]+"/g)).toHaveLength(6)
    expect(text.match(/aria-label="(covered|missed)"/g)).toHaveLength(70)
    expect((await ask('/again', { method: 'POST' })).headers.location).toBe('/')
    expect(await ask('/again')).toMatchObject({ status: 405, headers: { allow: 'OPTIONS, POST' } })
  })
})
