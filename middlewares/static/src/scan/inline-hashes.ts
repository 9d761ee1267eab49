/**
 * The inline scripts and styles of a page, by the hashes that a Content-Security-Policy knows them by (CSP 3, section
 * 8.4). HTML is read as browsers read it: what is a script in a comment, a `<textarea>` or an attribute is none.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { InlineHashes } from '@outerware/core'
import { isExhausted } from '../exhausted.ts'
import type { DefaultTreeAdapterTypes } from 'parse5'

/**
 * Finds them in a file.
 *
 * @param type media type of the file, with its charset
 * @returns `undefined` if it is no HTML, or cannot be read
 */
export function inlineHashesIn(path: string, type: string): InlineHashes | undefined {
  if (!/^text\/html(?=[;\s]|$)/i.test(type)) return undefined
  const text = textOf(path, type)
  if (text === undefined) return undefined
  const scripts = new Set<string>()
  const styles = new Set<string>()
  collect(text, scripts, styles)
  return { scriptHashes: [...scripts], styleHashes: [...styles] }
}

/** As it is sent, so that is decoded which the browser will decode. */
function textOf(path: string, type: string): string | undefined {
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(type)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(readFileSync(path))
  } catch (error) {
    if (isExhausted(error)) throw error
    return undefined
  }
}

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

function collect(html: string, scripts: Set<string>, styles: Set<string>): void {
  // What stands in a <noscript> is text to a browser that runs scripts, and elements to one that does not.
  for (const scriptingEnabled of /<noscript/i.test(html) ? [true, false] : [true]) {
    const waiting: Node[] = [parser().parse(html, { scriptingEnabled })]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if ('tagName' in node) collectOf(node, scripts, styles)
      if ('content' in node) waiting.push(node.content)
      if ('childNodes' in node) waiting.push(...node.childNodes)
    }
  }
}

function collectOf(element: Element, scripts: Set<string>, styles: Set<string>): void {
  const attributes = new Map(element.attrs.map(({ name, value }) => [name, value]))
  const { tagName } = element
  if (tagName === 'style') add(element, styles)
  else if (tagName === 'script' && !isExternal(element) && runs(attributes)) add(element, scripts)
  // A page in an attribute goes by the policy of the page around it.
  const framed = tagName === 'iframe' ? attributes.get('srcdoc') : undefined
  if (framed !== undefined) collect(framed, scripts, styles)
}

/** HTML's scripts have a `src`, those of SVG a `href`. */
function isExternal({ attrs, namespaceURI }: Element): boolean {
  const source = namespaceURI === parser().html.NS.SVG ? 'href' : 'src'
  return attrs.some(({ name }) => name === source)
}

/** Data needs no leave; maps of imports and rules of speculation do (HTML, "prepare the script element"). */
function runs(attributes: ReadonlyMap<string, string>): boolean {
  const language = attributes.get('language')
  const type = attributes.get('type') ?? (language ? `text/${language}` : '')
  return (
    type === '' ||
    /^\s*(?:module|importmap|speculationrules|(?:text|application)\/(?:x-)?(?:java|ecma)script|text\/(?:javascript1\.[0-5]|jscript|livescript))\s*$/i.test(
      type,
    )
  )
}

function add({ childNodes }: Element, hashes: Set<string>): void {
  const text = childNodes.map((node) => ('value' in node ? node.value : '')).join('')
  if (text !== '') hashes.add(`sha256-${createHash('sha256').update(text).digest('base64')}`)
}

let loaded: typeof import('parse5') | undefined

/** Loaded when it is first used: few sites do, and it takes longer to load than all the rest. */
function parser(): typeof import('parse5') {
  return (loaded ??= createRequire(import.meta.url)('parse5'))
}
