/**
 * Padding of random length, so that the length of a coded body tells less of a secret in it (BREACH).
 *
 * Each coding has a place for bytes that say nothing: gzip a file name (RFC 1952, section 2.3.1), zstd a skippable
 * frame (RFC 8878, section 3.1.2), brotli a metadata block (RFC 7932, section 9.2), deflate blocks without a byte in
 * them (RFC 1951, sections 3.2.4 and 3.2.6).
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { randomInt } from 'node:crypto'
import type { Transform } from 'node:stream'

/** How a coding is padded. */
export interface Padding {
  /** Pads a whole coded body. */
  whole(coded: Uint8Array): Uint8Array
  /** Makes a codec pad what it gives; the same object comes back. */
  stream<T extends Transform>(codec: T): T
}

/** From 0 to 100 bytes, each number as likely as the next, as Django's gzip has it. */
const MOST = 100

export const gzipPadding: Padding = padding((coded) => {
  const named = insert(coded, 10, Buffer.from(`${'x'.repeat(randomInt(MOST + 1))}\0`))
  named[3] = named[3]! | FNAME
  return named
})

/** The flag of a file name, which ends with a zero. */
const FNAME = 8

/** At the end: the decoder of Node, and with it `fetch()`, reads the first frame only. */
export const zstdPadding: Padding = {
  whole: (coded) => insert(coded, coded.byteLength, skippable()),
  stream: (codec) => before(null, codec, skippable),
}

function skippable(): Buffer {
  const frame = Buffer.alloc(8 + randomInt(MOST + 1))
  frame.writeUInt32LE(0x184d2a50, 0)
  frame.writeUInt32LE(frame.byteLength - 8, 4)
  return frame
}

/** Any length from 24 on is so many of one and so many of the other. */
export const deflatePadding: Padding = padding((coded) => {
  const size = 24 + randomInt(MOST + 1)
  const longer = size % 5
  const blocks = Array.from({ length: (size - longer) / 5 }, (_, i) => (i < longer ? emptyFixed : emptyStored))
  return insert(coded, 2, Buffer.concat(blocks))
})

const emptyStored = Buffer.of(0, 0, 0, 0xff, 0xff)
/** One with fixed codes, which ends within a byte, and a stored one that fills it up. */
const emptyFixed = Buffer.of(2, 0, 0, 0, 0xff, 0xff)

/** A block must begin with a byte, so the body must end with {@link BROTLI_END}, in a chunk of its own. */
export const brotliPadding: Padding = {
  whole: (coded) => insert(coded, coded.byteLength - 1, metadata()),
  stream: (codec) => before(BROTLI_END, codec, metadata),
}

/** The last block, an empty one. */
export const BROTLI_END: Uint8Array = Uint8Array.of(3)

/** `ISLAST` 0, `MNIBBLES` 11, a zero, `MSKIPBYTES` 01, and in eight bits the length less one. */
function metadata(): Buffer {
  const block = Buffer.alloc(3 + randomInt(MOST + 1))
  block.writeUInt16LE(0b01_0_11_0 | ((block.byteLength - 3) << 6), 0)
  return block
}

/** For a coding that can be padded near its first byte, all of which comes with the first chunk. */
function padding(pad: (coded: Uint8Array) => Uint8Array): Padding {
  return { whole: pad, stream: (codec) => onFirst(codec, pad) }
}

/** Puts something in before a chunk that a stream gives; `null` is its end. */
function before<T extends Transform>(last: Uint8Array | null, codec: T, make: () => Uint8Array): T {
  const push = codec.push.bind(codec)
  codec.push = (chunk: Uint8Array | null, encoding) => {
    if (chunk === last) push(make())
    return push(chunk, encoding)
  }
  return codec
}

/** Changes the first chunk that a stream gives. */
function onFirst<T extends Transform>(codec: T, change: (chunk: Uint8Array) => Uint8Array): T {
  const push = codec.push.bind(codec)
  let isFirst = true
  codec.push = (chunk: Uint8Array | null, encoding) => {
    if (!isFirst || chunk === null) return push(chunk, encoding)
    isFirst = false
    return push(change(chunk), encoding)
  }
  return codec
}

function insert(bytes: Uint8Array, at: number, more: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)])
}
