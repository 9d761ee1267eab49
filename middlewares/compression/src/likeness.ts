/**
 * Telling bodies apart at a glance, and keeping one that nobody can change.
 *
 * @module
 */
import { Buffer } from 'node:buffer'

/**
 * A place for a body among so many: equal bodies have the same, most others another. It looks at the length and at
 * sixteen characters, so it costs the same for any length; whoever uses it must compare.
 */
export function placeOf(name: string, body: string | Uint8Array, places: number): number {
  const { length } = body
  const step = Math.max(1, length >>> 4)
  let sum = length + name.charCodeAt(0)
  if (typeof body === 'string') for (let i = 0; i < length; i += step) sum = (sum * 31 + body.charCodeAt(i)) | 0
  else for (let i = 0; i < length; i += step) sum = (sum * 31 + body[i]!) | 0
  return (sum >>> 0) % places
}

/** Tells whether two bodies are the same, and both text or both bytes. */
export function isSame(a: string | Uint8Array | undefined, b: string | Uint8Array): boolean {
  if (typeof b === 'string') return a === b
  return a instanceof Uint8Array && Buffer.compare(a, b) === 0
}

/** A copy: bytes may be written over later, and a text may be part of a longer one, which it would keep in memory. */
export function ownCopy(body: string | Uint8Array): string | Uint8Array {
  return typeof body === 'string' ? Buffer.from(body).toString() : new Uint8Array(body)
}

/** The memory that a body takes, in bytes; a text has up to two for each character. */
export function memoryOf(body: string | Uint8Array): number {
  return typeof body === 'string' ? body.length * 2 : body.byteLength
}

/**
 * A copy: zlib gives a piece of a larger buffer, all of which would be kept. A Buffer: of all else, Node makes one for
 * each answer.
 */
export function exactly(bytes: Uint8Array): Buffer {
  return Buffer.from(new Uint8Array(bytes).buffer)
}
