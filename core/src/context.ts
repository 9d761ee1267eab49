/**
 * What wrappers say through the context.
 *
 * @module
 */
import type { Context } from './app.ts'

/**
 * Puts a wrapper's own keys on the context, and tells the compiler that they are there now.
 *
 * The context stays the same object: it is assigned to, never copied.
 *
 * @example
 * const nonces: Wrapper<{ nonce: string }> = (app) => (request, context) =>
 *   app(request, provide(context, { nonce: randomNonce() }))
 */
export function provide(context: Context, adds: object): any {
  return Object.assign(context, adds)
}

/**
 * What a wrapper inside has found in the page that it answers with, for the Content-Security-Policy that is written
 * further out; put on the context with {@link provide}, by `staticFiles()` for one.
 *
 * Each as CSP spells it, without the quotes: `sha256-…`. Of a page that nobody has looked at, nothing is said.
 */
export interface InlineHashes {
  readonly scriptHashes: readonly string[]
  readonly styleHashes: readonly string[]
}

/** Gives what is known of the inline scripts and styles of the page that was answered with; `undefined` for nothing. */
export function inlineHashesOf(context: Context & Partial<InlineHashes>): InlineHashes | undefined {
  const { scriptHashes, styleHashes } = context
  return scriptHashes === undefined || styleHashes === undefined ? undefined : { scriptHashes, styleHashes }
}

/** Header fields as pairs of name and value. */
export type Fields = readonly (readonly [name: string, value: string])[]

// On the global, so that two copies of this package share it.
const kept: WeakMap<Context, Fields> = shared('outerware.keptForError', () => new WeakMap())

/**
 * Keeps header fields for the answer that is made of an error further out, by `errors()` or by the host.
 *
 * A wrapper that covers every answer calls it when the app throws, and lets the exception pass. Of a name that is
 * kept twice the innermost value wins, and what the answer says itself wins over both; each Set-Cookie is added.
 */
export function keepForError(context: Context, fields: Fields): void {
  kept.set(context, [...keptForError(context), ...fields])
}

/** The fields that wrappers inside have kept for an answer made of an error. */
export function keptForError(context: Context): Fields {
  return kept.get(context) ?? []
}

function shared<T>(name: string, make: () => T): T {
  const registry: Record<symbol, T> = Object(globalThis)
  return (registry[Symbol.for(name)] ??= make())
}
