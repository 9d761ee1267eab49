/**
 * What bytes are known by.
 *
 * @module
 */
import { createHash } from 'node:crypto'

/**
 * Gives the SHA-256 of bytes, in base64url.
 *
 * @param most gives nothing if there are more bytes than this
 */
export async function sha256Of(
  chunks: AsyncIterable<Uint8Array>,
  most: number = Infinity,
): Promise<string | undefined> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > most) return undefined
    hash.update(chunk)
  }
  return hash.digest('base64url')
}

/** Gives the number of bytes, unless they are more than `most`. */
export async function sizeOf(chunks: AsyncIterable<Uint8Array>, most: number): Promise<number | undefined> {
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > most) return undefined
  }
  return size
}
