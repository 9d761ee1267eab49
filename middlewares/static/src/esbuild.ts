/**
 * A plugin of esbuild: the files of a build are compressed when it is written.
 *
 *     bundle ─▶ outdir ─▶ compress(outdir)
 *
 * @module
 */
import { dirname, resolve } from 'node:path'
import { compressBundle, directoryFor, type OuterwareStaticOptions } from './compress/plugin.ts'

export type { OuterwareStaticOptions }

/** What esbuild calls; shaped so that it fits its `Plugin`. */
export interface OuterwareStaticPlugin {
  readonly name: 'outerware-static'
  /** Asks for the metafile, and compresses when a build ends. */
  readonly setup: (build: Build) => void
}

/** What is used of a build. */
export interface Build {
  readonly initialOptions: BuildOptions
  /** Has something done when it ends. */
  readonly onEnd: (callback: (result: BuildResult) => Promise<void>) => void
}

/** What is used of the options; `metafile` is set. */
export interface BuildOptions {
  readonly absWorkingDir?: string | undefined
  readonly outdir?: string | undefined
  readonly outfile?: string | undefined
  readonly write?: boolean | undefined
  metafile?: boolean | undefined
}

/** What is used of what was built. */
export interface BuildResult {
  readonly errors: readonly unknown[]
  readonly metafile?: object | undefined
}

/**
 * Makes the plugin. The server learns from it which names have a hash, and those for `asset()`: `asset('src/app.ts')`.
 * It does nothing after errors, and where nothing is written (`write: false`, as in esbuild's own server).
 *
 * @param options see {@link OuterwareStaticOptions}
 * @throws {@link OptionError} as an error of the build: `compress.…`, for a wrong option; `outerwareStatic.dir`, if it
 *   is written to a directory that the working directory is in
 * @example
 * await esbuild.build({ entryNames: '[name]-[hash]', outdir: 'dist', plugins: [outerwareStatic()] })
 */
export function outerwareStatic(options: OuterwareStaticOptions = {}): OuterwareStaticPlugin {
  return {
    name: 'outerware-static',
    setup({ initialOptions, onEnd }) {
      const { absWorkingDir = process.cwd(), outdir, outfile, write } = initialOptions
      const written = outdir ?? (outfile && dirname(outfile))
      initialOptions.metafile = true
      onEnd(async ({ errors, metafile }) => {
        if (errors.length > 0 || metafile === undefined || write === false) return
        const dir = directoryFor(options, written && resolve(absWorkingDir, written))
        const text = await compressBundle(dir, metafile, options)
        if (!options.quiet) console.log(text)
      })
    },
  }
}
