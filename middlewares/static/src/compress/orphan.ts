/**
 * Forms that are left over: of files that are not there any more.
 *
 * @module
 */
import { deltaSuffix, fileOfDelta, suffixes } from '../form.ts'
import { encodings } from './codecs.ts'
import type { Notes } from './notes.ts'
import type { Source } from './tree.ts'

/** Tells whether a file is, by its name and size, a form that an earlier run has made, of one that is gone. */
export function isOrphan({ relative, stats }: Source, notes: Notes): boolean {
  const file = fileOfDelta(relative)
  const sizesOfDeltas = Object.entries((file !== undefined && notes.get(file)?.dictionaries) || {})
  if (sizesOfDeltas.some(([sha256, size]) => relative === file + deltaSuffix(sha256) && size === stats.size))
    return true
  return encodings.some((encoding) => {
    const suffix = suffixes[encoding]
    return relative.endsWith(suffix) && notes.get(relative.slice(0, -suffix.length))?.forms?.[encoding] === stats.size
  })
}
