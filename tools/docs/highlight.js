/**
 * Colours code, by classes and not by styles: a strict Content-Security-Policy lets no style stand in a page.
 *
 * @module
 */
import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import diff from 'highlight.js/lib/languages/diff'
import json from 'highlight.js/lib/languages/json'
import nginx from 'highlight.js/lib/languages/nginx'
import typescript from 'highlight.js/lib/languages/typescript'
import yaml from 'highlight.js/lib/languages/yaml'

const languages = { bash, diff, json, nginx, typescript, yaml, http, session }
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language)

/** Gives code as HTML; as it is, escaped, in a language that is not known. */
export function highlight(code, language) {
  const known = hljs.getLanguage(language) === undefined ? undefined : language
  return known === undefined ? escape(code) : hljs.highlight(code, { language: known }).value
}

/** The language of a block that names none: what is typed at a prompt, or text. */
export function guess(code) {
  return /^\$ /m.test(code) ? 'session' : 'text'
}

/** Escapes text for HTML, and for attributes in double quotes. */
export function escape(text) {
  return text.replaceAll(/[&<>"]/g, (character) => `&${entities[character]};`)
}
const entities = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }

/** Messages of HTTP, which stand side by side in our READMEs: a field begins a line or a column. */
function http() {
  return {
    contains: [
      { scope: 'keyword', match: /\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)(?= \/)/ },
      { scope: 'meta', match: /\bHTTP\/[\d.]+/ },
      { scope: 'number', match: /(?<=HTTP\/[\d.]+ )\d{3}/ },
      { scope: 'attr', match: /(?:^|(?<= {2}))[A-Za-z][\w-]*(?=: )/m },
    ],
  }
}

/** What is typed, and what comes back. */
function session() {
  return {
    contains: [
      { begin: [/^\$/, / .*(?:\\\n.*)*$/], beginScope: { 1: 'meta', 2: 'strong' } },
      { scope: 'comment', match: /(?<=^| )# .*$/m },
      ...http().contains,
    ],
  }
}
