/**
 * What stands around the text of every page.
 *
 * @module
 */
import { escape } from './highlight.js'
import { relative, repository } from './links.js'

/**
 * Makes the whole of a page.
 *
 * @param {object} page
 * @param {string} page.address
 * @param {string} page.title
 * @param {string} page.description
 * @param {string} page.html
 * @param {string} page.file in the repository, if it is there; pages of the reference are not
 * @param {import('./markdown.js').Section[]} page.sections
 * @param {{ groups: import('./navigation.js').Group[], assets: Record<string, string>, root?: string }} site
 */
export function layout(page, site) {
  const to = (address) => (site.root ?? '') + (site.root === undefined ? relative(page.address, address) : address)
  const { style, theme, site: script, icon } = site.assets
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(page.title === 'Outerware' ? 'Outerware' : `${page.title} · Outerware`)}</title>
<meta name="description" content="${escape(page.description)}">
<link rel="icon" type="image/svg+xml" href="${to(icon)}">
<link rel="stylesheet" href="${to(style)}">
<script src="${to(theme)}"></script>
<script type="module" src="${to(script)}" data-index="${to(site.assets.index)}"></script>
</head>
<body>
<a class="skip" href="#text">Skip to the text</a>
<header class="top">
<button type="button" class="menu" popovertarget="pages" aria-label="Pages"></button>
<a class="name" href="${to('')}">${mark}Outerware</a>
<div class="tools"><a href="${repository}">GitHub</a></div>
</header>
<div class="columns">
<nav class="pages" id="pages" popover aria-label="Pages">${site.groups.map((group) => list(group, page, to)).join('')}</nav>
<main id="text">
${page.html}
${foot(page, site, to)}
</main>
${contents(page)}
</div>
</body>
</html>
`
}

/** An app, and what is around it. */
const mark =
  '<svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true"><g fill="none" stroke="currentColor"><circle cx="16" cy="16" r="14" stroke-width="2" opacity=".35"/><circle cx="16" cy="16" r="9.5" stroke-width="2.5" opacity=".65"/></g><circle cx="16" cy="16" r="5" fill="currentColor"/></svg>'

function list({ title, entries }, page, to) {
  const items = entries.map(({ label, address, isPart = false }) => {
    const here = address === page.address ? ' aria-current="page"' : ''
    return `<li${isPart ? ' class="part"' : ''}><a href="${to(address)}"${here}>${escape(label)}</a></li>`
  })
  return `<h2>${escape(title)}</h2><ul>${items.join('')}</ul>`
}

/** The sections of this page; none for one that has few. */
function contents({ sections }) {
  const shown = sections.filter(({ level }) => level === 2 || level === 3)
  if (shown.length < 2) return ''
  const items = shown.map(
    ({ id, title, level }) => `<li class="level-${level}"><a href="#${id}">${escape(title)}</a></li>`,
  )
  return `<nav class="contents" aria-label="On this page"><h2>On this page</h2><ul>${items.join('')}</ul></nav>`
}

/** Where the text comes from, and the pages before and after. */
function foot({ address, file }, { groups }, to) {
  const all = groups.flatMap(({ entries }) => entries)
  const at = all.findIndex((entry) => entry.address === address)
  if (at < 0) return ''
  const [before, after] = [all[at - 1], all[at + 1]]
  const turn = (entry, rel, arrow) =>
    entry === undefined ? '' : `<a rel="${rel}" href="${to(entry.address)}">${arrow(escape(entry.label))}</a>`
  return `<footer>
${file === undefined || file.startsWith('api/') ? '' : `<p><a href="${repository}/blob/main/${file}">This page on GitHub</a></p>`}
<p class="turn">${turn(before, 'prev', (label) => `← ${label}`)}${turn(after, 'next', (label) => `${label} →`)}</p>
</footer>`
}
