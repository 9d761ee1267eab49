/**
 * Where files are, and what hooks see of one.
 *
 * @module
 */

/** A content coding that files may lie ready in, beside the plain file: `app.js.zst`, `app.js.br`, `app.js.gz`. */
export type Encoding = 'zstd' | 'br' | 'gzip'

/** A directory and the path under which its files are found. */
export interface StaticRoot {
  /** A path, relative to the working directory, or a `file:` URL. */
  readonly dir: string | URL
  /** As `prefix` of the options. */
  readonly prefix?: string
}

/** A file as hooks see it. */
export interface StaticFile {
  /** Path of its URL, percent-encoded, such as `/docs/` for `docs/index.html`. */
  readonly url: string
  /** Absolute path on the disk, of the plain form. */
  readonly path: string
  /** Media type, with its charset. */
  readonly type: string
  /** Size in bytes, of this form. */
  readonly size: number
  /** This form's coding. */
  readonly encoding: Encoding | 'identity' | 'dcz'
  /** Whether the URL means the same bytes for ever. */
  readonly immutable: boolean
}
