/**
 * Which files are found, and at which paths.
 *
 * @module
 */
import type { StaticRoot } from './file.ts'

/** The part of `StaticFilesOptions` that says which files are found, and at which paths. */
export interface PathOptions {
  /**
   * The directory to serve, as a path, a `file:` URL or with its prefix; or several, where the earlier one wins.
   *
   * Keep the last build reachable while a new one rolls out: `['dist', { dir: 'dist-before' }]`.
   */
  readonly dir: string | URL | StaticRoot | readonly (string | URL | StaticRoot)[]
  /**
   * Path under which the files are found; decoded, beginning with `/`.
   *
   * @default '/'
   */
  readonly prefix?: string
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
   * `true` leaves what is no file, and other methods than GET and HEAD, to the app. `false` answers them: 404, and
   * 405 with Allow. A missing file with a hashed name, among files with such names, is a 404 in either case.
   *
   * @default true
   */
  readonly fallthrough?: boolean
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
   * Files left out, with their coded forms: a name (`'*.map'`) at any depth, or a path from the directory
   * (`'drafts/**'`), with `*`, `**`, `?`.
   *
   * @default []
   */
  readonly ignore?: readonly string[]
}
