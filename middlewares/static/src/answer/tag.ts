/**
 * Entity tags: strong, and of the bytes where those can be read (RFC 9110, section 8.8.3).
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { tagOfDigest } from '../entry.ts'
import type { Form } from '../form.ts'
import type { Settings } from '../settings.ts'
import { CHUNK, readFully, type Opened } from './open.ts'
import type { Growth } from './prepared.ts'

/** A tag of more bytes than this is made of size and time: nobody should wait for the hash of a film. */
const MOST_HASHED = 16 * 1024 * 1024

/** Tells whether a file's tag is made of its bytes. */
export function isHashed({ size }: Form, { etag }: Settings): boolean {
  return etag === 'content' && size <= MOST_HASHED
}

/** The tag of one form: forms are made of the same bytes, but are not the same. */
export function entityTag(opaque: string, { suffix }: Form): string {
  return `"${opaque}${suffix.replace('.', '-')}"`
}

export function tagOfBytes(bytes: Uint8Array): string {
  return tagOfDigest(createHash('sha256').update(bytes).digest('base64url'))
}

/** As of the same bytes; `undefined` if the file is shorter than `size`. */
export async function tagOfFile({ handle }: Opened, size: number): Promise<string | undefined> {
  const hash = createHash('sha256')
  for (let at = 0; at < size; at += CHUNK) {
    const chunk = await readFully(handle, at, Math.min(CHUNK, size - at))
    if (chunk === undefined) return undefined
    hash.update(chunk)
  }
  return tagOfDigest(hash.digest('base64url'))
}

/** Size, and time of change in nanoseconds. */
export async function tagOfStats({ handle }: Opened): Promise<string> {
  const { size, mtimeNs } = await handle.stat({ bigint: true })
  return `${size.toString(36)}-${mtimeNs.toString(36)}`
}

/** Tells whether what was sent of an open file was one version of it: it was left alone, or it only grew. */
export async function isSame(file: Opened, growth: Growth): Promise<boolean> {
  const { size, mtimeMs } = await file.handle.stat()
  const { stats } = file
  if (size <= stats.size) return size === stats.size && mtimeMs === stats.mtimeMs
  if (typeof growth === 'string') return growth === 'any'
  return (await tagOfFile(file, stats.size)) === growth.hash
}
