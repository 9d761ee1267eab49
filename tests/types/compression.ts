// Compile-time promises of @outerware/compression: this file is built, never run.
import { constants } from 'node:zlib'
import {
  compression,
  compressionHooks,
  decompressRequest,
  isCompressible,
  type CompressionOptions,
  type DecompressRequestOptions,
  type Encoding,
} from '@outerware/compression'
import { compose, fromHooks, type AddsOf, type App, type Hooks, type NeedsOf, type Wrapper } from '@outerware/core'

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <_T extends true>(): void => {}

declare const app: App
declare const needy: App<{ user: string }>

export const wrapped: App = compression()(app)
export const composed: App = compose(compression({ threshold: 0 }))(app)
export const same: App = fromHooks(compressionHooks())(app)

holds<Equals<ReturnType<typeof compression>, Wrapper>>()
holds<Equals<ReturnType<typeof compressionHooks>, Hooks>>()
holds<Equals<ReturnType<typeof decompressRequest>, Wrapper>>()
holds<Equals<keyof DecompressRequestOptions, 'limit' | 'ratio'>>()
holds<Equals<AddsOf<Wrapper>, {}>>()
holds<Equals<NeedsOf<Wrapper>, {}>>()
holds<Equals<Encoding, 'zstd' | 'br' | 'gzip' | 'deflate'>>()
holds<Equals<ReturnType<typeof isCompressible>, boolean>>()
holds<
  Equals<
    keyof CompressionOptions,
    | 'threshold'
    | 'filter'
    | 'encodings'
    | 'level'
    | 'memLevel'
    | 'windowBits'
    | 'brotli'
    | 'zstd'
    | 'syncThreshold'
    | 'enforceEncoding'
    | 'cache'
    | 'maxConcurrent'
    | 'breach'
    | 'dictionaries'
  >
>()

// What the app inside needs, it needs still.
const stillNeedy: App<{ user: string }> = compression()(needy)
// @ts-expect-error nothing adds the user
export const missing: App = stillNeedy

export const options: CompressionOptions = {
  encodings: ['br', 'gzip'],
  brotli: { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } },
  filter: (request, response) => request.method === 'GET' && isCompressible(response.headers.get('content-type')),
}
export const decoded: App = compose(decompressRequest({ limit: 1, ratio: Infinity }))(app)
// @ts-expect-error sizes are numbers of bytes
decompressRequest({ limit: '1mb' })
// @ts-expect-error the name of the coding is br
compression({ encodings: ['brotli'] })
// @ts-expect-error sizes are numbers of bytes
compression({ threshold: '1kb' })
// @ts-expect-error the app goes into the second call
compression(app)
