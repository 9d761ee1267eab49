export type { CodecParams } from './check.ts'
export type { Encoding } from './codec.ts'
export { compression, compressionHooks, type CompressionOptions } from './compression.ts'
export { isCompressible } from './compressible.ts'
