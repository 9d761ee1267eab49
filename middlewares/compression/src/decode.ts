/**
 * Decoding over `node:zlib`: one body at a time, no further than a limit, and to its last byte.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import type { Zlib } from 'node:zlib'
import { hasZstd, type Encoding } from './codec.ts'
import { firstFrame } from './zstd-frames.ts'

/** What came of a body: its bytes, or why there are none. */
export type Decoded = Uint8Array<ArrayBuffer> | 'too long' | 'malformed'

/** Decodes a whole body in the thread pool, and stops beyond `most` bytes. */
export type Decode = (bytes: Uint8Array, most: number) => Promise<Decoded>

/** The decoders of this Node, by their coding. */
export const decoders: ReadonlyMap<string, Decode> = new Map<Encoding, Decode>([
  ...(hasZstd ? [['zstd', decodeZstd] as const] : []),
  ['br', single(() => zlib.createBrotliDecompress())],
  ['gzip', single(() => zlib.createGunzip())],
  ['deflate', single(() => zlib.createInflate())],
])

type Decoder = Transform & Zlib

interface Run {
  readonly decoded: Decoded
  /** Bytes that the decoder has taken; what stands behind them is no part of it. */
  readonly taken: number
}

function single(make: () => Decoder): Decode {
  return async (bytes, most) => {
    const { decoded, taken } = await run(make, bytes, most)
    if (typeof decoded === 'string') return decoded
    // What stands behind the end would be dropped in silence. Zeros say nothing; gzip pads its files with them.
    return isZero(bytes.subarray(taken)) ? decoded : 'malformed'
  }
}

/** Each is a decoder of its own: without a bound, a body of empty frames would be a hundred thousand of them. */
const MOST_FRAMES = 64

/** Takes frame after frame, each by itself (RFC 8878, section 3). */
async function decodeZstd(bytes: Uint8Array, most: number): Promise<Decoded> {
  const parts: Uint8Array[] = []
  let left = bytes
  let size = 0
  for (let frames = 0; left.byteLength > 0; frames++) {
    const frame = firstFrame(left)
    if (frame === undefined || frames === MOST_FRAMES) return 'malformed'
    if (!frame.isSkippable) {
      const { decoded } = await run(createZstdDecompress, left.subarray(0, frame.length), most - size)
      if (typeof decoded === 'string') return decoded
      parts.push(decoded)
      size += decoded.byteLength
    }
    left = left.subarray(frame.length)
  }
  return Buffer.concat(parts, size)
}

/** Nobody needs to decode a window above 8 MB (RFC 9659, section 3); Node would take 128. */
function createZstdDecompress(): Decoder {
  return zlib.createZstdDecompress({ params: { [zlib.constants.ZSTD_d_windowLogMax]: 23 } })
}

function run(make: () => Decoder, bytes: Uint8Array, most: number): Promise<Run> {
  return new Promise((resolve, reject) => {
    const decoder = make()
    const chunks: Buffer[] = []
    let size = 0
    const settle = (decoded: Decoded): void => resolve({ decoded, taken: decoder.bytesWritten })
    decoder.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.byteLength
      if (size <= most) return
      decoder.destroy()
      settle('too long')
    })
    decoder.on('end', () => settle(Buffer.concat(chunks, size)))
    decoder.on('error', (error) => (isOurs(error) ? reject(error) : settle('malformed')))
    decoder.end(bytes)
  })
}

/** Want of memory is no fault of the client's; all else that a decoder complains of is. */
function isOurs(error: NodeJS.ErrnoException): boolean {
  return /MEM|ALLOC/i.test(error.code ?? '')
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}
