/**
 * The search: a dialog over the page, an index that is fetched once, and the ten best sections for what is typed.
 * Nothing is ever parsed as HTML, so that Trusted Types have nothing to stop.
 *
 * @module
 */
import MiniSearch from 'minisearch'
import { indexOptions } from './index-options.js'
import { excerpt } from './excerpt.js'

const shown = 10
const options = {
  prefix: true,
  combineWith: 'AND',
  boost: { title: 4, page: 2 },
  // The beginning of a page comes before its parts, and what explains before what lists.
  boostDocument: (id) => (id.includes('#') ? 1 : 2) * (id.startsWith('api/') ? 0.5 : 1),
}

/** @type {{ dialog: HTMLDialogElement, input: HTMLInputElement } | undefined} */
let made

/** Opens the dialog. @param {URL} url of the index */
export function open(url) {
  made ??= make(load(url))
  made.dialog.showModal()
  made.input.select()
}

async function load(url) {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`The index of the search: ${response.status}`)
  return MiniSearch.loadJSON(await response.text(), indexOptions)
}

function make(loading) {
  const input = element('input', { type: 'search', placeholder: 'Search', ariaLabel: 'Search', autocomplete: 'off' })
  const said = element('p', { role: 'status' })
  const list = element('ol')
  const dialog = element('dialog', { className: 'found', ariaLabel: 'Search' }, input, said, list)
  const show = async () => {
    try {
      const query = input.value
      const index = await loading
      if (query === input.value) fill(list, said, query, index)
    } catch {
      said.textContent = 'The search could not be loaded.'
    }
  }
  input.addEventListener('input', show)
  dialog.addEventListener('keydown', (event) => move(event, [input, ...list.querySelectorAll('a')]))
  dialog.addEventListener('click', (event) => {
    // Beside the dialog, or on a place of this same page.
    if (event.target === dialog || event.target.closest('a') !== null) dialog.close()
  })
  document.body.append(dialog)
  return { dialog, input }
}

function fill(list, said, query, index) {
  const found = find(query.trim(), index)
  said.textContent = query.trim() === '' ? '' : countOf(found.length)
  list.replaceChildren(...found.slice(0, shown).map(item))
}

/** What is spelt so; else what is spelt nearly so. */
function find(query, index) {
  if (query === '') return []
  const found = index.search(query, options)
  return found.length > 0 ? found : index.search(query, { ...options, fuzzy: 0.2 })
}

function countOf(count) {
  if (count === 0) return 'Nothing found.'
  if (count > shown) return `The best ${shown} of ${count} places`
  return count === 1 ? 'One place' : `${count} places`
}

/** Addresses are of the site; the scripts lie in a folder at its root. */
function item({ id, title, page, text, terms }) {
  const heading = element('strong', {}, title)
  const where = title === page ? [] : [element('small', {}, page)]
  const around = excerpt(text, terms).map(({ text, isMatch }) => (isMatch ? element('mark', {}, text) : text))
  const link = element(
    'a',
    { href: new URL(`../${id}`, import.meta.url).href },
    heading,
    ...where,
    element('span', {}, ...around),
  )
  return element('li', {}, link)
}

/** Arrows go through the results; Enter in the field takes the first. */
function move(event, stops) {
  const at = stops.indexOf(document.activeElement)
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step !== undefined) {
    event.preventDefault()
    stops.at((at + step) % stops.length).focus()
  } else if (event.key === 'Enter' && at === 0) {
    event.preventDefault()
    stops[1]?.click()
  }
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}
