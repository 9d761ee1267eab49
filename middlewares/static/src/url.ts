/**
 * Decoded paths, as they are kept, and encoded ones, as they are sent.
 *
 * @module
 */

const plain = /^[\w\-.~/!$&'()*+,;=:@]*$/

/** Encodes a decoded path for a URL: what RFC 3986, section 3.3, lets stand in a path stands. */
export function encodePath(path: string): string {
  return plain.test(path) ? path : path.replace(/[^\w\-.~/!$&'()*+,;=:@]+/g, encodeURIComponent)
}

/** The last name of a decoded path, encoded so that it is a relative reference (a `:` would make it a scheme). */
export function lastName(path: string): string {
  return encodePath(path.slice(path.lastIndexOf('/') + 1)).replaceAll(':', '%3A')
}

/** The query of a URL, with its `?`, fit for a field; empty if there is none. */
export function queryOf(url: string): string {
  const start = url.indexOf('?')
  if (start === -1) return ''
  const end = url.indexOf('#', start)
  // Clients send ASCII, but a wrapper further out may have made the URL. By way of bytes, nothing of it can throw.
  return url
    .slice(start, end === -1 ? url.length : end)
    .replace(/[^\x21-\x7e]+/g, (rest) => encodeURIComponent(Buffer.from(rest).toString()))
}
