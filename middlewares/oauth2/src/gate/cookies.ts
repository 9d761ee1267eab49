/**
 * Cookies, read by hand: the header is scanned for our own names and never parsed as a whole (RFC 6265bis).
 *
 * @module
 */
import { stringifySetCookie } from 'cookie'

/** What all cookies of one gate have in common. */
export interface CookieKind {
  /** The name of the session's cookie; every other one of this gate is `<name>.<something>`. */
  readonly name: string
  readonly secure: boolean
  readonly sameSite: 'lax' | 'none'
}

/**
 * Reads one cookie. The first of several with the same name wins; a value is never decoded.
 *
 * @returns `undefined` if there is none of that name
 */
export function readCookie(header: string, name: string): string | undefined {
  for (let at = header.indexOf(name); at !== -1; at = header.indexOf(name, at + 1)) {
    const start = at + name.length
    if (header.charCodeAt(start) !== EQUALS || !isPairStart(header, at)) continue
    const end = header.indexOf(';', start)
    return header.slice(start + 1, end === -1 ? header.length : end)
  }
  return undefined
}

/**
 * The cookies of this gate in the order they were sent, each once: the first of several with the same name. Read in one
 * go, since a stranger may send hundreds. Left out is what we would not write: other names, and those without `=`.
 */
export function ownCookies(header: string | null, kind: CookieKind): ReadonlyMap<string, string> {
  const own = new Map<string, string>()
  if (header === null || !header.includes(kind.name)) return own
  for (const pair of pairs(header)) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, Math.max(equals, 0))
    if (isOwn(name, kind.name) && writable.test(name) && !own.has(name)) own.set(name, pair.slice(equals + 1))
  }
  return own
}

/**
 * The header without the cookies of this gate, as the app may see it.
 *
 * @returns the header itself if none of them is there; `''` if nothing is left
 */
export function withoutOwn(header: string, { name }: CookieKind): string {
  const at = header.indexOf(name)
  if (at === -1) return header
  // Nearly always the session's cookie is there alone.
  if (at === 0 && header.charCodeAt(name.length) === EQUALS && !header.includes(';')) return ''
  const kept = pairs(header).filter((pair) => !isOwn(nameOf(pair), name))
  return kept.join('; ')
}

/** How many bytes of a Cookie header a cookie takes, with what stands between it and the next. */
export function sizeOf(name: string, value: string): number {
  return name.length + value.length + 3
}

/** A `Set-Cookie` line (R27): HttpOnly, Path=/, no Domain, SameSite, and Secure on https. */
export function setCookie(kind: CookieKind, name: string, value: string, maxAge: number): string {
  const { secure, sameSite } = kind
  return stringifySetCookie({ name, value, maxAge, path: '/', httpOnly: true, secure, sameSite }, { encode: asItIs })
}

/** The line that makes a browser forget a cookie. */
export function clearCookie(kind: CookieKind, name: string): string {
  return setCookie(kind, name, '', 0)
}

const writable = /^[\w.-]+$/
const [EQUALS, SEMICOLON, SPACE, TAB, DOT] = [61, 59, 32, 9, 46]

function asItIs(value: string): string {
  return value
}

function isPairStart(header: string, at: number): boolean {
  let i = at - 1
  while (i >= 0 && (header.charCodeAt(i) === SPACE || header.charCodeAt(i) === TAB)) i--
  return i < 0 || header.charCodeAt(i) === SEMICOLON
}

function pairs(header: string): string[] {
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
}

function nameOf(pair: string): string {
  const equals = pair.indexOf('=')
  return (equals === -1 ? pair : pair.slice(0, equals)).trim()
}

function isOwn(name: string, own: string): boolean {
  return name === own || (name.startsWith(own) && name.charCodeAt(own.length) === DOT)
}
