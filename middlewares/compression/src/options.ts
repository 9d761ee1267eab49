/**
 * What `compression()` can be told.
 *
 * @module
 */
import type { CodecParams } from './check.ts'
import type { Encoding } from './codec.ts'

/** Options of `compression()`. A name that the `compression` package has means the same here; sizes are numbers. */
export interface CompressionOptions {
  /**
   * Bodies below this size go out as they are, where the size is known.
   *
   * Unit: bytes; a whole number >= 0.
   *
   * @default 1024
   */
  readonly threshold?: number
  /**
   * Tells whether a response is worth a coding; asked for every response that may be coded. It takes the place of the
   * look at the type. A 304, or a 206 of several parts, gets what was said of its 200; if that is not known, it is asked.
   *
   * @default by Content-Type, see `isCompressible()`
   */
  readonly filter?: (request: Request, response: Response) => boolean
  /**
   * The codings offered; their order decides between those that a client wants equally. `zstd` is left out where
   * `node:zlib` has none (before Node 22.15).
   *
   * @default ['zstd', 'br', 'gzip']
   */
  readonly encodings?: readonly Encoding[]
  /**
   * How hard gzip and deflate try: 0 not at all, 9 the most, -1 is zlib's own choice, 6.
   *
   * @default -1
   */
  readonly level?: number
  /**
   * Memory of gzip and deflate, 1 to 9.
   *
   * @default 8
   */
  readonly memLevel?: number
  /**
   * Window of gzip and deflate, 9 to 15: the power of two of its bytes.
   *
   * @default 15
   */
  readonly windowBits?: number
  /**
   * Parameters of brotli, by the numbers in `constants` of `node:zlib`.
   *
   * @default quality 4; for streams also a window of 256 KiB (LGWIN 18) and, where known, the size
   */
  readonly brotli?: CodecParams
  /**
   * Parameters of zstd, by the numbers in `constants` of `node:zlib`.
   *
   * @default level 3; for streams also a window of 256 KiB (windowLog 18)
   */
  readonly zstd?: CodecParams
  /**
   * Bodies up to this size that are at hand as a whole are coded in one synchronous call, so that the coded length
   * is known, and a coding that makes them no smaller is dropped. A web stream is read up to this size to see whether
   * it is such a body, as that of `new Response('…')` is; it waits one turn of the event loop at most. Longer bodies
   * and streams are coded on their way, off the main thread.
   *
   * Unit: bytes; a whole number >= 0, where 0 sends all bodies through the stream.
   *
   * @default 32_768
   */
  readonly syncThreshold?: number
  /**
   * The coding for a request without Accept-Encoding, which allows any (RFC 9110, section 12.5.3).
   *
   * @default 'identity'
   */
  readonly enforceEncoding?: Encoding | 'identity'
  /**
   * Keeps results, so that what goes out again and again is coded once, and what is asked often as small as it gets:
   * at the best level, in the background. Bodies up to `syncThreshold` are known again by their content. Longer ones
   * and streams are known by their URL and strong ETag, so it must change with the body; only answers with status 200
   * to a GET are, if a shared cache might keep them (RFC 9111, section 3): without `private`, Set-Cookie, and
   * Authorization. What says `no-store` is never kept, and nothing is before it was seen twice.
   *
   * `maxBytes` is the memory that results, and short bodies for comparison, take together, in bytes; a whole
   * number >= 1. When it is full, what was not asked for the longest goes.
   *
   * @default none is kept
   */
  readonly cache?: { readonly maxBytes: number }
  /**
   * The most streams that are coded at one time; further ones go out bare, so that memory is bounded and the wait for
   * the thread pool does not grow. Event streams count as long as they are open.
   *
   * Unit: streams; a whole number >= 0.
   *
   * @default unbounded
   */
  readonly maxConcurrent?: number
  /**
   * `'cookies'` makes what answers a request with Cookie or Authorization longer by a random number of bytes, up to
   * about a hundred, so that its length tells less of a secret beside text that the client chose (BREACH).
   *
   * @default false
   */
  readonly breach?: 'cookies' | false
  /**
   * Codes against a dictionary that the client has at hand (RFC 9842), by zstd: `dcz`. Which it has, the client says by
   * Available-Dictionary; which it may keep, the app says by `Use-As-Dictionary`. The bytes of such responses are kept
   * as they go out, in up to `maxBytes` together and a quarter of that each, if a shared cache might keep them, too; what was
   * not asked for the longest goes. `known` are dictionaries that are there from the start. All responses then vary by
   * Available-Dictionary as well.
   *
   * `known`: the bytes of each, @default [] ; `maxBytes`: in bytes, a whole number >= 0, @default 0. Needs zstd among the
   * `encodings` and Node 22.19, 24.6 or later; elsewhere it changes nothing.
   *
   * @default none is used
   */
  readonly dictionaries?: { readonly known?: readonly Uint8Array[]; readonly maxBytes?: number }
}
