/**
 * Many names at once.
 *
 * @module
 */

/**
 * Tells whether there is a field of at least one of these names.
 *
 * On Node it looks at each field that is there, and at none that is not: twenty names cost what one does.
 *
 * @param names in lower case
 */
export function hasSome(headers: Headers, names: ReadonlySet<string>): boolean {
  if ('hasSome' in headers && typeof headers.hasSome === 'function') return headers.hasSome(names) === true
  for (const name of names) if (headers.has(name)) return true
  return false
}
