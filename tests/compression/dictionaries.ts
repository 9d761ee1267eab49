import { createHash } from 'node:crypto'
import * as zlib from 'node:zlib'
import { expect } from '@jest/globals'

/** What a client sends that has a dictionary at hand. */
export function offer(dictionary: string | Uint8Array, codings = 'gzip, br, zstd, dcz'): Record<string, string> {
  const digest = createHash('sha256').update(dictionary).digest('base64')
  return { 'accept-encoding': codings, 'available-dictionary': `:${digest}:` }
}

/** Checks what RFC 9842, section 5, has a body of `dcz` begin with, and decodes the rest. */
export function decodeDcz(bytes: Uint8Array, dictionary: string | Uint8Array): string {
  const digest = createHash('sha256').update(dictionary).digest('hex')
  const head = Buffer.from(bytes.subarray(0, 40)).toString('hex')
  expect(head).toBe(`5e2a4d1820000000${digest}`)
  return zlib.zstdDecompressSync(bytes.subarray(40), { dictionary: Buffer.from(dictionary) }).toString()
}

/** A list of things, as an API gives it; another `version` differs in one row. */
export function listing(version: number, rows = 200): string {
  const row = (id: number): object => ({
    id,
    name: createHash('sha256').update(String(id)).digest('base64url').slice(0, 12),
    price: id === 7 ? version : (id * 7919) % 1000,
  })
  return JSON.stringify(Array.from({ length: rows }, (_, id) => row(id)))
}
