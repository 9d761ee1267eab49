/**
 * Manifests of bundlers, whichever it was: what each has put out, and what it was made of.
 *
 * @module
 */
import { basename } from 'node:path'

/** A file that a bundler has put out. */
export interface Output {
  /** As the manifest names it: a path, relative to one directory or another, or a URL. */
  readonly file: string
  /** What a template asks for. */
  readonly names: readonly string[]
  /** The name without hash and extension, if the manifest tells. */
  readonly source?: string | undefined
  /** The bundler itself says that the name has a hash. */
  readonly immutable?: boolean | undefined
}

/**
 * Reads a manifest:
 *
 * 1. Vite: `{ 'src/main.ts': { file, name, src, css, assets } }`;
 * 2. webpack's stats: `{ assets: [{ name, info }], assetsByChunkName }`;
 * 3. esbuild's metafile: `{ outputs: { 'dist/app.js': { entryPoint } } }`;
 * 4. Rollup's list of outputs: `[{ fileName, name, type }]`;
 * 5. name to file, as webpack-manifest-plugin and others write it; also under `files` (Create React App), `paths` (Django)
 *    or `assets` (Sprockets), and to `{ src }` (webpack-assets-manifest) or `{ digested_path }` (Propshaft).
 *
 * @returns `undefined` if it is none of them
 */
export function outputsOf(manifest: unknown): Output[] | undefined {
  if (isRollupList(manifest)) return manifest.flatMap(fromRollup)
  if (!isRecord(manifest) || Array.isArray(manifest)) return undefined
  const { outputs, assets, files, paths } = manifest
  if (isRecord(outputs)) return Object.entries(outputs).map(fromEsbuild)
  if (Array.isArray(assets)) return fromWebpack(assets, manifest.assetsByChunkName)
  // Sprockets has both, and its `files` are by what they have become.
  const entries = Object.entries([assets, files, paths].find(isRecord) ?? manifest)
  if (entries.every(([, value]) => isRecord(value) && typeof value.file === 'string')) {
    // What has a name of its own comes first.
    return [...entries.map(fromVite), ...entries.flatMap(besideVite)]
  }
  const named = entries.map(
    ([name, value]) => [name, isRecord(value) ? (value.src ?? value.digested_path) : value] as const,
  )
  if (named.every(([, file]) => typeof file === 'string')) return named.map(fromName)
  return undefined
}

/** Tells whether a list is one manifest, and not a list of manifests. */
export function isRollupList(list: unknown): list is Record<string, unknown>[] {
  return Array.isArray(list) && list.length > 0 && list.every((item) => isRecord(item) && 'fileName' in item)
}

function fromVite([key, value]: [string, unknown]): Output {
  const { file, name, src } = isRecord(value) ? value : {}
  return { file: String(file), names: [key], source: text(name) ?? stem(text(src)) }
}

/** The style that belongs to `src/main.ts` is known as `src/main.css`, which Vite does not say. */
function besideVite([key, value]: [string, unknown]): Output[] {
  const { name, src, css, assets } = isRecord(value) ? value : {}
  const source = text(name) ?? stem(text(src))
  const sheets = texts(css).map((file, i) => ({ file, names: i === 0 ? [withExtension(key, '.css')] : [], source }))
  return [...sheets, ...texts(assets).map(bare)]
}

function fromWebpack(assets: readonly unknown[], chunks: unknown): Output[] {
  const chunkOf = new Map<string, string>()
  for (const [chunk, files] of Object.entries(isRecord(chunks) ? chunks : {})) {
    for (const file of texts(Array.isArray(files) ? files : [files])) chunkOf.set(file, chunk)
  }
  return assets.filter(isRecord).map(({ name, info }) => {
    const file = String(name)
    const source = isRecord(info) ? text(info.sourceFilename) : undefined
    const chunk = chunkOf.get(file)
    const names = [source, chunk && chunk + extension(file)].filter((known) => known !== undefined)
    return { file, names, source: chunk ?? stem(source), immutable: isRecord(info) && info.immutable === true }
  })
}

function fromEsbuild([file, output]: [string, unknown]): Output {
  const { entryPoint, inputs } = isRecord(output) ? output : {}
  const only = isRecord(inputs) && Object.keys(inputs).length === 1 ? Object.keys(inputs)[0] : undefined
  const name = text(entryPoint) ?? only
  return { file, names: name === undefined ? [] : [name], source: stem(name) }
}

function fromRollup({ fileName, name, names, originalFileNames }: Record<string, unknown>): Output {
  const file = String(fileName)
  const own = text(name) ?? texts(names)[0]
  const known = own === undefined || own.endsWith(extension(file)) ? own : own + extension(file)
  return { file, names: [...(known === undefined ? [] : [known]), ...texts(originalFileNames)], source: stem(known) }
}

function fromName([name, file]: readonly [string, unknown]): Output {
  return { file: String(file), names: [name], source: stem(name) }
}

function bare(file: string): Output {
  return { file, names: [] }
}

function stem(path: string | undefined): string | undefined {
  return path === undefined ? undefined : basename(path, extension(path))
}

function withExtension(path: string, to: string): string {
  return path.slice(0, path.length - extension(path).length) + to
}

function extension(path: string): string {
  return /\.[^./]+$/.exec(path)?.[0] ?? ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
