/**
 * Options of `node:zlib` that fit the size of a whole body.
 *
 * By default each call gets memory for 16 KiB of output, and deflate a window of 32 KiB with its tables: to set these up
 * takes longer than to code a short body. With no more than the body fills, it gets as short for a fifth less work.
 *
 * @module
 */
import type { ZlibOptions } from 'node:zlib'

/** From 2^10, as less saves nothing, to 2^15, the most that deflate's window holds; in bits. */
const [LEAST, MOST] = [10, 15]

/** The options for each size, made once. */
export type Fitting<Options> = readonly Options[]

/** The options for a body of so many bytes. */
export function fitting<Options>(options: Fitting<Options>, size: number): Options {
  return options[Math.max(LEAST, Math.min(MOST, 32 - Math.clz32(size - 1))) - LEAST]!
}

/** Room for the output: one that is longer than the body is of no use. */
export function fitOutput<Options extends { chunkSize?: number | undefined }>(options: Options): Fitting<Options> {
  return sizes((bits) => ({ ...options, chunkSize: options.chunkSize ?? 2 ** bits }))
}

/** Room for the output, and a window and tables no larger than the body fills (zlib's `deflateInit2`). */
export function fitDeflate(options: ZlibOptions): Fitting<ZlibOptions> {
  const { windowBits = 15, memLevel = 8 } = options
  const fitted = fitOutput(options)
  return sizes((bits, i) => ({
    ...fitted[i],
    windowBits: Math.min(windowBits, bits),
    memLevel: Math.min(memLevel, bits - 6),
  }))
}

function sizes<Options>(make: (bits: number, i: number) => Options): Fitting<Options> {
  return Array.from({ length: MOST - LEAST + 1 }, (_, i) => make(LEAST + i, i))
}
