/**
 * How the disk is looked at, and what is kept of it.
 *
 * @module
 */

/** The part of `StaticFilesOptions` that says how the disk is looked at, and what is kept of it. */
export interface RunningOptions {
  /**
   * Looks at the disk on each request, by the same rules, and sends `Cache-Control: no-cache`: for development.
   *
   * @default false
   */
  readonly dev?: boolean
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
   * Small files that are kept in memory, the least used given up first; `false` keeps none.
   *
   * Unit: bytes; `maxFile` of one file, `maxTotal` of all.
   *
   * @default { maxFile: 65_536, maxTotal: 33_554_432 }
   */
  readonly cache?: { readonly maxFile?: number; readonly maxTotal?: number } | false
  /**
   * Hears, once for each scan, of what is not served and why.
   *
   * @default `console.warn`
   */
  readonly report?: (message: string) => void
}
