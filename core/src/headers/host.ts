/**
 * Host: the name or address that a request is for, and its port (RFC 9110, section 7.2).
 *
 * @module
 */
import { isTruePunycode } from './punycode.ts'

/** A host as all readers read it. */
export interface Host {
  /** In lower case, without the root's dot at the end; an IPv6 address in brackets, in its shortest form. */
  readonly name: string
  /** `undefined` where it is left to the scheme. */
  readonly port: number | undefined
}

/**
 * Reads a host and port.
 *
 * Only what every reader takes for the same host has a reading: no user before an `@`, no escapes, no IPv4 address in
 * another spelling (`0x7f.1`, `2130706433`), no raw characters outside of ASCII, no punycode that stands for nothing. An underscore passes, for hosts within
 * a network are named so.
 *
 * @returns `undefined` if there is no one reading
 * @example
 * parseHost('Shop.Example.:8080') // { name: 'shop.example', port: 8080 }
 */
export function parseHost(field: string): Host | undefined {
  const [, written, digits] = grammar.exec(field) ?? []
  if (written === undefined || written.length > 254) return undefined
  const name = written.toLowerCase()
  if (!URL.canParse(`http://${name}`)) return undefined
  const read = new URL(`http://${name}`).hostname
  // A name that a URL spells anew is an address in disguise; only IPv6 has many honest spellings.
  if (read !== name && !name.startsWith('[')) return undefined
  if (name.includes('xn--') && !isTruePunycode(name)) return undefined
  const port = digits === undefined || digits === '' ? undefined : Number(digits)
  if (port !== undefined && port > 65_535) return undefined
  return { name: read.endsWith('.') ? read.slice(0, -1) : read, port }
}

// Labels of letters, digits, `-` and `_`, one dot between two; or an address of IPv6 in brackets.
const grammar = /^((?:[a-z0-9_-]+\.)*[a-z0-9_-]+\.?|\[[0-9a-f:.]+\])(?::(\d{0,5}))?$/i

/**
 * Tells the host and port of a URL, as they are written in it.
 *
 * @example
 * hostOfUrl('http://Shop.example:8080/cart') // 'Shop.example:8080'
 */
export function hostOfUrl(url: string): string {
  const start = url.indexOf('://') + 3
  let end = start
  while (end < url.length && !'/?#'.includes(url[end]!)) end++
  return url.slice(start, end)
}

/** The fields of a request, as Node has them. */
export interface NodeFields {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly rawHeaders: readonly string[]
}

/**
 * Tells whether a request names one host, and only one: a request of HTTP/1.1 with none, or with two, is to be answered
 * 400 (RFC 9112, section 3.2). Node gives the first of two Host fields, and in HTTP/2 one of Host and `:authority`.
 *
 * @param req Node's own request, `context.node.req`
 */
export function namesOneHost({ headers, rawHeaders }: NodeFields): boolean {
  const { host, ':authority': authority } = headers
  if (host === undefined) return authority !== undefined
  if (authority !== undefined && authority !== host) return false
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (name.length === 4 && name.toLowerCase() === 'host') count++
  }
  return count === 1
}
