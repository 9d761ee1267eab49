/**
 * What the plugins of all bundlers have in common.
 *
 * @module
 */
import { resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OptionError } from '@outerware/core'
import { compress } from './compress.ts'
import type { CompressOptions } from './options.ts'
import { summary } from './report.ts'

/** Options of the plugins. */
export interface OuterwareStaticOptions extends Omit<CompressOptions, 'check' | 'manifest'> {
  /**
   * The directory whose files are compressed.
   *
   * @default the one that the bundler writes to
   */
  readonly dir?: string | URL
  /**
   * Says nothing.
   *
   * @default false
   */
  readonly quiet?: boolean
}

/** Where the bundler has written, as an absolute path. */
export function directoryFor({ dir }: OuterwareStaticOptions, written: string | undefined): string {
  if (dir !== undefined) return resolve(dir instanceof URL ? fileURLToPath(dir) : dir)
  // Somebody's whole project would be compressed.
  if (written === undefined || `${process.cwd()}${sep}`.startsWith(`${written}${sep}`)) {
    throw new OptionError('outerwareStatic.dir', 'given, where the bundle has no directory of its own', dir)
  }
  return written
}

/** Compresses what a bundler has written, and gives a text to be shown. */
export async function compressBundle(dir: string, manifest: object, options: OuterwareStaticOptions): Promise<string> {
  const { dir: _dir, quiet: _quiet, ...rest } = options
  const started = performance.now()
  const compressed = await compress(dir, { ...rest, manifest })
  return summary(compressed, false, performance.now() - started).trimEnd()
}
