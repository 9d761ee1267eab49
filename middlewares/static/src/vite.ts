/**
 * A plugin of Vite and Rollup: the files of a build are compressed when it is written.
 *
 *     bundle ─▶ dist ─▶ compress(dist)
 *
 * @module
 */
import { dirname, relative, resolve } from 'node:path'
import { compressBundle, directoryFor, type OuterwareStaticOptions } from './compress/plugin.ts'

export type { OuterwareStaticOptions }

/** What Vite and Rollup call; shaped so that it fits the `Plugin` of both. */
export interface OuterwareStaticPlugin {
  readonly name: 'outerware-static'
  readonly apply: 'build'
  /** Vite's first word. */
  readonly configResolved: (config: ViteConfig) => void
  /** Remembers what was written, and where. */
  readonly writeBundle: {
    readonly order: 'post'
    readonly handler: (this: unknown, output: WrittenTo, bundle: Readonly<Record<string, object>>) => void
  }
  /** Compresses it. */
  readonly closeBundle: {
    readonly order: 'post'
    readonly sequential: true
    readonly handler: (this: unknown) => Promise<void>
  }
}

/** What is used of Vite's configuration. */
export interface ViteConfig {
  readonly root: string
  readonly build: { readonly ssr?: unknown }
  readonly logger: {
    /** Shows a text. */
    readonly info: (text: string) => void
  }
}

/** What is used of Rollup's output options. */
export interface WrittenTo {
  readonly dir?: string | undefined
  readonly file?: string | undefined
}

/**
 * Makes the plugin. It works when all other plugins are done and the public files are copied; with Rollup's JavaScript
 * API, when `bundle.close()` is called. What is built for the server is left alone.
 *
 * The server learns from it which names have a hash, and those for `asset()`: `asset('src/main.ts')`, with or without
 * `build.manifest`.
 *
 * @param options see {@link OuterwareStaticOptions}
 * @throws {@link OptionError} when the bundle is written: `compress.…`, for a wrong option; `outerwareStatic.dir`, if it
 *   is written to a directory that the working directory is in
 * @example
 * // vite.config.ts
 * export default { plugins: [outerwareStatic()] }
 */
export function outerwareStatic(options: OuterwareStaticOptions = {}): OuterwareStaticPlugin {
  const written = new Map<string, object[]>()
  let vite: ViteConfig | undefined
  return {
    name: 'outerware-static',
    apply: 'build',
    configResolved(config) {
      vite = config
    },
    writeBundle: {
      order: 'post',
      handler(output, bundle) {
        if (isForServer(this, vite)) return
        const root = vite?.root ?? process.cwd()
        const path = output.dir ?? (output.file && dirname(output.file))
        const dir = directoryFor(options, path && resolve(root, path))
        const items = Object.values(bundle)
        const styles = stylesOf(items, root)
        const outputs = items.map((item) => described(item, root, styles))
        written.set(dir, [...(written.get(dir) ?? []), ...outputs])
      },
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        const bundles = [...written]
        written.clear()
        for (const [dir, outputs] of bundles) {
          const text = await compressBundle(dir, outputs, options)
          if (!options.quiet) say(this, vite, text)
        }
      },
    },
  }
}

/** Vite's word of it, from version 6 on and before. */
function isForServer(plugin: unknown, vite: ViteConfig | undefined): boolean {
  const consumer = Object(plugin).environment?.config?.consumer
  return consumer === undefined ? Boolean(vite?.build.ssr) : consumer === 'server'
}

/** What the reader of manifests wants of Rollup's outputs: an entry is also known by the file that it was made of. */
function described(output: object, root: string, styles: ReadonlyMap<string, string>): object {
  const { fileName, name, names, originalFileNames = [] } = Object(output)
  const source = sourceOf(output, root) ?? styles.get(fileName)
  return {
    fileName,
    name,
    names,
    originalFileNames: source === undefined ? originalFileNames : [source, ...originalFileNames],
  }
}

/** The style that `src/main.ts` imports is known as `src/main.css`, as with Vite's own manifest. */
function stylesOf(outputs: readonly object[], root: string): Map<string, string> {
  const styles = new Map<string, string>()
  for (const output of outputs) {
    const [style]: Iterable<unknown> = Object(output).viteMetadata?.importedCss ?? []
    const source = sourceOf(output, root)
    if (typeof style === 'string' && source !== undefined) styles.set(style, source.replace(/\.[^./]+$/, '.css'))
  }
  return styles
}

function sourceOf(output: object, root: string): string | undefined {
  const { facadeModuleId } = Object(output)
  if (typeof facadeModuleId !== 'string' || facadeModuleId.startsWith('\0')) return undefined
  return relative(root, facadeModuleId).replaceAll('\\', '/')
}

function say(plugin: unknown, vite: ViteConfig | undefined, text: string): void {
  if (vite === undefined) Object(plugin).info(text)
  else vite.logger.info(text)
}
