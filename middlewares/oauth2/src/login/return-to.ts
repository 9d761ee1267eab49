/**
 * Where to go after login: always back onto the site, however the address is spelt.
 *
 * @module
 */
import { readPath } from '@outerware/core'

/** The site, as its `baseURL` says. */
export interface Site {
  /** `https://site.test`, without a slash at the end. */
  readonly origin: string
  /** The path of `baseURL` without a slash at the end: `''` or `/app`. */
  readonly path: string
  /** Where the site begins: `https://site.test/app/`. */
  readonly home: string
  readonly secure: boolean
}

/** The longest address that is kept while the user signs in, in a cookie: in characters, as it is given and as it is sent. */
const LONGEST = 1024

/**
 * Reads an address to return to.
 *
 * Taken is a path (`/page?q=1#part`), or an absolute URL of the same origin. Everything else is answered with
 * the site's beginning:
 * 1. another origin, in any spelling: `https:`, `//`, `/\`, `\`, `javascript:`, user info, control characters, white space;
 * 2. a path that somebody may decode into one of those: `%2f%2f`, `%5c`, `%09`, or with no one reading;
 * 3. the gate's own routes, so that nobody is signed out by signing in;
 * 4. more than 1024 characters, also once they are percent-encoded.
 *
 * @param taken the gate's own paths
 * @returns an absolute URL of the site's origin
 */
export function returnTo(value: string | null | undefined, site: Site, taken: ReadonlySet<string>): string {
  if (value === null || value === undefined || value.length > LONGEST || !isLocal(value, site)) return site.home
  if (!URL.canParse(value, site.origin)) return site.home
  const url = new URL(value, site.origin)
  const path = readPath(url.pathname)
  if (url.origin !== site.origin || path === undefined || path.startsWith('//') || unprintable.test(path))
    return site.home
  const address = `${url.pathname}${url.search}${url.hash}`
  return taken.has(path) || address.length > LONGEST ? site.home : site.origin + address
}

// oxlint-disable-next-line no-control-regex
const unprintable = /[\x00-\x1f\x7f-\x9f]/
// oxlint-disable-next-line no-control-regex
const suspicious = /[\x00-\x20\x7f-\xa0\\]/

function isLocal(value: string, site: Site): boolean {
  if (suspicious.test(value)) return false
  const path = value.startsWith(`${site.origin}/`) ? value.slice(site.origin.length) : value
  return path.startsWith('/') && !path.startsWith('//')
}
