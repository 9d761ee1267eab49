/**
 * zstd with a dictionary, as RFC 9842, section 5, sends it: a preamble that names the dictionary, then a frame.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { dictionaryPreamble } from '@outerware/core/headers'

/** Browsers take a window of 8 MB in any case; file and dictionary lie in it together. Unit: bytes. */
export const MOST_BYTES: number = 4 * 1024 * 1024

/** The types of Node do not know of the dictionary yet. */
interface Options extends zlib.ZstdOptions {
  readonly dictionary: Uint8Array
}

let available: boolean | undefined

/** Tells whether this Node can: from 22.19 and 24.6 on. Before, it takes the option and does nothing with it. */
export function hasDictionaries(): boolean {
  return (available ??= 'zstdCompressSync' in zlib && isUsed())
}

function isUsed(): boolean {
  const sample = createHash('sha512').update('sample').digest()
  const options: Options = { dictionary: sample }
  return zlib.zstdCompressSync(sample, options).length < sample.length
}

/** Gives the bytes of a delta; the same bytes each time. */
export async function encodeDelta(plain: Uint8Array, dictionary: Uint8Array): Promise<Uint8Array> {
  const options: Options = {
    dictionary,
    params: {
      [zlib.constants.ZSTD_c_compressionLevel]: 19,
      [zlib.constants.ZSTD_c_windowLog]: windowLog(plain.length + dictionary.length),
    },
  }
  const frame = await promisify<Uint8Array, Options, Uint8Array>(zlib.zstdCompress)(plain, options)
  return Buffer.concat([dictionaryPreamble('dcz', sha256(dictionary)), frame])
}

/** Tells whether a delta gives these bytes. */
export async function isDeltaOf(delta: Uint8Array, plain: Uint8Array, dictionary: Uint8Array): Promise<boolean> {
  const preamble = dictionaryPreamble('dcz', sha256(dictionary))
  if (!Buffer.from(delta.subarray(0, preamble.length)).equals(preamble)) return false
  const options: Options = { dictionary }
  const frame = delta.subarray(preamble.length)
  const decoded = await promisify<Uint8Array, Options, Uint8Array>(zlib.zstdDecompress)(frame, options).catch(
    () => undefined,
  )
  return decoded !== undefined && Buffer.from(decoded).equals(plain)
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

/** The smallest window in which both lie: who reads it needs as much memory. */
function windowLog(bytes: number): number {
  return Math.min(Math.max(Math.ceil(Math.log2(bytes + 1)), 10), 23)
}
