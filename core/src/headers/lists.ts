/**
 * Field values that are lists (RFC 9110, section 5.6.1).
 *
 * @module
 */

/**
 * Splits a list at its commas; a comma in a quoted string does not split. Empty members are left out.
 *
 * @example
 * splitList('a, b="c,d",,') // ['a', 'b="c,d"']
 */
export function splitList(field: string): string[] {
  const members: string[] = []
  let start = 0
  let quoted = false
  for (let i = 0; i < field.length; i++) {
    const char = field[i]
    if (quoted && char === '\\') i++
    else if (char === '"') quoted = !quoted
    else if (char === ',' && !quoted) {
      members.push(field.slice(start, i).trim())
      start = i + 1
    }
  }
  members.push(field.slice(start).trim())
  return members.filter((member) => member !== '')
}

/**
 * Tells whether a list of directives, such as Cache-Control, holds one of that name; with an argument or without, in any case.
 *
 * @param name in lower case
 * @example
 * hasDirective('public, No-Transform', 'no-transform') // true
 */
export function hasDirective(field: string | null, name: string): boolean {
  if (field === null || !field.toLowerCase().includes(name)) return false
  return splitList(field).some((member) => member.replace(/=.*/s, '').trim().toLowerCase() === name)
}
