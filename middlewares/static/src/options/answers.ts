/**
 * What an answer says, and in which form.
 *
 * @module
 */
import type { Encoding, StaticFile } from './file.ts'

/** The part of `StaticFilesOptions` that says what an answer says, and in which form. */
export interface AnswerOptions {
  /**
   * Codings to look for beside each file. The client's wish decides, then the size. A sibling that is older than its
   * file, or not smaller, is not sent.
   *
   * @default ['zstd', 'br', 'gzip']
   */
  readonly encodings?: readonly Encoding[]
  /**
   * Lets clients use what they have of the last build to fetch this one, as what has changed (RFC 9842): files that
   * later builds change are sent with `Use-As-Dictionary`, and whoever offers one for which `outerware-static compress
   * --dictionary` has made a delta gets that, as `Content-Encoding: dcz`. Browsers do so over https, and on localhost.
   *
   * @default false
   */
  readonly dictionaries?: boolean
  /**
   * Answers Range (RFC 9110, section 14), always of the plain form.
   *
   * @default true
   */
  readonly acceptRanges?: boolean
  /**
   * How many ranges one answer may have, after overlapping ones are merged; with more the whole file is sent.
   *
   * @default 16
   */
  readonly maxRanges?: number
  /** Media types by extension (`{ gltf: 'model/gltf+json' }`) or by whole name; they win over the table shipped. */
  readonly mimeTypes?: Readonly<Record<string, string>>
  /**
   * Added to `text/*` types that have none; `false` adds none.
   *
   * @default 'utf-8'
   */
  readonly charset?: string | false
  /**
   * `Access-Control-Allow-Origin`: `'*'` or one origin; `false` sends none. Public files behind a CDN's host need it
   * for fonts, modules and canvas.
   *
   * @default '*'
   */
  readonly cors?: string | false
  /**
   * Changes the headers of a file's answers, called once for each form when it is scanned, not per request.
   * Content-Length, Content-Encoding, ETag and Last-Modified stay as they are.
   */
  readonly setHeaders?: (headers: Headers, file: StaticFile) => void
  /**
   * Reads each HTML file when it is scanned, and offers the hashes of its inline scripts and styles to the
   * Content-Security-Policy of that page: put `securityHeaders()` outside. Needs no `'unsafe-inline'` and no nonce,
   * so that pages can lie in caches. Attributes (`onclick`, `style`) have no hash.
   *
   * @default false
   */
  readonly inlineHashes?: boolean
}
