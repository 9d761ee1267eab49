/**
 * Forwarded: who the hops were, a list member for each (RFC 7239, section 4).
 *
 * @module
 */

/** One hop. */
export interface Hop {
  /** By lower-cased name: `for`, `by`, `host`, `proto`, and what else was said. */
  readonly parameters: ReadonlyMap<string, string>
  /** The member as it is written. */
  readonly text: string
}

/**
 * Reads the field, the hop next to the client first.
 *
 * @returns `undefined` if it breaks the grammar anywhere: an open quote that a client sent would swallow what the
 *   proxies have added
 * @example
 * parseForwarded('for=192.0.2.60;proto=https, for="[2001:db8::1]:80"')
 */
export function parseForwarded(field: string): Hop[] | undefined {
  const hops: Hop[] = []
  let parameters = new Map<string, string>()
  let start = 0
  for (let at = 0; at <= field.length; at++) {
    at = after(blank, field, at)
    const pair = match(pairs, field, at)
    if (pair !== undefined) {
      const [whole, name = '', bare, quoted = ''] = pair
      const key = name.toLowerCase()
      // Each parameter once: two readers might take two different ones.
      if (parameters.has(key)) return undefined
      parameters.set(key, bare ?? quoted.replace(/\\(.)/g, '$1'))
      at = after(blank, field, at + whole.length)
    }
    if (at < field.length && field[at] !== ',' && field[at] !== ';') return undefined
    if (field[at] === ';') continue
    if (parameters.size > 0) hops.push({ parameters, text: field.slice(start, at).trim() })
    parameters = new Map()
    start = at + 1
  }
  return hops
}

const blank = /[ \t]*/y
const pairs = /([!#$%&'*+\-.^_`|~0-9A-Za-z]+)=(?:([!#$%&'*+\-.^_`|~0-9A-Za-z]+)|"((?:[^"\\]|\\.)*)")/y

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

function after(pattern: RegExp, text: string, at: number): number {
  return at + (match(pattern, text, at)?.[0].length ?? 0)
}
