/**
 * Content codings over `node:zlib`, each with its options made once.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { Transform } from 'node:stream'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import type { BrotliOptions, Zlib, ZlibOptions, ZstdOptions } from 'node:zlib'
import type { DictionaryCoding } from '@outerware/core/headers'
import { fitDeflate, fitOutput, fitting } from './fit.ts'
import { paced } from './pace.ts'
import { BROTLI_END, brotliPadding, deflatePadding, gzipPadding, zstdPadding, type Padding } from './pad.ts'

/** A content coding of HTTP that `node:zlib` can make; `deflate` is zlib's format (RFC 9110, section 8.4.1.2). */
export type Encoding = 'zstd' | 'br' | 'gzip' | 'deflate'

/** A codec of `node:zlib`. */
export type CodecStream = Transform & Zlib

/** Codes bodies, whole or on their way. */
export interface Codec {
  /** What Content-Encoding says. */
  readonly coding: Encoding | DictionaryCoding
  /** Equal for those that make the same bytes. */
  readonly key: string
  /** A short body takes no longer than others of its length. */
  readonly isQuick: boolean
  /**
   * Codes a whole body, in one synchronous call.
   *
   * @param size of the body in bytes
   */
  whole(body: string | Uint8Array, size: number): Uint8Array
  /** Codes a whole body as small as it gets, however long that takes, in the thread pool. */
  best(body: Uint8Array): Promise<Uint8Array>
  /**
   * Makes a filter that flushes when the app pauses.
   *
   * @param size of the body in bytes, where it is known; a hint, no promise
   */
  stream(size: number | undefined): CodecStream
  /** Makes what the others gave longer by a random number of bytes. */
  readonly padding: Padding
}

/** What the codecs are made of. */
export interface CodecOptions {
  readonly zlib: ZlibOptions
  readonly brotli: BrotliOptions
  readonly zstd: ZstdOptions
  /** Some bodies will be padded. */
  readonly pads: boolean
}

const { constants } = zlib

/** zstd came with Node 22.15 and 23.8; elsewhere it is left out. */
export const hasZstd: boolean = 'createZstdCompress' in zlib

/** Makes the codec of a name; `undefined` if this Node does not have it. */
export function makeCodec(name: Encoding, options: CodecOptions): Codec | undefined {
  if (name === 'br') return options.pads ? alignedBrotli(options.brotli) : brotli(options.brotli)
  if (name === 'zstd') return hasZstd ? zstd(options.zstd) : undefined
  return name === 'gzip' ? gzip(options.zlib) : deflate(options.zlib)
}

function named(coding: Encoding): Pick<Codec, 'coding' | 'key' | 'isQuick'> {
  return { coding, key: coding, isQuick: true }
}

function gzip(options: ZlibOptions): Codec {
  const fitted = fitDeflate(options)
  const best = { ...options, level: constants.Z_BEST_COMPRESSION }
  return {
    ...named('gzip'),
    whole: (body, size) => zlib.gzipSync(body, fitting(fitted, size)),
    best: (body) => promisify<Uint8Array, ZlibOptions, Buffer>(zlib.gzip)(body, best),
    stream: () => paced(zlib.createGzip(options), constants.Z_SYNC_FLUSH),
    padding: gzipPadding,
  }
}

function deflate(options: ZlibOptions): Codec {
  const fitted = fitDeflate(options)
  const best = { ...options, level: constants.Z_BEST_COMPRESSION }
  return {
    ...named('deflate'),
    whole: (body, size) => zlib.deflateSync(body, fitting(fitted, size)),
    best: (body) => promisify<Uint8Array, ZlibOptions, Buffer>(zlib.deflate)(body, best),
    stream: () => paced(zlib.createDeflate(options), constants.Z_SYNC_FLUSH),
    padding: deflatePadding,
  }
}

/** Quality 4: zlib's own default, 11, takes a hundred times as long. A window of 256 KiB for streams, not of 4 MiB. */
function brotli(options: BrotliOptions): Codec {
  const whole = { ...options, params: { [constants.BROTLI_PARAM_QUALITY]: 4, ...options.params } }
  const fitted = fitOutput(whole)
  const best = { ...options, params: { ...options.params, [constants.BROTLI_PARAM_QUALITY]: 11 } }
  const stream = { ...whole, params: { [constants.BROTLI_PARAM_LGWIN]: 18, ...whole.params } }
  const hinted = (size: number): BrotliOptions => ({
    ...stream,
    params: { [constants.BROTLI_PARAM_SIZE_HINT]: size, ...stream.params },
  })
  return {
    ...named('br'),
    whole: (body, size) => zlib.brotliCompressSync(body, fitting(fitted, size)),
    best: (body) => promisify<Uint8Array, BrotliOptions, Buffer>(zlib.brotliCompress)(body, best),
    stream: (size) =>
      paced(zlib.createBrotliCompress(size === undefined ? stream : hinted(size)), constants.BROTLI_OPERATION_FLUSH),
    padding: brotliPadding,
  }
}

/** Brotli that has a place for padding: flushed at its end, which is then a block of one byte. */
function alignedBrotli(options: BrotliOptions): Codec {
  const codec = brotli({ ...options, finishFlush: constants.BROTLI_OPERATION_FLUSH })
  const end = (coded: Uint8Array): Uint8Array => Buffer.concat([coded, BROTLI_END])
  return {
    ...codec,
    whole: (body, size) => end(codec.whole(body, size)),
    best: async (body) => end(await codec.best(body)),
    stream(size) {
      const stream = codec.stream(size)
      const flush = stream._flush.bind(stream)
      stream._flush = (callback) =>
        flush((error, data) => {
          if (!error) stream.push(BROTLI_END)
          callback(error, data)
        })
      return stream
    },
  }
}

/** A window of 256 KiB for streams, as with brotli, halves what a long one keeps in memory. */
function zstd(options: ZstdOptions): Codec {
  const whole = { ...options, params: { [constants.ZSTD_c_compressionLevel]: 3, ...options.params } }
  const fitted = fitOutput(whole)
  const best = { ...options, params: { ...options.params, [constants.ZSTD_c_compressionLevel]: 19 } }
  const stream = { ...whole, params: { [constants.ZSTD_c_windowLog]: 18, ...whole.params } }
  return {
    ...named('zstd'),
    whole: (body, size) => zlib.zstdCompressSync(body, fitting(fitted, size)),
    best: (body) => promisify<Uint8Array, ZstdOptions, Buffer>(zlib.zstdCompress)(body, best),
    stream: () => paced(zlib.createZstdCompress(stream), constants.ZSTD_e_flush),
    padding: zstdPadding,
  }
}
