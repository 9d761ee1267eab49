/**
 * What an app says of its body, as it may be given to `write` and `end`.
 *
 * @module
 */

export type Chunk = string | Uint8Array
export type Encoding = BufferEncoding | undefined
export type Callback = ((error?: Error | null) => void) | undefined

/** A write that is held. */
export interface HeldWrite {
  readonly chunk: Chunk
  readonly encoding: Encoding
  readonly callback: Callback
  /** Written while the app had corked: Node makes one chunk of such writes. */
  readonly corked: boolean
  /** See tick.ts. */
  readonly tick: number
}

export function byteLength(chunk: Chunk, encoding: Encoding): number {
  return typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.byteLength
}

export function isChunk(chunk: unknown): chunk is Chunk {
  return typeof chunk === 'string' || chunk instanceof Uint8Array
}

/** The callback, which may come in the place of the encoding. */
export function callbackOf(encoding: unknown, callback: unknown): Callback {
  const given = typeof encoding === 'function' ? encoding : callback
  // oxlint-disable-next-line no-unsafe-type-assertion -- any function is called as one
  return typeof given === 'function' ? (given as Callback) : undefined
}

export function encodingOf(encoding: unknown): Encoding {
  // oxlint-disable-next-line no-unsafe-type-assertion -- an unknown one is refused by Node, as bare
  return typeof encoding === 'string' ? (encoding as BufferEncoding) : undefined
}

/** As Node says it to a write on what is destroyed. */
export function refuseWrite(callback: Callback): false {
  const error = new Error('Cannot call write after a stream was destroyed')
  if (callback) process.nextTick(callback, Object.assign(error, { code: 'ERR_STREAM_DESTROYED' }))
  return false
}
