/**
 * Directives of a Content-Security-Policy: read, put over the defaults, written down. Helmet judges and writes them.
 *
 * @module
 */
import { OptionError, type InlineHashes } from '@outerware/core'
import { contentSecurityPolicy } from 'helmet'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { record } from './helmet.ts'
import type { NodePair } from './node-pair.ts'
import type { ContentSecurityPolicyOptions } from './options.ts'

/** A source as it is, or made for each response. */
export type Source = string | ((req: IncomingMessage, res: ServerResponse) => string)

/** Sources by name, in kebab case. */
export type Directives = Map<string, readonly Source[]>

/** Where the nonce goes. */
export const nonceSource = "'nonce-{nonce}'"

/**
 * Puts what was given over the defaults, as helmet does.
 *
 * @param option the option's path, for errors
 * @throws {@link OptionError} for what is no list of sources; helmet's own errors for names and values
 */
export function readDirectives(
  options: ContentSecurityPolicyOptions,
  defaults: Readonly<Record<string, Iterable<Source>>>,
  option: string,
): Directives {
  const given = Object.entries(options.directives ?? {}).map(
    ([name, value]) => [name, readSources(`${option}.directives.${name}`, value)] as const,
  )
  // Here helmet finds duplicates, wrong names and wrong words. Which defaults it has does not matter for that.
  contentSecurityPolicy({ ...options, directives: Object.fromEntries(given) })

  const begin = options.useDefaults === false ? {} : defaults
  const directives: Directives = new Map(Object.entries(begin).map(([name, sources]) => [name, [...sources]]))
  for (const [camel, sources] of given) {
    const name = camel.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    if (Array.isArray(sources)) directives.set(name, sources)
    else directives.delete(name)
  }
  return directives
}

function readSources(option: string, value: unknown): Source[] | typeof noDefaultSrc | null {
  if (value === null || value === noDefaultSrc) return value
  if (typeof value === 'string') return [value]
  const sources = isIterable(value) ? [...value] : [value]
  if (sources.every(isSource)) return sources
  throw new OptionError(option, 'a source, a list of sources (strings and functions) or null', value)
}

const noDefaultSrc: typeof contentSecurityPolicy.dangerouslyDisableDefaultSrc =
  contentSecurityPolicy.dangerouslyDisableDefaultSrc

function isSource(value: unknown): value is Source {
  return typeof value === 'string' || typeof value === 'function'
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}

/** Adds the nonce to what decides over scripts, and over styles where it switches nothing off. */
export function addNonce(directives: Directives): void {
  allow(directives, 'script-src', [nonceSource], false)
  allow(directives, 'style-src', [nonceSource], true)
}

/** Adds the hashes of a page's inline scripts and styles where they switch nothing off. */
export function addHashes(directives: Directives, { scriptHashes, styleHashes }: InlineHashes): void {
  allow(directives, 'script-src', scriptHashes.map(quoted), true)
  allow(directives, 'style-src', styleHashes.map(quoted), true)
}

function quoted(hash: string): string {
  return `'${hash}'`
}

/** @param keepsInline whether `'unsafe-inline'`, which nonces and hashes switch off, stays in force */
function allow(directives: Directives, name: string, added: readonly string[], keepsInline: boolean): void {
  const elements = `${name}-elem`
  const lists = [
    [name, directives.get(name) ?? directives.get('default-src')],
    [elements, directives.get(elements)],
  ] as const
  for (const [directive, sources] of lists) {
    if (sources === undefined || (keepsInline && isInline(sources))) continue
    const missing = added.filter((source) => !sources.includes(source))
    if (missing.length === 0) continue
    directives.set(directive, [...sources.filter((source) => source !== "'none'"), ...missing])
  }
}

function isInline(sources: readonly Source[]): boolean {
  return (
    sources.includes("'unsafe-inline'") && !sources.some((source) => typeof source === 'string' && exact.test(source))
  )
}

/** What lets one script through, and no others. */
const exact = /^'(?:nonce|sha256|sha384|sha512)-/

/** Tells whether some source is made for each response. */
export function hasFunctions(directives: Directives): boolean {
  return [...directives.values()].some((sources) => sources.some((source) => typeof source === 'function'))
}

/**
 * Makes the writer of a policy.
 *
 * @returns a function that writes it for one request; its pair is not looked at if no source is a function
 */
export function policyWriter(directives: Directives): (pair?: NodePair) => string {
  const entries = [...directives].map(([name, sources]) => [name, sources.map(overPair)] as const)
  const middleware = contentSecurityPolicy({
    useDefaults: false,
    // That there is no default-src was meant so: it has been judged when it was read.
    directives: { 'default-src': noDefaultSrc, ...Object.fromEntries(entries) },
  })
  return (pair) => record(middleware, pair).fields[0]![1]
}

/** A function that is called with the pair as its one argument, in the place where helmet has the request. */
function overPair(source: Source): Source {
  if (typeof source === 'string') return source
  return (pair: unknown) => {
    // oxlint-disable-next-line no-unsafe-type-assertion -- it was given to `record` by the writer above
    const { req, res } = pair as NodePair
    return source(req, res)
  }
}
