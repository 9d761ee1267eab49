/**
 * Where the writes of a Node app go when its answer does not go out as it was made: nowhere (divert.ts), into a web
 * stream (stream-sink.ts), or through filters (filter-sink.ts).
 *
 * @module
 */
import type { Callback, Chunk, Encoding } from './chunk.ts'

/** Where the app's writes go once they are held no more, if not straight to the socket. */
export interface Sink {
  /** The app has been told to wait. */
  isFull(): boolean
  /** `false` tells the app to wait for `drain`. */
  write(chunk: Chunk, encoding: Encoding, callback: Callback): boolean
  end(chunk: Chunk | undefined, encoding: Encoding): void
  flush(): void
  /** The app has cut its connection, or failed, in the middle of its body. Tells whether whoever reads it hears. */
  abort(error: Error): boolean
}
