/**
 * Where the recipe's files lie: beside this file when it runs from source, one `dist/` further down when it is built.
 *
 * @module
 */
import { join } from 'node:path'

const here = import.meta.dirname.replace(/([\\/])dist\1(?=cdn$)/, '$1')

/** Gives the path of a file or folder of this recipe. */
export function recipeFile(...names: readonly string[]): string {
  return join(here, ...names)
}
