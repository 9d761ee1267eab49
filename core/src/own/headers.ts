/**
 * The shell of our own Headers classes: what can be told from the sorted fields alone.
 *
 * @module
 */

import { showAs } from './inspect.ts'

/** A name and a value. */
export type Field = [name: string, value: string]

/** Headers that are no native object, but pass for one, `instanceof` too. */
export abstract class OwnHeaders implements Headers {
  abstract get(name: string): string | null
  abstract has(name: string): boolean
  abstract set(name: string, value: string): void
  abstract append(name: string, value: string): void
  abstract delete(name: string): void
  abstract getSetCookie(): string[]

  /** Adds those fields of a flat, checked list that are not there yet; see `addMissing`. */
  fill(fields: readonly string[]): void {
    for (let i = 0; i < fields.length; i += 2) if (!this.has(fields[i]!)) this.append(fields[i]!, fields[i + 1]!)
  }

  /** The fields as Fetch lists them: names lower-cased and sorted, values joined, one line for each Set-Cookie. */
  protected abstract fields(): Field[]

  entries(): HeadersIterator<Field> {
    return this.fields().values()
  }

  keys(): HeadersIterator<string> {
    return this.fields()
      .map(([name]) => name)
      .values()
  }

  values(): HeadersIterator<string> {
    return this.fields()
      .map(([, value]) => value)
      .values()
  }

  forEach(each: (value: string, name: string, headers: Headers) => void, self?: unknown): void {
    for (const [name, value] of this.fields()) each.call(self, value, name, this)
  }

  [Symbol.iterator](): HeadersIterator<Field> {
    return this.entries()
  }
}

// Deno looks for private state in whatever inherits from Headers; there they are an iterable of pairs, which it takes.
if (!('Deno' in globalThis)) Object.setPrototypeOf(OwnHeaders.prototype, Headers.prototype)
showAs(OwnHeaders.prototype, 'Headers', (headers) => {
  const cookies = headers.getSetCookie()
  return { ...Object.fromEntries(headers), ...(cookies.length > 0 && { 'set-cookie': cookies }) }
})

type HeadersIterator<T> = ReturnType<T[]['values']>

/** Lists fields as Fetch does: sorted, equal names joined, but each Set-Cookie on a line of its own. */
export function sortFields(pairs: Iterable<Field>): Field[] {
  const joined = new Map<string, string>()
  const cookies: Field[] = []
  for (const [name, value] of pairs) {
    const key = name.toLowerCase()
    const before = joined.get(key)
    if (key === 'set-cookie') cookies.push([key, value])
    else joined.set(key, before === undefined ? value : `${before}, ${value}`)
  }
  return [...joined, ...cookies].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
// Field content of RFC 9110, section 5.5; bytes above 0x7f pass, as in Fetch and in Node.
const forbidden = /[^\t\x20-\x7e\x80-\xff]/

/**
 * Gives the value as it may be sent: without white space around it, as in Fetch.
 *
 * Stricter than Fetch in two points, as Node is: control characters are refused, and so is a value that is missing.
 *
 * @throws TypeError for a name that is no token or a value that would break the message (RFC 9110, 5.1 and 5.5)
 */
export function checkField(name: string, value: unknown): string {
  if (!token.test(name)) throw new TypeError(`Header name must be a token (RFC 9110, 5.1), got ${JSON.stringify(name)}`)
  if (value === undefined || value === null) throw new TypeError(`Header ${name} must have a value, got ${value}`)
  // oxlint-disable-next-line no-base-to-string -- as Fetch does with what is no string
  const text = strip(typeof value === 'string' ? value : String(value))
  if (forbidden.test(text)) {
    throw new TypeError(`Header ${name} must have a value without control or wide characters (RFC 9110, 5.5)`)
  }
  return text
}

/** Tells whether a text may be a reason phrase (RFC 9112, section 4). */
export function isReasonPhrase(text: string): boolean {
  return !forbidden.test(text)
}

/** Compares two field names: in any case, and quickly where they are the same string. */
export function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase())
}

// By hand: a regexp for the white space at an end takes quadratic time over white space in the middle.
function strip(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return start === 0 && end === text.length ? text : text.slice(start, end)
}

/** Tab, line feed, carriage return, space: Fetch's "HTTP whitespace". */
function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13
}
