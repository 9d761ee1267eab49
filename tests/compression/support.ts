import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import * as zlib from 'node:zlib'
import type { App } from '@outerware/core'
import { compression, type CompressionOptions } from '@outerware/compression'
import { get, testContext } from '../support/index.ts'

/** Answers a request through `compression(options)`; without `accept-encoding` in the headers, by gzip. */
export async function ask(
  app: App,
  headers: Record<string, string> = { 'accept-encoding': 'gzip' },
  options: CompressionOptions = {},
  init: RequestInit = {},
): Promise<Response> {
  return compression(options)(app)(get('/', headers, init), testContext())
}

export async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer())
}

export function decode(coding: string | null, bytes: Uint8Array): Buffer {
  if (coding === 'gzip') return zlib.gunzipSync(bytes)
  if (coding === 'br') return zlib.brotliDecompressSync(bytes)
  if (coding === 'deflate') return zlib.inflateSync(bytes)
  if (coding === 'zstd') return zlib.zstdDecompressSync(bytes)
  return Buffer.from(bytes)
}

/** The bare body of a response, decoded as its Content-Encoding says. */
export async function plain(response: Response): Promise<string> {
  return decode(response.headers.get('content-encoding'), await bytesOf(response)).toString()
}

/** Text that compresses well, of that many bytes. */
export function prose(size: number): string {
  return 'The quick brown fox jumps over the lazy dog. '.repeat(Math.ceil(size / 45)).slice(0, size)
}

/** The same bytes each time, that no coding makes smaller. */
export function noise(size: number): Buffer {
  const blocks: Buffer[] = []
  for (let i = 0; i * 64 < size; i++) blocks.push(createHash('sha512').update(String(i)).digest())
  return Buffer.concat(blocks).subarray(0, size)
}

/** Programs that decode, from other hands than ours where they are installed: `gzip`, `brotli`, `zstd`. */
export function decoder(program: string): ((bytes: Uint8Array) => Buffer) | undefined {
  if (spawnSync(program, ['--version']).status !== 0) return undefined
  return (bytes) => {
    const { status, stdout, stderr } = spawnSync(program, ['-dc'], { input: bytes, maxBuffer: 2 ** 26 })
    if (status !== 0) throw new Error(`${program} -dc: ${String(stderr)}`)
    return stdout
  }
}
