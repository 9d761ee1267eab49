/**
 * Which pages there are, and where: each has the address that its Markdown has in the repository.
 *
 *     README.md                      /
 *     CONTRIBUTING.md                /contributing/
 *     middlewares/static/README.md   /middlewares/static/
 *     core/docs/outer-or-inner.md    /core/docs/outer-or-inner/
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @typedef {object} Source
 * @property {string} file its path in the repository
 * @property {string} address its path in the site, from the root and without the first slash
 * @property {string} markdown
 * @property {string} [mainFile] the code that is shown below the text
 */

/**
 * Reads all Markdown that is for readers.
 *
 * @param {string} root of the repository
 * @returns {Source[]}
 */
export function manual(root) {
  const folders = [
    'core',
    ...foldersIn(root, 'middlewares'),
    'recipes',
    ...foldersIn(root, 'recipes'),
    'tests/frameworks',
  ]
  const guides = folders.flatMap((folder) => guidesIn(root, folder))
  return ['README.md', ...folders.map((folder) => `${folder}/README.md`), ...guides, 'CONTRIBUTING.md'].map((file) => ({
    file,
    address: addressOf(file),
    markdown: readFileSync(join(root, file), 'utf8'),
    mainFile: mainFileOf(root, file),
  }))
}

/** Gives the address of what a Markdown file says. */
export function addressOf(file) {
  if (file.endsWith('README.md')) return file.slice(0, -'README.md'.length)
  return `${file.slice(0, -'.md'.length)}/`.toLowerCase()
}

/** The code that a recipe is about. */
function mainFileOf(root, file) {
  const [top, folder, name] = file.split('/')
  if (top !== 'recipes' || name === undefined) return undefined
  return ['app.ts', 'worker.ts'].map((main) => `recipes/${folder}/${main}`).find((main) => existsSync(join(root, main)))
}

function foldersIn(root, parent) {
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, parent, entry.name, 'README.md')))
    .map(({ name }) => `${parent}/${name}`)
}

function guidesIn(root, folder) {
  const docs = join(root, folder, 'docs')
  if (!existsSync(docs)) return []
  return readdirSync(docs)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/docs/${name}`)
}
