/**
 * Coded forms lie beside their file, and are known by its name.
 *
 * @module
 */
import { fileOfDelta, suffixes } from '../form.ts'
import type { Encoding } from '../options.ts'

const all: readonly Encoding[] = ['zstd', 'br', 'gzip']

/**
 * Tells whether a name is that of a coded form of one of these files.
 *
 * @param encodings the codings that count; deltas always do
 */
export function isSiblingOf(name: string, files: ReadonlySet<string>, encodings: readonly Encoding[] = all): boolean {
  if (files.size === 0) return false
  const isForm = encodings.some((coding) => {
    const suffix = suffixes[coding]
    return name.endsWith(suffix) && files.has(name.slice(0, -suffix.length))
  })
  return isForm || files.has(fileOfDelta(name) ?? '')
}
