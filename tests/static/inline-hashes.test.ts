import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { after, compose, editHeaders, inlineHashesOf, type InlineHashes, type Wrapper } from '@outerware/core'
import { toNode } from '@outerware/core/node'
import { staticFiles, type StaticFilesOptions } from '@outerware/static'
import { complaintsWith, inBrowser } from '../browser/browser.ts'
import { get, listen, testContext } from '../support/index.ts'
import { app, folder } from './support.ts'

const sha256 = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`

/** Asks for a path, and gives what wrappers further out are told of the page. */
async function told(
  options: StaticFilesOptions,
  path: string,
  headers: Record<string, string> = {},
): Promise<[status: number, hashes: InlineHashes | undefined]> {
  const context = testContext()
  const response = await staticFiles({ inlineHashes: true, report: () => {}, ...options })(app)(
    get(path, headers),
    context,
  )
  await response.text()
  context.finish()
  return [response.status, inlineHashesOf(context)]
}

const page = '<!doctype html><style>p{}</style><script>one()</script><script>two()</script><script>one()</script>'
const hashes = { scriptHashes: [sha256('one()'), sha256('two()')], styleHashes: [sha256('p{}')] }

describe('staticFiles({ inlineHashes: true })', () => {
  it('tells those outside of a page’s inline scripts and styles, each once', async () => {
    const [status, found] = await told({ dir: folder({ 'index.html': page }) }, '/')
    expect(status).toBe(200)
    expect(new Set(found?.scriptHashes)).toEqual(new Set(hashes.scriptHashes))
    expect(found?.scriptHashes).toHaveLength(2)
    expect(found?.styleHashes).toEqual(hashes.styleHashes)
  })

  it('tells of them with a 304 as well, whose fields replace those of the page that is kept', async () => {
    const [status, found] = await told({ dir: folder({ 'index.html': page }) }, '/', { 'if-none-match': '*' })
    expect(status).toBe(304)
    expect(found?.styleHashes).toEqual(hashes.styleHashes)
  })

  it('tells of a page that stands for another path, and of the page that goes with a 404', async () => {
    const dir = folder({ 'index.html': page, '404.html': '<script>lost()</script>' })
    const [, single] = await told({ dir, single: true }, '/a/b', { accept: 'text/html' })
    expect(single?.styleHashes).toEqual(hashes.styleHashes)
    const [status, missing] = await told({ dir, fallthrough: false, notFound: '404.html' }, '/a/b')
    expect(status).toBe(404)
    expect(missing?.scriptHashes).toEqual([sha256('lost()')])
  })

  it('says that a page has none, and nothing of what is no page, or is the app’s', async () => {
    const dir = folder({ 'index.html': '<p>', 'a.js': 'one()', 'a.svg': '<script>one()</script>' })
    expect(await told({ dir }, '/')).toEqual([200, { scriptHashes: [], styleHashes: [] }])
    expect(await told({ dir }, '/a.js')).toEqual([200, undefined])
    expect(await told({ dir }, '/a.svg')).toEqual([200, undefined])
    expect(await told({ dir }, '/app')).toEqual([404, undefined])
  })

  it('reads no page unless it is asked to', async () => {
    expect(await told({ dir: folder({ 'index.html': page }), inlineHashes: false }, '/')).toEqual([200, undefined])
  })

  it('knows of a page that was changed', async () => {
    const dir = folder({ 'index.html': page })
    const site = staticFiles({ dir, inlineHashes: true, recheckMs: 0 })(app)
    const ask = async (): Promise<readonly string[] | undefined> => {
      const context = testContext()
      await (await site(get('/'), context)).text()
      context.finish()
      return inlineHashesOf(context)?.scriptHashes
    }
    expect(await ask()).toHaveLength(2)
    writeFileSync(join(dir, 'index.html'), '<script>three()</script>')
    expect(await ask()).toEqual([sha256('three()')])
  })

  it.each<[string, string | Uint8Array, string[]]>([
    ['capitals', '<SCRIPT>a</SCRIPT >', ['a']],
    ['line breaks of another system, which are read as one', '<script>a\r\nb\rc</script>', ['a\nb\nc']],
    ['what looks like an entity, and is none in a script', '<script>a&amp;b</script>', ['a&amp;b']],
    ['an entity in a script of SVG, where it is one', '<svg><script>a&amp;b</script></svg>', ['a&b']],
    ['an end in a string, which is the end', '<script>"</script>"</script>', ['"']],
    [
      'a comment in a script that holds another one',
      '<script><!--<script>a</script>--></script>',
      ['<!--<script>a</script>-->'],
    ],
    ['a script in a comment', '<!-- <script>a</script> -->', []],
    ['a script in a text field', '<textarea><script>a</script></textarea>', []],
    ['a script in a title', '<title><script>a</script></title>', []],
    ['a script in an attribute', '<p title="<script>a</script>">', []],
    ['an unquoted attribute with a >', '<script data-a=">">a</script>', ['a']],
    ['a script that was not ended, and does not run', '<script>a', ['a']],
    ['an external one', '<script src=a.js>a</script><script src>a</script>', []],
    ['an external one of SVG', '<svg><script href="a.js">a</script><script xlink:href="a.js">b</script></svg>', []],
    ['a src of SVG, which means nothing', '<svg><script src="a.js">a</script></svg>', ['a']],
    ['an empty one', '<script></script>', []],
    ['white space', '<script> </script>', [' ']],
    ['a module', '<script type="module">a</script>', ['a']],
    ['a map of imports', '<script type="importmap">{}</script>', ['{}']],
    ['rules of speculation', '<script type="speculationrules">{}</script>', ['{}']],
    ['an old name', '<script type=" Text/JavaScript1.5 ">a</script>', ['a']],
    ['a language', '<script language="JavaScript">a</script>', ['a']],
    ['data', '<script type="application/ld+json">{}</script><script type="text/template">a</script>', []],
    ['an empty type', '<script type="">a</script>', ['a']],
    ['a type of white space, which is none', '<script type=" ">a</script>', []],
    ['a script in a template', '<template><script>a</script></template>', ['a']],
    ['a page in an attribute', '<iframe srcdoc="<script>a &amp;amp; b</script>"></iframe>', ['a &amp; b']],
    ['letters beyond ASCII', '<script>"ü€😀"</script>', ['"ü€😀"']],
    ['a byte order mark', '\ufeff<script>a</script>', ['a']],
    ['bytes that are no UTF-8', Buffer.from('<script>"\xff"</script>', 'latin1'), ['"\ufffd"']],
    ['a NUL', '<script>a\0b</script>', ['a\ufffdb']],
  ])('reads %s as a browser does', async (_what, html, scripts) => {
    const [, found] = await told({ dir: folder({ 'index.html': html }) }, '/')
    expect(found?.scriptHashes).toEqual(scripts.map(sha256))
  })

  it('finds the styles that are for browsers without scripts', async () => {
    const html = '<head><noscript><style>a{}</style></noscript></head><body><noscript><style>b{}</style></noscript>'
    const [, found] = await told({ dir: folder({ 'index.html': html }) }, '/')
    expect(new Set(found?.styleHashes)).toEqual(new Set([sha256('a{}'), sha256('b{}')]))
  })

  it('decodes a page in the charset that it is sent with', async () => {
    const dir = folder({ 'index.html': Buffer.from('<script>"ü"</script>', 'latin1') })
    const [, found] = await told({ dir, charset: 'iso-8859-1' }, '/')
    expect(found?.scriptHashes).toEqual([sha256('"ü"')])
  })
})

/** As `securityHeaders()` does it, only shorter. */
const policy: Wrapper = (inner) => (request, context) =>
  after(inner(request, context), (response) => {
    const { scriptHashes = [], styleHashes = [] } = inlineHashesOf(context) ?? {}
    const quoted = (list: readonly string[]): string => list.map((hash) => ` '${hash}'`).join('')
    const value = `default-src 'none'; script-src 'self'${quoted(scriptHashes)}; style-src 'self'${quoted(styleHashes)}`
    return editHeaders(response, (headers) => headers.set('content-security-policy', value))
  })

inBrowser('inline hashes in a browser', (open) => {
  it('let run what stands in the page, and nothing that is put there later', async () => {
    const dir = folder({
      'index.html': `<!doctype html><meta charset="utf-8"><title>inline</title>
        <style>p { color: rgb(1, 2, 3) }</style>
        <script>var ran = ['ü']\r\n</script>
        <!-- <script>ran.push('never')</script> -->
        <script type="module">ran.push('module')</script>
        <script><!--
          ran.push('commented')
        --></script>
        <svg><script>ran.push('a' &amp;&amp; 'svg')</script></svg>
        <p>text</p>`,
    })
    const listening = await listen(toNode(compose(policy, staticFiles({ dir, inlineHashes: true }))(app)))
    try {
      const { page: tab, complaints } = await open()
      await tab.goto(`${listening.url}/`)
      await tab.waitForFunction('ran.length === 4')
      expect(await tab.evaluate('ran')).toEqual(['ü', 'commented', 'svg', 'module'])
      expect(await tab.evaluate('getComputedStyle(document.querySelector("p")).color')).toBe('rgb(1, 2, 3)')
      expect(complaints).toEqual([])

      await tab.evaluate(`{
        const injected = document.createElement('script')
        injected.textContent = 'ran.push("injected")'
        document.body.append(injected)
      }`)
      expect(await tab.evaluate('ran')).toHaveLength(4)
      expect((await complaintsWith(/script-src/, complaints)).join('\n')).toContain('script-src')
    } finally {
      await listening.close()
    }
  })
})
