/**
 * Where the links of a page lead: those to another page lead to that page, all other files are shown by GitHub.
 *
 *     README.md: core/README.md#node          core/#node
 *     core/README.md: src/app.ts              https://github.com/outerware/outerware/blob/main/core/src/app.ts
 *
 * @module
 */
import { posix } from 'node:path'

/** The repository, and its branch for readers. */
export const repository = 'https://github.com/outerware/outerware'

/** @param {readonly import('./pages.js').Source[]} pages all of the site */
export function links(pages) {
  const addresses = new Map(pages.map(({ file, address }) => [file, address]))

  /** Gives what to write in place of a link on a page. */
  return function resolve(page, href) {
    if (/^(?:\w+:|#)/.test(href)) return href
    const [path = '', fragment] = href.split('#')
    const file = posix.join(posix.dirname(page.file), decodeURI(path))
    const address = addresses.get(file) ?? addresses.get(posix.join(file, 'README.md'))
    if (file === page.mainFile) return `#${codeId}`
    if (address === undefined) return `${repository}/blob/main/${file}`
    return relative(page.address, address) + (fragment === undefined ? '' : `#${fragment}`)
  }
}

/** Where the code of a recipe stands on its page. */
export const codeId = 'the-code'

/**
 * Gives the way from one address to another, so that the site may lie under any path.
 *
 * @param {string} from an address, such as `core/docs/outer-or-inner/`
 * @param {string} to an address, or a file of the site
 */
export function relative(from, to) {
  const path = posix.relative(`/${from}`, `/${to}`)
  if (path === '') return './'
  return to === '' || to.endsWith('/') ? `${path}/` : path
}
