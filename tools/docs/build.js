/**
 * The site of the documentation: `npm run docs` writes it to `dist/docs`.
 *
 *     Markdown of the repository ─┐
 *     sources, by typedoc ────────┴─▶ pages ─▶ an index of the search
 *                                       └────▶ HTML ─▶ compressed forms beside it
 *
 *     --out FOLDER   writes it there
 *     --base /path/  where it will lie, for the page that stands at every wrong address
 *
 * @module
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { compress } from '@outerware/static'
import { writeAssets } from './assets.js'
import { layout } from './layout.js'
import { codeId, links, relative } from './links.js'
import { block, render } from './markdown.js'
import { navigation } from './navigation.js'
import { manual } from './pages.js'
import { reference } from './reference.js'
import { searchIndex } from './search-index.js'

const root = resolve(import.meta.dirname, '../..')
const { values } = parseArgs({
  options: { out: { type: 'string', default: join(root, 'dist/docs') }, base: { type: 'string', default: '/' } },
})
async function build(out, base) {
  const start = performance.now()
  const sources = [...manual(root), ...(await reference())]
  const resolveLink = links(sources)
  const pages = sources.map((source) => made(source, resolveLink))
  rmSync(out, { recursive: true, force: true })
  const site = { groups: navigation(pages), assets: await writeAssets(out, searchIndex(pages)) }
  for (const page of pages) write(join(out, page.address, 'index.html'), layout(page, site))
  write(join(out, '404.html'), layout(missing, { ...site, root: base }))
  await compress(out)
  console.log(`${pages.length} pages in ${((performance.now() - start) / 1000).toFixed(1)} s: ${out}`)
}

/** A page with all that its layout wants to know. */
function made(source, resolveLink) {
  const { html, sections } = render(source.markdown, (href) => resolveLink(source, href))
  const title = sections.find(({ level }) => level === 1)?.title ?? source.address
  const description = sections.find(({ text }) => text !== '')?.text.slice(0, 200) ?? title
  const page = { ...source, title, description, html: html.replace('</h1>', `$&${beside(source)}`), sections }
  return source.mainFile === undefined ? page : withCode(page, source.mainFile)
}

/** Below the title of a manual stands its reference, and the other way round. */
function beside({ file, address }) {
  const [top, name] = address.split('/')
  const manualOf = (name) => (name === 'core' ? 'core/' : `middlewares/${name}/`)
  if (top === 'api') return name === '' ? '' : about(relative(address, manualOf(name)), 'The manual')
  if (!/^(?:core|middlewares\/[\w-]+)\/README\.md$/.test(file)) return ''
  return about(relative(address, `api/${top === 'core' ? 'core' : name}/`), 'The reference of its API')
}

const about = (href, text) => `<p class="about"><a href="${href}">${text}</a></p>`

/** The page of a recipe ends with what it is about. */
function withCode(page, mainFile) {
  const code = readFileSync(join(root, mainFile), 'utf8')
  const name = mainFile.split('/').at(-1)
  const html = `${page.html}<h2 id="${codeId}"><code>${name}</code></h2>${block(code, 'ts')}`
  return { ...page, html, sections: [...page.sections, { id: codeId, title: name, level: 2, text: code }] }
}

const missing = {
  address: '404.html',
  title: 'There is no such page',
  description: 'There is no such page',
  html: '<h1>There is no such page</h1><p>It may have another name by now. The search finds it, or the list of pages does.</p>',
  sections: [],
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

await build(resolve(values.out), values.base)
