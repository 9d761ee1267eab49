/**
 * What comes out of a stream, kept beside it as it goes.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { CodecStream } from './codec.ts'

/** Calls `done` with all that a stream has given, at its end, unless that is more than `most` bytes. */
export function recorded(stream: CodecStream, most: number, done: (bytes: Uint8Array) => void): CodecStream {
  const push = stream.push.bind(stream)
  let chunks: Uint8Array[] = []
  let size = 0
  stream.push = (chunk: Uint8Array | null, encoding) => {
    if (chunk === null) {
      if (size <= most) done(Buffer.concat(chunks, size))
    } else {
      size += chunk.byteLength
      if (size <= most) chunks.push(chunk)
      else chunks = []
    }
    return push(chunk, encoding)
  }
  return stream
}
