/**
 * The few elements of a page that decide over it. No parser: tags are found as text, outside of comments and of what
 * scripts, styles and text fields have in them.
 *
 * @module
 */

/** A script that is loaded. */
export interface ScriptTag {
  readonly src: string
  readonly integrity: boolean
}

/** A meta element: its `name` and `http-equiv` in lower case. */
export interface MetaTag {
  readonly name: string
  readonly equiv: string
  readonly content: string
}

/** All script elements; `src` is empty for one that stands in the page. */
export function htmlScripts(html: string): ScriptTag[] {
  return tags(html, 'script').map((attributes) => ({
    src: attributes.get('src')?.trim() ?? '',
    integrity: (attributes.get('integrity') ?? '') !== '',
  }))
}

export function htmlMetas(html: string): MetaTag[] {
  return tags(html, 'meta').map((attributes) => ({
    name: attributes.get('name')?.trim().toLowerCase() ?? '',
    equiv: attributes.get('http-equiv')?.trim().toLowerCase() ?? '',
    content: attributes.get('content') ?? '',
  }))
}

function tags(html: string, name: string): Map<string, string>[] {
  return [...bare(html).matchAll(tag)].flatMap(([, found = '', attributes = '']) =>
    found.toLowerCase() === name ? [readAttributes(attributes)] : [],
  )
}

/** Without comments, and without the insides of elements that have no elements in them. */
function bare(html: string): string {
  return html
    .replace(/<!--[^]*?(?:-->|$)/g, '')
    .replace(/(<(script|style|textarea|title|noscript|template)\b[^>]*>)[^]*?<\/\2\s*>/gi, '$1')
}

const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g
const tag = /<([a-z][\w-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/gi

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', double, single, plain] of text.matchAll(attribute)) {
    // The first of two counts, as in browsers.
    if (!attributes.has(name.toLowerCase())) attributes.set(name.toLowerCase(), decode(double ?? single ?? plain ?? ''))
  }
  return attributes
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&lt;': '<',
  '&gt;': '>',
}

/** Those that stand in URLs and policies. */
function decode(text: string): string {
  return text.replace(/&(?:amp|quot|#39|#x27|lt|gt);/gi, (entity) => entities[entity.toLowerCase()] ?? entity)
}
