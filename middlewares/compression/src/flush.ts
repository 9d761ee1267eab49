/**
 * Flushing when there is time: a chunk that is followed by another waits for it, one that is not goes out at once.
 *
 *     app ─ write write write ─ (nothing more this turn) ─ write …
 *     codec                    └─ flush                   └─ flush
 *
 * So the first event of a stream, or the head of a page, arrives while the app works on the rest, and a file
 * that is read as fast as it can be compressed is never flushed before its end.
 *
 * @module
 */
import type { Transform } from 'node:stream'
import type { Zlib } from 'node:zlib'

/**
 * Makes a compressor of `node:zlib` flush whenever it has taken all that was written and nothing more has come by the
 * next turn of the event loop (`setImmediate`).
 *
 * @param flag the flush that keeps the dictionary, such as `Z_SYNC_FLUSH`
 * @returns the same object
 */
export function flushWhenIdle<T extends Transform & Zlib>(codec: T, flag: number): T {
  const transform = codec._transform.bind(codec)
  let waiting = false

  const flushIfIdle = (): void => {
    waiting = false
    // A length above zero is a chunk under way, which will ask again when it is done.
    if (codec.writableLength === 0 && !codec.writableEnded && !codec.destroyed) codec.flush(flag)
  }
  codec._transform = (chunk: Uint8Array, encoding, callback) =>
    transform(chunk, encoding, (error, data) => {
      callback(error, data)
      // Flushes come as chunks, too, but empty.
      if (waiting || chunk.byteLength === 0) return
      waiting = true
      setImmediate(flushIfIdle)
    })
  return codec
}
