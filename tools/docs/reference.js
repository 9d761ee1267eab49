/**
 * The reference of the API, a page for each module, as typedoc finds it in the sources.
 *
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve, sep } from 'node:path'
import { Application, PackageJsonReader, TSConfigReader, TypeDocReader } from 'typedoc'
import { addressOf } from './pages.js'

const root = resolve(import.meta.dirname, '../..')

/**
 * Reads all packages; throws where typedoc has anything to say. Types it does not check: the build did, before it.
 *
 * @returns {Promise<import('./pages.js').Source[]>}
 */
export async function reference() {
  const out = mkdtempSync(join(tmpdir(), 'outerware-reference-'))
  try {
    await writeMarkdown(out)
    return filesIn(out).map((path) => page(path, readFileSync(join(out, path), 'utf8')))
  } finally {
    rmSync(out, { recursive: true })
  }
}

/**
 * The main module of a package takes the place of the list of its modules, and each has the name that is imported.
 *
 *     trusted-proxy.md                @outerware/trusted-proxy
 *     core/index.md, core/README.md   @outerware/core
 *     core/node.md                    @outerware/core/node
 */
function page(path, text) {
  const file = `api/${path.replace(main, '$1README.md')}`
  const address = addressOf(file)
  const name = address === 'api/' ? 'Reference' : `@outerware/${address.slice('api/'.length, -1)}`
  const markdown = text
    .replace(/^# .*/, `# ${name}`)
    .replaceAll(linkToMain, '$1README.md')
    .replaceAll(definedIn, (_, file, href) =>
      isSource(file) ? `<p class="about"><a href="${href}">${file}</a></p>` : '',
    )
  return { file, address, markdown }
}
const main = /(^|\/)(?:index|README-1)\.md$/
const definedIn = /^Defined in: \[(.*):\d+\]\((.*)\)$/gm
/** What is inherited comes from declarations, which are in no repository. */
const isSource = (file) => /^[^.]*\/src\//.test(file)
const linkToMain = /(\]\((?:[\w./-]+\/)?)(?:index|README-1)\.md/g

async function writeMarkdown(out) {
  const readers = [new TypeDocReader(), new PackageJsonReader(), new TSConfigReader()]
  const app = await Application.bootstrapWithPlugins({ options: join(import.meta.dirname, 'typedoc.json') }, readers)
  // Else each package counts the paths of its sources from a folder of its own, and no link to them is right.
  app.options.setValue('packageOptions', { ...app.options.getValue('packageOptions'), displayBasePath: root })
  const project = await app.convert()
  if (project !== undefined) {
    app.validate(project)
    await app.outputs.writeOutput({ name: 'markdown', path: out }, project)
  }
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('typedoc has found what is wrong: see above')
}

function filesIn(folder) {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.split(sep).join('/'))
  const isList = (path) => /.\/README\.md$/.test(path)
  return all.filter((path) => path.endsWith('.md') && !isList(path)).toSorted()
}
