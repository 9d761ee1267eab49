/**
 * The index of the search: every section of every page, made once, so that a browser need only look it up.
 *
 * @module
 */
import MiniSearch from 'minisearch'
import { indexOptions } from './client/index-options.js'

/**
 * @param {readonly { address: string, title: string, sections: import('./markdown.js').Section[] }[]} pages
 * @returns {string} JSON
 */
export function searchIndex(pages) {
  const index = new MiniSearch(indexOptions)
  index.addAll(pages.flatMap(sectionsOf))
  return JSON.stringify(index)
}

function sectionsOf({ address, title: page, sections }) {
  const name = address.startsWith('api/') ? `${page}: reference` : page
  return sections
    .filter(({ level, text }) => level > 0 || text !== '')
    .map(({ id, title, level, text }) => ({
      id: id === '' || level === 1 ? address : `${address}#${id}`,
      page: name,
      title: title || page,
      text,
    }))
}
