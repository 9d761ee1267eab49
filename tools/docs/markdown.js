/**
 * Makes a page of Markdown: its HTML, its headings, and its sections as plain text, for the search.
 *
 * @module
 */
import MarkdownIt from 'markdown-it'
import { escape, guess, highlight } from './highlight.js'

/**
 * @typedef {object} Section
 * @property {string} id of its heading; empty for what stands before the first
 * @property {string} title
 * @property {number} level from 1 to 3; what is deeper belongs to it
 * @property {string} text all of it, without marks
 */

const markdown = new MarkdownIt({ html: true })
const { rules } = markdown.renderer

rules.fence = (tokens, at) => block(tokens[at].content, tokens[at].info.trim())
rules.code_block = (tokens, at) => block(tokens[at].content, '')
// What is wide scrolls in itself, by keys too.
rules.table_open = () => '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>'
rules.table_close = () => '</table></div>'
rules.heading_close = (tokens, at) => {
  const id = tokens[at - 2].attrGet('id')
  return `<a class="anchor" href="#${id}" aria-label="Link to this section">#</a></${tokens[at].tag}>`
}

// How a column is aligned is said by a style, which the policy stops, where it is not said by a class.
for (const rule of ['th_open', 'td_open']) {
  rules[rule] = (tokens, at, options, env, self) => {
    const style = tokens[at].attrGet('style')
    if (style !== null) tokens[at].attrs = [['class', style.replace('text-align:', 'to-')]]
    return self.renderToken(tokens, at, options)
  }
}

/**
 * Renders one page.
 *
 * @param {string} text
 * @param {(href: string) => string} resolve gives what to write in place of a link
 * @returns {{ html: string, sections: Section[] }}
 */
export function render(text, resolve) {
  const tokens = markdown.parse(text, {})
  identify(tokens)
  for (const link of tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === 'link_open'))
    link.attrSet('href', resolve(link.attrGet('href')))
  return { html: markdown.renderer.render(tokens, markdown.options, {}), sections: sectionsOf(tokens) }
}

/** Gives code in its colours; `ts` and `sh` are known by these names, too. */
export function block(code, language) {
  const name = language || guess(code)
  return `<pre tabindex="0"><code class="language-${escape(name)}">${highlight(code, name)}</code></pre>\n`
}

/** Gives each heading the id that it names itself, `{#id}`, else the one that GitHub gives it, so that links hold there. */
function identify(tokens) {
  const taken = new Map()
  tokens.forEach((token, at) => {
    if (token.type !== 'heading_open') return
    const named = ownId(tokens[at + 1])
    const slug = named ?? slugOf(textOf(tokens[at + 1]))
    const before = taken.get(slug) ?? 0
    taken.set(slug, before + 1)
    token.attrSet('id', before === 0 ? slug : `${slug}-${before}`)
  })
}

/** Takes the id off the text of a heading. */
function ownId({ children }) {
  const last = children.at(-1)
  const [mark, id] = / *\{#([^}]+)\}$/.exec(last?.content ?? '') ?? []
  if (mark !== undefined) last.content = last.content.slice(0, -mark.length)
  return id
}

function slugOf(text) {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}

function sectionsOf(tokens) {
  /** @type {Section[]} */
  const sections = [{ id: '', title: '', level: 0, text: '' }]
  tokens.forEach((token, at) => {
    if (token.type === 'heading_open' && token.tag <= 'h3') {
      const title = textOf(tokens[at + 1])
      sections.push({ id: token.attrGet('id'), title, level: Number(token.tag.slice(1)), text: '' })
    } else if (tokens[at - 1]?.type !== 'heading_open' || tokens[at - 1].tag > 'h3') {
      sections.at(-1).text += ` ${textOf(token)}`
    }
  })
  for (const section of sections) section.text = section.text.replaceAll(/\s+/g, ' ').trim()
  return sections
}

/** The words of a token, without marks and tags. */
function textOf({ type, content, children }) {
  if (children === null) return type === 'fence' || type === 'code_block' ? content : ''
  return children.map((child) => (child.type.endsWith('break') ? ' ' : wordsOf(child))).join('')
}

const wordsOf = ({ type, content }) => (type === 'text' || type === 'code_inline' ? content : '')
