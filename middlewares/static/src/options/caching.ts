/**
 * How long caches keep a file, and what tells that it is another.
 *
 * @module
 */
import type { StaticFile } from './file.ts'

/** The part of `StaticFilesOptions` that says how long caches keep a file, and what tells that it is another. */
export interface CachingOptions {
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
   *   compressor's manifest says; 3. names with a token that can only be a hash, or may be, where all names of a directory
   *   are made in that way; 4. what lies in `_next/static`, `_app/immutable`, `_astro`, `_nuxt`. Never HTML;
   * - `true`: all but HTML; `false`: none;
   * - a RegExp is searched in the URL's path; a function decides, given the URL's path and the path on the disk.
   *
   * @default 'auto'
   */
  readonly immutable?: 'auto' | boolean | RegExp | ((url: string, path: string) => boolean)
  /**
   * Manifest of a bundler: of Vite, webpack (stats, or name to file), esbuild (metafile), Rollup (list of outputs),
   * Django, Sprockets or Propshaft; as a path, an object, or a list of them.
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
}
