import * as zlib from 'node:zlib'

/** Whether this Node has zstd; it came with 22.15 and 23.8. */
export const hasZstd: boolean = 'zstdCompressSync' in zlib

/** Whether this Node has zstd with a dictionary; it came with 22.19 and 24.6, and is passed over in silence before. */
export const hasDictionaries: boolean = hasZstd && usesDictionary()

function usesDictionary(): boolean {
  const sample = Buffer.from('Sphinx of black quartz, judge my vow')
  return zlib.zstdCompressSync(sample, { dictionary: sample }).byteLength < sample.byteLength
}
