/**
 * The pace of a stream: a codec takes all that waits in one go, and gives what it has whenever the app pauses.
 *
 *     app    write write write ─ (nothing more this turn) ─ write …
 *     codec  └─────┬─────┘        flush                     └─ …
 *
 * So the first event of a stream, or the head of a page, arrives while the app works on the rest, and a file
 * that is read as fast as it can be coded is never flushed before its end.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { Transform } from 'node:stream'
import type { Zlib } from 'node:zlib'

/**
 * Makes a codec of `node:zlib` flush whenever it has taken all that was written and nothing more has come by the
 * next turn of the event loop (`setImmediate`).
 *
 * @param flag the flush that keeps the window, such as `Z_SYNC_FLUSH`
 * @returns the same object
 */
export function paced<T extends Transform & Zlib>(codec: T, flag: number): T {
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
  // Each chunk is a trip to the thread pool: twenty small ones in one go cost half.
  codec._writev = (chunks, callback) => {
    codec._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'utf8', callback)
  }
  return codec
}
