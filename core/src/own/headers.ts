/**
 * The shell of our own Headers classes: what can be told from the sorted fields alone.
 *
 * @module
 */

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
 * Gives the value as it may be sent: without white space around it.
 *
 * @throws TypeError for a name that is no token or a value that would break the message (RFC 9110, 5.1 and 5.5)
 */
export function checkField(name: string, value: unknown): string {
  if (!token.test(name)) throw new TypeError(`Header name must be a token (RFC 9110, 5.1), got ${JSON.stringify(name)}`)
  const text = typeof value === 'string' ? value : String(value)
  if (forbidden.test(text)) {
    throw new TypeError(`Header ${name} must have a value without control or wide characters (RFC 9110, 5.5)`)
  }
  const first = text.charCodeAt(0)
  const last = text.charCodeAt(text.length - 1)
  return first === 32 || first === 9 || last === 32 || last === 9 ? text.trim() : text
}

/** Compares two field names: in any case, and quickly where they are the same string. */
export function sameName(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toLowerCase() === b.toLowerCase())
}
