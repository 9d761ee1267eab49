/**
 * Names that no URL can ask for.
 *
 * @module
 */
import { lstatSync } from 'node:fs'

/**
 * Tells what is wrong with a name; nothing for most.
 *
 * @param path where it was found
 */
export function badName(name: string, path: string): string | undefined {
  if (name.includes('\\')) return 'no URL can ask for a name with a backslash'
  // Where bytes are no UTF-8, Node writes this character, and there is no such file; or somebody has written it.
  const isDecoded = !name.includes('\uFFFD') || lstatSync(path, { throwIfNoEntry: false }) !== undefined
  return isDecoded ? undefined : 'a name that is no UTF-8'
}
