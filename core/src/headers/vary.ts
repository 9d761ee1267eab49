/**
 * Vary: which request fields chose this response (RFC 9110, section 12.5.5).
 *
 * @module
 */
import { splitList } from './lists.ts'

/**
 * Adds a field name to Vary, once, in any case. `*` says all there is to say, and stands alone.
 *
 * @param name in lower case, or `*`
 * @example
 * addVary(headers, 'accept-encoding')
 */
export function addVary(headers: Headers, name: string): void {
  const field = headers.get('vary')
  if (field === null || field === '' || name === '*') headers.set('vary', name)
  else if (field.toLowerCase() !== name && !names(field, name)) headers.set('vary', `${field}, ${name}`)
}

function names(field: string, name: string): boolean {
  return splitList(field).some((member) => member === '*' || member.toLowerCase() === name)
}
