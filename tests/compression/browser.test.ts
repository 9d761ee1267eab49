/** What Chromium makes of the bytes: it decodes them by itself, over HTTP/1.1 and HTTP/2. */
import { afterEach, describe, expect, it } from '@jest/globals'
import { respond, type App } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { compression, type Encoding } from '@outerware/compression'
import { inBrowser } from '../browser/browser.ts'
import { listen, type Listening } from '../support/index.ts'
import { hasDictionaries, hasZstd } from '../support/zstd.ts'
import { listing } from './dictionaries.ts'
import { page as text, sites, splits, startBoth, type Both } from './sites.ts'

const codings: readonly Encoding[] = hasZstd ? ['zstd', 'br', 'gzip'] : ['br', 'gzip']

/** In the page: asks for many paths; tells what came, in which codings, by which protocols. */
const asking = (paths: readonly string[]): string => `(async () => {
  const answers = await Promise.all(${JSON.stringify(paths)}.map(async (path) => {
    const response = await fetch(path)
    return [await response.text(), response.headers.get('content-encoding')]
  }))
  const protocols = performance.getEntriesByType('resource').map(({ nextHopProtocol }) => nextHopProtocol)
  const distinct = (values) => [...new Set(values)]
  return { texts: distinct(answers.map(([text]) => text)), codings: distinct(answers.map(([, coding]) => coding)),
    protocols: distinct(protocols) }
})()`

/** An empty page beside the app. */
const withPage =
  (app: App): App =>
  (request, context) =>
    /\d$/.test(request.url) ? app(request, context) : new Response('', { headers: { 'content-type': 'text/html' } })

const over = (version: string) =>
  sites.filter(({ versions }) => versions.includes(version)).map(({ name, app }) => [name, app] as const)

inBrowser('Chromium', (open) => {
  describe.each(over('1.1'))('%s over HTTP/1.1', (_name, app) => {
    let site: Listening
    afterEach(() => site.close())

    it.each(codings)('every split of a body is whole again, by %s', async (coding) => {
      const wrap = compression({ encodings: [coding], syncThreshold: 0, threshold: 0 })
      site = await listen(toNode(wrap(withPage(await app()))))
      const { page } = await open()
      await page.goto(`http://localhost:${site.port}/`)
      const seen = await page.evaluate(asking(splits.map((at) => `/${at}`)))
      expect(seen).toEqual({ texts: [text], codings: [coding], protocols: ['http/1.1'] })
    })
  })

  describe.each(over('2'))('%s over HTTP/2', (_name, app) => {
    let site: Both
    afterEach(() => site.close())

    it.each(codings)('every split of a body is whole again, by %s', async (coding) => {
      site = await startBoth(withPage(await app()), { encodings: [coding] })
      const { context } = await open()
      const trusting = await context.browser()!.newContext({ ignoreHTTPSErrors: true })
      const page = await trusting.newPage()
      await page.goto(site.url)
      const seen = await page.evaluate(asking(splits.map((at) => `/${at}`)))
      await trusting.close()
      expect(seen).toEqual({ texts: [text], codings: [coding], protocols: ['h2'] })
    })
  })

  const withDictionaries = hasDictionaries ? it : it.skip

  withDictionaries('keeps the dictionary that the app names, and reads what is coded by it', async () => {
    const app: App = ({ url }) => {
      const version = Number(/\d+$/.exec(url)?.[0])
      const fields = { 'content-type': 'application/json', 'cache-control': 'max-age=600' }
      return respond(listing(version), {
        headers: version === 1 ? { ...fields, 'use-as-dictionary': 'match="/list/*"' } : fields,
      })
    }
    const site = await listen(toNode(compression({ dictionaries: { maxBytes: 1_000_000 } })(withPage(app))))
    try {
      const { page } = await open()
      await page.goto(`http://localhost:${site.port}/`)
      const read = async (version: number): Promise<string | undefined> => {
        const answer = page.waitForResponse(`**/list/${version}`)
        const text = await page.evaluate(`fetch('/list/${version}').then((response) => response.text())`)
        expect(text).toBe(listing(version))
        return (await answer).headers()['content-encoding']
      }
      expect(await read(1)).toBe('zstd')
      // It keeps a dictionary in its own time.
      let coding: string | undefined
      for (let version = 2; coding !== 'dcz' && version < 100; version++) coding = await read(version)
      expect(coding).toBe('dcz')
    } finally {
      await site.close()
    }
  })
})
