/**
 * Is a coded form of its file, as both are now? Their dates tell, but for those within a second: bundlers write a file
 * and its forms in any order, and who changes a file may do so right after its form was made. Then the form is read.
 *
 * @module
 */
import { readFileSync, type Stats } from 'node:fs'
import * as zlib from 'node:zlib'
import { isExhausted } from '../exhausted.ts'
import { suffixes } from '../form.ts'
import type { Encoding } from '../options.ts'

/** At the precision of a second: not all file systems and archives keep more. */
export function isOlder(sibling: Stats, file: Stats): boolean {
  return Math.floor(sibling.mtimeMs / 1000) < Math.floor(file.mtimeMs / 1000)
}

/** At the precision of a copied date. */
export function isAsNew(sibling: Stats, file: Stats): boolean {
  return file.mtimeMs - sibling.mtimeMs <= COPIED_MS
}

/** Who copies a date in milliseconds loses what is behind the point, and more by rounding. */
const COPIED_MS = 2

/** Of so many bytes, decoded, nobody waits long for the proof. */
const MOST_PROVEN = 4 * 1024 * 1024

/**
 * Tells whether a form holds the bytes of its file; not of a large one, nor of a coding that this Node cannot read.
 *
 * @param size of the file, in bytes
 */
export function isProven(path: string, coding: Encoding, size: number): boolean {
  if (size > MOST_PROVEN) return false
  try {
    const decoded = decoders[coding](readFileSync(path + suffixes[coding]), { maxOutputLength: size })
    return decoded.equals(readFileSync(path))
  } catch (error) {
    if (isExhausted(error)) throw error
    return false
  }
}

type Decode = (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer

const decoders: Readonly<Record<Encoding, Decode>> = {
  br: zlib.brotliDecompressSync,
  gzip: zlib.gunzipSync,
  // Node has it from 22.15 on, and from 23.8.
  zstd: (bytes, options) => zlib.zstdDecompressSync(bytes, options),
}
