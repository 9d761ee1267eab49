/**
 * Content codings over `node:zlib`, each with its options made once.
 *
 * @module
 */
import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import type { BrotliOptions, ZlibOptions, ZstdOptions } from 'node:zlib'
import { paced } from './pace.ts'

/** A content coding of HTTP that `node:zlib` can make; `deflate` is zlib's format (RFC 9110, section 8.4.1.2). */
export type Encoding = 'zstd' | 'br' | 'gzip' | 'deflate'

/** Codes bodies, whole or on their way. */
export interface Codec {
  readonly name: Encoding
  /** Codes a whole body, in one synchronous call. */
  whole(body: string | Uint8Array): Uint8Array
  /**
   * Makes a filter that flushes when the app pauses.
   *
   * @param size of the body in bytes, where it is known; a hint, no promise
   */
  stream(size: number | undefined): Transform
}

/** What the codecs are made of. */
export interface CodecOptions {
  readonly zlib: ZlibOptions
  readonly brotli: BrotliOptions
  readonly zstd: ZstdOptions
}

const { constants } = zlib

/** zstd came with Node 22.15 and 23.8; elsewhere it is left out. */
export const hasZstd: boolean = 'createZstdCompress' in zlib

/** Makes the codec of a name; `undefined` if this Node does not have it. */
export function makeCodec(name: Encoding, options: CodecOptions): Codec | undefined {
  if (name === 'br') return brotli(options.brotli)
  if (name === 'zstd') return hasZstd ? zstd(options.zstd) : undefined
  return name === 'gzip' ? gzip(options.zlib) : deflate(options.zlib)
}

function gzip(options: ZlibOptions): Codec {
  return {
    name: 'gzip',
    whole: (body) => zlib.gzipSync(body, options),
    stream: () => paced(zlib.createGzip(options), constants.Z_SYNC_FLUSH),
  }
}

function deflate(options: ZlibOptions): Codec {
  return {
    name: 'deflate',
    whole: (body) => zlib.deflateSync(body, options),
    stream: () => paced(zlib.createDeflate(options), constants.Z_SYNC_FLUSH),
  }
}

/** Quality 4: zlib's own default, 11, takes a hundred times as long. A window of 256 KiB for streams, not of 4 MiB. */
function brotli(options: BrotliOptions): Codec {
  const whole = { ...options, params: { [constants.BROTLI_PARAM_QUALITY]: 4, ...options.params } }
  const stream = { ...whole, params: { [constants.BROTLI_PARAM_LGWIN]: 18, ...whole.params } }
  const hinted = (size: number): BrotliOptions => ({
    ...stream,
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: size, ...stream.params },
  })
  return {
    name: 'br',
    whole: (body) => zlib.brotliCompressSync(body, whole),
    stream: (size) =>
      paced(zlib.createBrotliCompress(size === undefined ? stream : hinted(size)), constants.BROTLI_OPERATION_FLUSH),
  }
}

/** A window of 256 KiB for streams, as with brotli, halves what a long one keeps in memory. */
function zstd(options: ZstdOptions): Codec {
  const whole = { ...options, params: { [constants.ZSTD_c_compressionLevel]: 3, ...options.params } }
  const stream = { ...whole, params: { [constants.ZSTD_c_windowLog]: 18, ...whole.params } }
  return {
    name: 'zstd',
    whole: (body) => zlib.zstdCompressSync(body, whole),
    stream: () => paced(zlib.createZstdCompress(stream), constants.ZSTD_e_flush),
  }
}
