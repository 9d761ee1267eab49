import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { knotsSite } from '@outerware/recipes/cdn/app'
import { startEdge } from '@outerware/recipes/cdn/edge'
import { describeWith, freePort } from '../support/index.ts'
import { buildKnots } from './cdn.ts'
import { later, type Asks } from './start.ts'
import { Visitor, type Answer } from './visitor.ts'

const FETCHED_AS = 'assets.internal'
const FOREVER = 'public, max-age=31536000, immutable'
const folder = mkdtempSync(join(tmpdir(), 'outerware-cdn-'))
const [first, second] = [join(folder, 'first'), join(folder, 'second')]
afterAll(() => rmSync(folder, { recursive: true }))

/** What a page asks for, and the hashes that it wants. */
function tagsOf({ text }: Answer): { readonly style: string; readonly script: string; readonly integrity: string } {
  const [, style = ''] = /href="([^"]*)"/.exec(text) ?? []
  const [, script = '', integrity = ''] = /src="([^"]*)" integrity="([^"]*)"/.exec(text) ?? []
  return { style, script, integrity }
}

function hashOf(bytes: Uint8Array): string {
  return `sha384-${createHash('sha384').update(bytes).digest('base64')}`
}

describeWith('the cdn recipe, with nginx in the place of a CDN', [{ command: 'nginx', package: 'nginx' }], () => {
  let site: { readonly running: Asks['running']; readonly use: Awaited<ReturnType<typeof later>>['use'] }
  let url: string
  let cdn: string
  let stopEdge: (() => Promise<void>) | undefined
  const ask = (target: string, headers = {}): Promise<Answer> => new Visitor().ask(target, { headers })
  const deploy = (...builds: string[]): void => site.use(knotsSite({ builds, cdn, fetchedAs: FETCHED_AS }))

  beforeAll(async () => {
    const words = (which: string): string => `console.log(${JSON.stringify(`the ${which} build `.repeat(50))})\n`
    await Promise.all([buildKnots(first, words('first')), buildKnots(second, words('second'))])
    site = await later()
    url = `http://localhost:${site.running.port}`
    const PORT = await freePort()
    stopEdge = await startEdge({ PORT, SITE: site.running.port, FETCHED_AS })
    cdn = `http://localhost:${PORT}`
    deploy(first)
  })
  afterAll(() => stopEdge?.())

  it('a page names its assets at the CDN, which gives the very bytes that it wants', async () => {
    const page = await ask(`${url}/`)
    const { script, style, integrity } = tagsOf(page)
    for (const asset of [script, style]) {
      expect(asset).toMatch(new RegExp(`^${cdn}/assets/main-[\\w-]{8}\\.(js|css)$`))
      const { status, headers } = await ask(asset)
      expect([status, headers['cache-control'], headers['access-control-allow-origin']]).toEqual([200, FOREVER, '*'])
      expect(headers['cross-origin-resource-policy']).toBe('cross-origin')
    }
    expect(hashOf((await ask(script)).bytes)).toBe(integrity)
    expect(page.headers['content-security-policy']).toContain(`script-src 'self' ${cdn};`)
    expect(page.headers['cross-origin-resource-policy']).toBe('same-origin')
  })

  it('the CDN asks once for each form, and gives each to whom it fits', async () => {
    const { script, integrity } = tagsOf(await ask(`${url}/`))
    const forms = [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const
    for (const [coding, decode] of forms) {
      const [miss, hit] = [
        await ask(script, { 'accept-encoding': coding }),
        await ask(script, { 'accept-encoding': coding }),
      ]
      expect([miss.headers['x-cache'], hit.headers['x-cache']]).toEqual(['MISS', 'HIT'])
      expect(hit.headers['content-encoding']).toBe(coding)
      expect(hashOf(decode(hit.bytes))).toBe(integrity)
    }
  })

  it('a deploy needs no purge: pages name what is new, and what is old is there for pages that are open', async () => {
    const old = tagsOf(await ask(`${url}/`))
    deploy(second, first)
    const now = tagsOf(await ask(`${url}/`))
    expect(now.script).not.toBe(old.script)
    expect(hashOf((await ask(now.script)).bytes)).toBe(now.integrity)
    expect(hashOf((await ask(old.script)).bytes)).toBe(old.integrity)
    // Also for a CDN that has not kept it.
    const { status } = await ask(old.script.replace(cdn, url))
    expect(status).toBe(200)
  })

  it('what the CDN asks for too early, in the middle of a roll-out, is there as soon as the site has it', async () => {
    deploy(second, first)
    const { script, integrity } = tagsOf(await ask(`${url}/`))
    deploy(first)
    await stopEdge?.()
    stopEdge = await startEdge({ PORT: Number(new URL(cdn).port), SITE: site.running.port, FETCHED_AS })
    const missing = await ask(script)
    expect([missing.status, missing.headers['cache-control']]).toEqual([404, 'no-store'])
    deploy(second, first)
    expect(hashOf((await ask(script)).bytes)).toBe(integrity)
  })

  it('what the CDN has, it gives while the site is down', async () => {
    deploy(second, first)
    const { script, integrity } = tagsOf(await ask(`${url}/`))
    await ask(script)
    site.use(() => {
      throw new Error('down')
    })
    const { headers, bytes } = await ask(script)
    deploy(second, first)
    expect([headers['x-cache'], hashOf(bytes)]).toEqual(['HIT', integrity])
  })

  it.each(['/', '/index.html', '/nothing', '/.vite/manifest.json', '/.static-manifest.json'])(
    'by the name of the CDN, %s is no page, and no cache keeps that',
    async (path) => {
      const { status, headers } = await ask(cdn + path)
      expect([status, headers['cache-control']]).toEqual([404, 'no-store'])
    },
  )

  it('without a CDN the same site gives its assets itself', async () => {
    site.use(knotsSite({ builds: [first], cdn: '', fetchedAs: FETCHED_AS }))
    const { script, integrity } = tagsOf(await ask(`${url}/`))
    deploy(second, first)
    expect(script).toMatch(/^\/assets\/main-/)
    expect(integrity).toMatch(/^sha384-/)
  })
})
