/**
 * What is wrong with a symbolic link.
 *
 * @module
 */

const meanings: Readonly<Record<string, string>> = {
  ENOENT: 'a symbolic link to nothing',
  ELOOP: 'a symbolic link that leads back to itself',
}

/** Gives what is to be thrown in the place of what the system said of a link when it was followed. */
export function linkError(error: unknown): unknown {
  const { code } = Object(error)
  return typeof code === 'string' && code in meanings ? new Error(meanings[code]) : error
}
