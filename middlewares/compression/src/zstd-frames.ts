/**
 * Where the frames of a Zstandard body begin and end (RFC 8878, section 3.1), read off their headers.
 *
 * The decoder of Node cannot be asked: one Node takes the first frame only, the next takes all of them, and to that of
 * Node 22 half a frame is a whole one.
 *
 * @module
 */

/** A frame in a body. */
export interface Frame {
  /** In bytes, from the first of its magic number to its last. */
  readonly length: number
  /** It holds nothing of the body (section 3.1.2). */
  readonly isSkippable: boolean
}

const MAGIC = 0xfd2fb528
const SKIPPABLE = 0x184d2a50

/** Reads the first frame of some bytes; `undefined` if they are none, or do not hold all of it. */
export function firstFrame(bytes: Uint8Array): Frame | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.byteLength < 8) return undefined
  const magic = view.getUint32(0, true)
  const isSkippable = (magic & ~0xf) === SKIPPABLE
  if (!isSkippable && magic !== MAGIC) return undefined
  const length = isSkippable ? 8 + view.getUint32(4, true) : lengthOf(view)
  return length <= view.byteLength ? { length, isSkippable } : undefined
}

/** Of the header, the blocks, and the checksum; `Infinity` where there is no such frame. */
function lengthOf(view: DataView): number {
  const descriptor = view.getUint8(4)
  const end = afterBlocks(view, 5 + fieldsOf(descriptor))
  return descriptor & 4 ? end + 4 : end
}

/** The size of the fields behind the descriptor (section 3.1.1.1): window, dictionary, content. */
function fieldsOf(descriptor: number): number {
  const isSingle = (descriptor & 32) !== 0
  const contentSize = descriptor >> 6
  return (isSingle ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + (contentSize === 0 ? Number(isSingle) : 1 << contentSize)
}

/** Goes from block to block (section 3.1.1.2): three bytes say which kind, how long, and whether it is the last. */
function afterBlocks(view: DataView, start: number): number {
  for (let at = start; at + 3 <= view.byteLength;) {
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
    at += 3 + (((header >> 1) & 3) === REPEATED ? 1 : header >> 3)
    if (header & 1) return at
  }
  return Infinity
}

/** The kind of block that is one byte, and how often it comes. */
const REPEATED = 1
