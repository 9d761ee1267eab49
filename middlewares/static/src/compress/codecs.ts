/**
 * The three codings at their best, as streams: a file of any size needs no more memory than a small one.
 *
 * @module
 */
import { createReadStream, type ReadStream } from 'node:fs'
import { pipeline, type Duplex } from 'node:stream'
import * as zlib from 'node:zlib'
import type { Encoding } from '../options.ts'

/** All codings, in the order in which they are told of. */
export const encodings: readonly Encoding[] = ['br', 'gzip', 'zstd']

/** Tells whether this Node can make and read a coding; zstd from 22.15 on, and from 23.8. */
export function isAvailable(encoding: Encoding): boolean {
  return encoding !== 'zstd' || 'createZstdCompress' in zlib
}

/** Gives the bytes of a file in a coding; the same bytes each time. */
export function encoded(path: string, size: number, encoding: Encoding): AsyncIterable<Uint8Array> {
  const chunks = chained(path, size, encoders[encoding](size))
  return encoding === 'gzip' ? withoutSystem(chunks) : chunks
}

/** Gives the bytes, `size` of them, that a coded file stands for; throws what zlib says of one that is broken. */
export function decoded(path: string, size: number, encoding: Encoding): AsyncIterable<Uint8Array> {
  return chained(path, size, decoders[encoding](size))
}

/** Gives the bytes of a file of about that size. */
export function plain(path: string, size: number): ReadStream {
  return createReadStream(path, { highWaterMark: chunkSize(size) })
}

/** How much is read and written at once: small files need no large buffers, and most files are small. */
function chunkSize(size: number): number {
  return Math.min(Math.max(size + 1, 1024), 262_144)
}

/** Who reads it gets the error of either stream, and closes both by leaving. */
function chained(path: string, size: number, coder: Duplex): AsyncIterable<Uint8Array> {
  return pipeline(plain(path, size), coder, () => {})
}

const encoders: Readonly<Record<Encoding, (size: number) => Duplex>> = {
  br: (size) =>
    zlib.createBrotliCompress({
      chunkSize: chunkSize(size),
      params: {
        [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY,
        [zlib.constants.BROTLI_PARAM_LGWIN]: brotliWindow(size),
        [zlib.constants.BROTLI_PARAM_SIZE_HINT]: Math.min(size, 2 ** 32 - 1),
      },
    }),
  gzip: (size) => zlib.createGzip({ level: 9, chunkSize: chunkSize(size) }),
  zstd: (size) =>
    zlib.createZstdCompress({
      chunkSize: chunkSize(size),
      pledgedSrcSize: size,
      params: {
        [zlib.constants.ZSTD_c_compressionLevel]: 19,
        // 8 MB: no browser need read what asks for more (RFC 9659, section 3).
        [zlib.constants.ZSTD_c_windowLog]: 23,
      },
    }),
}

const decoders: Readonly<Record<Encoding, (size: number) => Duplex>> = {
  br: (size) => zlib.createBrotliDecompress({ chunkSize: chunkSize(size) }),
  gzip: (size) => zlib.createGunzip({ chunkSize: chunkSize(size) }),
  zstd: (size) => zlib.createZstdDecompress({ chunkSize: chunkSize(size) }),
}

/** The smallest window that holds the whole file (RFC 7932, section 9.1): who reads it needs as much memory. */
function brotliWindow(size: number): number {
  const { BROTLI_MIN_WINDOW_BITS, BROTLI_MAX_WINDOW_BITS } = zlib.constants
  const bits = Math.ceil(Math.log2(size + 16))
  return Math.min(Math.max(bits, BROTLI_MIN_WINDOW_BITS), BROTLI_MAX_WINDOW_BITS)
}

/** Says "unknown" where gzip names the system it was made on (RFC 1952, section 2.3.1). Node writes no time. */
async function* withoutSystem(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let at = 0
  for await (const chunk of chunks) {
    if (at <= OS && OS < at + chunk.length) chunk[OS - at] = UNKNOWN
    at += chunk.length
    yield chunk
  }
}

const OS = 9
const UNKNOWN = 255
