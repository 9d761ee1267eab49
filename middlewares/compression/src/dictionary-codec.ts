/**
 * Zstandard with a dictionary: the coding `dcz` (RFC 9842, section 5).
 *
 * There is no `dcb`: Node has Brotli digest the dictionary anew for each body, which takes ten times as long, and all
 * clients that take the one take the other.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import * as zlib from 'node:zlib'
import { dictionaryPreamble } from '@outerware/core/headers'
import { hasZstd, makeCodec, type Codec, type CodecOptions, type CodecStream } from './codec.ts'

/** Node takes a dictionary from 22.19 and 24.6 on; before, it takes the option and does nothing. */
export const hasDictionaries: boolean = hasZstd && usesDictionary()

function usesDictionary(): boolean {
  const sample = Buffer.from('Sphinx of black quartz, judge my vow')
  return zlib.zstdCompressSync(sample, { dictionary: sample }).byteLength < sample.byteLength
}

/** In bytes: to load a longer one takes the better part of a millisecond, which is work for the thread pool. */
const QUICK = 131_072

/** @param digest SHA-256 of the bytes, in base64 */
export function dictionaryCodec(bytes: Uint8Array, digest: string, options: CodecOptions): Codec {
  const preamble = dictionaryPreamble('dcz', Buffer.from(digest, 'base64'))
  const params = { [zlib.constants.ZSTD_c_windowLog]: windowFor(bytes.byteLength), ...options.zstd.params }
  const codec = makeCodec('zstd', { ...options, zstd: { ...options.zstd, params, dictionary: bytes } })
  if (codec === undefined) throw new Error('This Node has no zstd')
  return {
    ...codec,
    coding: 'dcz',
    key: `dcz ${digest}`,
    isQuick: bytes.byteLength <= QUICK,
    whole: (body, size) => Buffer.concat([preamble, codec.whole(body, size)]),
    best: async (body) => Buffer.concat([preamble, await codec.best(body)]),
    stream: (size) => beginning(codec.stream(size), preamble),
  }
}

/** A window that reaches back to the dictionary; beyond 8 MB nobody needs to follow (RFC 9659, section 3). */
function windowFor(size: number): number {
  return Math.min(23, Math.max(18, Math.ceil(Math.log2(size + 1)) + 1))
}

/** Puts something before the first byte that a codec gives. */
function beginning(codec: CodecStream, preamble: Uint8Array): CodecStream {
  const transform = codec._transform
  codec._transform = (chunk, encoding, callback) => {
    codec._transform = transform
    codec.push(preamble)
    transform.call(codec, chunk, encoding, callback)
  }
  return codec
}
