import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { inBrowser } from '../browser/browser.ts'

// Typedoc reads every package, on machines that may be busy.
jest.setTimeout(600_000)

const root = resolve(import.meta.dirname, '../..')
const out = mkdtempSync(join(tmpdir(), 'outerware-docs-'))
const screenshots = join(root, 'dist/screenshots')
let pages: ReadonlyMap<string, string>
let server: ChildProcess | undefined
let url: string

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(root, 'tools/docs/build.js'), '--out', out])
  pages = new Map(htmlIn(out).map((path) => [path, readFileSync(join(out, path), 'utf8')]))
  server = spawn(process.execPath, [join(root, 'tools/docs/serve.js'), '--dir', out, '--port', '0'])
  const [said] = await once(server.stdout!, 'data')
  url = /http:\S+/.exec(String(said))![0]
})
afterAll(async () => {
  if (server !== undefined) {
    const gone = once(server, 'exit')
    server.kill()
    await gone
  }
  rmSync(out, { recursive: true })
})

describe('what is built', () => {
  it('is a page for the README of the project, of every package and of every recipe, and for who helps', () => {
    const folders = ['middlewares', 'recipes'].flatMap((parent) =>
      readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
    )
    const readmes = ['core', 'recipes', ...folders].filter((folder) => existsSync(join(root, folder, 'README.md')))
    for (const folder of ['', 'contributing', ...readmes]) {
      expect([folder, pages.has(join(folder, 'index.html'))]).toEqual([folder, true])
    }
  })

  it('is a page of reference for each module that a package exports', () => {
    for (const module of modulesOf(root))
      expect([module, pages.has(`api/${module}/index.html`)]).toEqual([module, true])
  })

  it('names every page in the list of pages', () => {
    const list = /<nav class="pages"[^]*?<\/nav>/.exec(pages.get('index.html')!)![0]
    const named = new Set(linksIn(list).map((href) => join('/', href, 'index.html').slice(1)))
    expect([...pages.keys()].filter((page) => page !== '404.html' && !named.has(page))).toEqual([])
  })

  it('has no link that leads nowhere, to a page, to a place on it, or to a file of the repository', () => {
    const broken = [...pages].flatMap(([page, html]) =>
      linksIn(html)
        .filter((href) => !leadsSomewhere(page, href))
        .map((href) => `${page}: ${href}`),
    )
    expect(broken).toEqual([])
  })

  it('shows the code of a recipe below its text', () => {
    expect(pages.get('recipes/koa/index.html')).toContain('<h2 id="the-code"><code>app.ts</code></h2>')
    expect(pages.get('recipes/koa/index.html')).toContain('href="#the-code"')
  })
})

describe('what is served', () => {
  it('is compressed, under the strict policy, with assets that are kept for ever', async () => {
    const page = await fetch(url, { headers: { 'accept-encoding': 'br' } })
    const policy = page.headers.get('content-security-policy')
    expect(page.headers.get('content-encoding')).toBe('br')
    expect(policy).toMatch(/default-src 'none';.*require-trusted-types-for 'script'/)
    expect(policy).not.toContain('unsafe')
    const assets = linksIn(await page.text()).filter((href) => href.startsWith('assets/'))
    expect(assets).toHaveLength(5)
    for (const asset of assets) {
      const { status, headers } = await fetch(`${url}/${asset}`)
      expect([asset, status, headers.get('cache-control')]).toEqual([asset, 200, 'public, max-age=31536000, immutable'])
    }
  })

  it('answers a wrong address by a page that leads on', async () => {
    const response = await fetch(`${url}/no/such/page`)
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    expect(await response.text()).toContain('There is no such page')
  })
})

inBrowser('the documentation in a browser', (open) => {
  it('finds a word, and leads to the page that has it', async () => {
    const { page, complaints } = await open()
    await page.goto(url)
    await page.keyboard.press('/')
    await page.getByRole('searchbox').fill('precompressed')
    const results = page.getByRole('dialog').getByRole('link')
    await results.first().waitFor()
    expect(await results.first().locator('mark').first().textContent()).toBe('precompressed')
    await page.screenshot({ path: picture('search') })
    await page.keyboard.press('Enter')
    await page.waitForURL(`${url}/middlewares/static/`)
    await page.getByRole('heading', { level: 1, name: '@outerware/static' }).waitFor()
    expect(complaints).toEqual([])
  })

  it('finds a name by a part of it, and by one that is misspelt', async () => {
    const { page } = await open()
    await page.goto(`${url}/recipes/koa/`)
    await page.getByRole('button', { name: 'Search' }).click()
    for (const query of ['headers edit', 'compresion']) {
      await page.getByRole('searchbox').fill(query)
      await page
        .getByRole('link', { name: query === 'compresion' ? 'compression' : 'editHeaders' })
        .first()
        .waitFor()
    }
    await page.getByRole('searchbox').fill('zyzzyva')
    await page.getByText('Nothing found.').waitFor()
  })

  it('is dark where the system is, or where the reader wants it, from then on', async () => {
    const { page } = await open()
    const ground = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto(url)
    const dark = await ground()
    await page.screenshot({ path: picture('dark') })
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await ground()).not.toBe(dark)
    await page.getByRole('button', { name: 'Change between light and dark' }).click()
    expect(await ground()).toBe(dark)
    await page.reload()
    expect(await ground()).toBe(dark)
  })

  it('fits on a phone, every page of it, and none complains', async () => {
    const { page, complaints } = await open()
    await page.setViewportSize({ width: 375, height: 700 })
    for (const path of pages.keys()) {
      if (path === '404.html') continue
      await page.goto(`${url}/${path.replace(/index\.html$/, '')}`)
      expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 375])
    }
    await page.getByRole('button', { name: 'Pages' }).click()
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.waitForURL(`${url}/`)
    await page.screenshot({ path: picture('phone') })
    expect(complaints).toEqual([])
  })
})

/** Where a picture is kept, for whoever wants to look. */
function picture(name: string): string {
  mkdirSync(screenshots, { recursive: true })
  return join(screenshots, `docs-${name}.png`)
}

function htmlIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html'))
    .map((path) => path.split(sep).join('/'))
}

function linksIn(html: string): string[] {
  return [...html.matchAll(/(?:href|src|data-index)="([^"]*)"/g)].map(([, href = '']) => href)
}

/** Tells whether what a link of ours names is there; what others have is theirs. */
function leadsSomewhere(page: string, href: string): boolean {
  const [, file] = /^https:\/\/github\.com\/outerware\/outerware\/blob\/main\/([^#]*)/.exec(href) ?? []
  // What is built or installed lies here, and not in the repository.
  if (file !== undefined) return existsSync(join(root, file)) && !/(?:^|\/)(?:dist|node_modules)\//.test(file)
  const { origin, pathname, hash } = new URL(href, `http://docs.test/${page}`)
  if (origin !== 'http://docs.test') return true
  const target = decodeURI(pathname).slice(1)
  if (!pathname.endsWith('/') && !pathname.endsWith('.html')) return existsSync(join(out, target))
  const html = pages.get(target.endsWith('/') || target === '' ? `${target}index.html` : target)
  return html !== undefined && (hash === '' || html.includes(` id="${decodeURIComponent(hash.slice(1))}"`))
}

/** Modules as they are imported, without the scope: `core`, `core/node`. */
function modulesOf(root: string): string[] {
  return ['core', ...readdirSync(join(root, 'middlewares')).map((name) => `middlewares/${name}`)].flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    return Object.keys(exports)
      .filter((entry) => !entry.endsWith('.json'))
      .map((entry) => join(String(name).replace('@outerware/', ''), entry))
  })
}
