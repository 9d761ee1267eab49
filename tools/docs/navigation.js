/**
 * The order of the pages, read off the pages themselves: packages stand as the table of the README has them, recipes
 * under the headings of theirs. What no page names comes last.
 *
 * @module
 */

/**
 * @typedef {object} Group
 * @property {string} title
 * @property {Entry[]} entries
 *
 * @typedef {object} Entry
 * @property {string} label
 * @property {string} address
 * @property {boolean} [isPart] of what stands before it
 */

/**
 * @param {readonly (import('./pages.js').Source & { title: string })[]} pages
 * @returns {Group[]}
 */
export function navigation(pages) {
  const named = new Map(pages.map((page) => [page.file, page]))
  const entry = (file, label = labelOf(file)) => ({ label, address: named.get(file).address })
  const packages = linked(named.get('README.md').markdown, '').filter((file) => /^(?:core|middlewares)\//.test(file))
  const groups = [
    { title: 'Outerware', entries: [entry('README.md', 'Overview'), ...guides(pages)] },
    { title: 'Packages', entries: packages.flatMap((file) => [entry(file), ...chapters(pages, named.get(file))]) },
    ...recipes(named.get('recipes/README.md').markdown, entry),
    {
      title: 'Reference',
      entries: references(pages, packages).map(({ file, title }) => entry(file, shortName(title))),
    },
  ]
  const taken = new Set(groups.flatMap(({ entries }) => entries.map(({ address }) => address)))
  const others = pages.filter(({ address }) => !taken.has(address))
  if (others.length > 0) groups.push({ title: 'More', entries: others.map(({ file, title }) => entry(file, title)) })
  return groups
}

/** Pages that explain, and belong to no wrapper alone. */
function guides(pages) {
  return pages
    .filter(({ file }) => /^(?:CONTRIBUTING\.md|recipes\/README\.md|core\/docs\/.*)$/.test(file))
    .map(({ title, address }) => ({ label: title, address }))
}

/** Further pages of a wrapper, in the order in which its README comes to speak of them. */
function chapters(pages, { file, markdown }) {
  const folder = file.replace('README.md', 'docs/')
  if (folder === 'core/docs/') return []
  const at = (page) => markdown.indexOf(page.file.slice(folder.length - 'docs/'.length))
  return pages
    .filter((page) => page.file.startsWith(folder))
    .toSorted((a, b) => at(a) - at(b))
    .map(({ title, address }) => ({ label: title, address, isPart: true }))
}

/** A group for each heading of the list of recipes. */
function recipes(markdown, entry) {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((part) => ({
      title: `Recipes: ${lowerFirst(part.split('\n', 1)[0])}`,
      entries: linked(part, 'recipes/').map((file) => entry(file)),
    }))
    .filter(({ entries }) => entries.length > 0)
}

/** The reference, its packages in the same order as before. */
function references(pages, packages) {
  const names = packages.map(labelOf)
  const rank = ({ address }) => names.indexOf(address.split('/')[1])
  return pages
    .filter(({ file }) => file.startsWith('api/'))
    .toSorted((a, b) => rank(a) - rank(b) || (a.address < b.address ? -1 : 1))
}

/** The READMEs that a text links to, in their order. */
function linked(markdown, folder) {
  const files = [...markdown.matchAll(/\]\(([\w./-]+README\.md)\)/g)].map(([, file]) => folder + file)
  return [...new Set(files)]
}

const labelOf = (file) => file.split('/').at(-2)
const shortName = (title) => (title === 'Reference' ? 'All packages' : title.replace('@outerware/', ''))
const lowerFirst = (text) => text[0].toLowerCase() + text.slice(1)
