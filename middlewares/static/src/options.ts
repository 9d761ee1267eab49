/**
 * What can be chosen, and what holds if nothing is.
 *
 * @module
 */

/** A content coding that files may lie ready in, beside the plain file: `app.js.zst`, `app.js.br`, `app.js.gz`. */
export type Encoding = 'zstd' | 'br' | 'gzip'

/** A directory and the path under which its files are found. */
export interface StaticRoot {
  /** A path, relative to the working directory, or a `file:` URL. */
  readonly dir: string | URL
  /** As `prefix` of {@link StaticFilesOptions}. */
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

/** Options of {@link staticFiles}. */
export interface StaticFilesOptions {
  /**
   * The directory to serve, as a path or a `file:` URL; or several, where the earlier one wins.
   *
   * Keep the last build reachable while a new one rolls out: `['dist', { dir: 'dist-before' }]`.
   */
  readonly dir: string | URL | readonly (string | URL | StaticRoot)[]
  /**
   * Path under which the files are found; decoded, beginning with `/`.
   *
   * @default '/'
   */
  readonly prefix?: string
  /**
   * Looks at the disk on each request, by the same rules, and sends `Cache-Control: no-cache`: for development.
   *
   * @default false
   */
  readonly dev?: boolean
  /**
   * How long caches may keep a file that is not immutable.
   *
   * Unit: seconds, a whole number >= 0; or a text with its unit, `'90s'`, `'5m'`, `'1h'`, `'30d'`, `'1y'`;
   * `false` sends no Cache-Control for such files.
   *
   * @default 60
   */
  readonly maxAge?: number | string | false
  /**
   * Which files never change under their URL, and are sent with `public, max-age=31536000, immutable`.
   *
   * - `'auto'`: 1. outputs of a bundler's manifest whose name has a hash that the entry's name has not; 2. what the
   *   compressor's manifest says; 3. names with a token that can only be a hash. Never HTML;
   * - `true`: all but HTML; `false`: none;
   * - a RegExp is searched in the URL's path; a function decides, given the URL's path and the path on the disk.
   *
   * @default 'auto'
   */
  readonly immutable?: 'auto' | boolean | RegExp | ((url: string, path: string) => boolean)
  /**
   * Manifest of a bundler: of Vite, webpack (stats, or name to file), esbuild (metafile) or Rollup (list of outputs);
   * as a path, an object, or a list of them.
   *
   * @default `.vite/manifest.json` in each directory that has one
   */
  readonly manifest?: string | object | readonly (string | object)[]
  /**
   * The last word on Cache-Control, asked once for each file when it is scanned. `undefined` leaves it; `''` sends none.
   */
  readonly cacheControl?: (file: StaticFile) => string | undefined
  /** Put before the URLs that `asset()` gives: that of a CDN, such as `process.env.STATIC_HOST`; empty for none. */
  readonly origin?: string | undefined
  /**
   * `Access-Control-Allow-Origin`: `'*'` or one origin; `false` sends none. Public files behind a CDN's host need it
   * for fonts, modules and canvas.
   *
   * @default '*'
   */
  readonly cors?: string | false
  /**
   * What the entity tag is made of. `'content'` is strong and the same on every replica: a hash of the bytes, taken
   * once, at first use (of more than 16 MiB: size and time). `'stat'`: size and time of change.
   *
   * @default 'content'
   */
  readonly etag?: 'content' | 'stat' | false
  /**
   * Sends `Last-Modified`, but for times that mean nothing: up to 1985-10-26T08:15:00Z (epoch, 1980, npm), or to come.
   *
   * @default true
   */
  readonly lastModified?: boolean
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
  /**
   * File that stands for its directory.
   *
   * @default 'index.html'
   */
  readonly index?: string | false
  /**
   * Sends `/dir` to `/dir/`, and `/dir/index.html` to `/dir/`, by a relative Location with the query kept.
   * `false`: the index file answers at `/dir/` and `/dir/index.html`, nothing at `/dir`.
   *
   * @default true
   */
  readonly redirect?: boolean
  /** @default 302 */
  readonly redirectStatus?: 301 | 302 | 307 | 308
  /**
   * Extensions that a URL may leave out: with `['html']`, `/about` is `about.html`. The exact file wins, then the
   * earlier extension, then a directory.
   *
   * @default []
   */
  readonly extensions?: readonly string[]
  /**
   * Page of a single-page app, `true` for the index file: answers a GET or HEAD whose Accept names `text/html` and
   * whose path has no extension, is no file, and is not in a directory of hashed files.
   *
   * @default false
   */
  readonly single?: boolean | string
  /** Path of a page, under the prefix, that goes with a 404 of this wrapper. */
  readonly notFound?: string
  /**
   * Names that begin with a dot and are served none the less, such as `['.well-known']`.
   *
   * @default ['.well-known']
   */
  readonly dotfiles?: readonly string[] | 'allow' | 'deny'
  /**
   * `'inside'` follows symbolic links that stay in the directory; `true` follows all, `false` none.
   *
   * @default 'inside'
   */
  readonly followSymlinks?: 'inside' | boolean
  /**
   * `true` leaves what is no file, and other methods than GET and HEAD, to the app. `false` answers them: 404, and
   * 405 with Allow. A missing file with a hashed name, among files with such names, is a 404 in either case.
   *
   * @default true
   */
  readonly fallthrough?: boolean
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
  /** Media types by extension (`{ gltf: 'model/gltf+json' }`) or by whole name; they win over the table shipped. */
  readonly mimeTypes?: Readonly<Record<string, string>>
  /**
   * Added to `text/*` types that have none; `false` adds none.
   *
   * @default 'utf-8'
   */
  readonly charset?: string | false
  /**
   * Small files that are kept in memory, the least used given up first; `false` keeps none.
   *
   * Unit: bytes; `maxFile` of one file, `maxTotal` of all.
   *
   * @default { maxFile: 65_536, maxTotal: 33_554_432 }
   */
  readonly cache?: { readonly maxFile?: number; readonly maxTotal?: number } | false
  /**
   * How long the word of the last look at a file is trusted before one `stat` looks again. A file that was changed or
   * deleted is answered right after that time, without a restart; new files need `reload()`.
   *
   * Unit: milliseconds; 0 looks each time, `Infinity` never.
   *
   * @default 1000
   */
  readonly recheckMs?: number
  /**
   * Files left out, with their coded forms: a name (`'*.map'`) at any depth, or a path from the directory
   * (`'drafts/**'`), with `*`, `**`, `?`.
   *
   * @default []
   */
  readonly ignore?: readonly string[]
  /**
   * Hears, once for each scan, of what is not served and why.
   *
   * @default `console.warn`
   */
  readonly report?: (message: string) => void
}
