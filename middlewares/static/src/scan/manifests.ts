/**
 * The manifests that belong to a directory: of the bundler, and of the compressor.
 *
 * @module
 */
import { existsSync, readFileSync, type Stats } from 'node:fs'
import { join, resolve } from 'node:path'
import { OptionError } from '@outerware/core'
import { isExhausted } from '../exhausted.ts'
import type { Root, Settings } from '../settings.ts'
import type { Findings } from './findings.ts'
import { outputsOf, type Output } from './manifest.ts'
import type { Encoding } from '../options.ts'

/** What the compressor knows of a file, so that nobody need find it out again. */
export interface Known {
  /** In bytes. */
  readonly size: number
  /** In ms since 1970, whole. */
  readonly mtimeMs: number
  /** Of the plain form, in base64url. */
  readonly sha256: string
  readonly immutable?: boolean
  /** What templates call it, as a bundler said. */
  readonly names?: readonly string[]
  /** Sizes of its deltas, in bytes, by the SHA-256 of their dictionaries, in base64url. */
  readonly dictionaries?: Readonly<Record<string, number>>
  /** Sizes of its coded forms, in bytes; `null` where one is not worth it. */
  readonly forms?: Readonly<Partial<Record<Encoding, number | null>>>
}

/** Tells whether what is known was said of a file of that size and date. */
export function speaksOf(known: Known, { size, mtimeMs }: Stats): boolean {
  return known.size === size && known.mtimeMs === Math.floor(mtimeMs)
}

/** Name of the compressor's manifest in its directory: `{ version: 1, files: { [path]: Known } }`. It is never served. */
export const COMPRESSOR_MANIFEST = '.static-manifest.json'

/** All that manifests say of the files of one directory. */
export class Manifests {
  readonly outputs: readonly Output[]
  readonly #byPath = new Map<string, Output>()
  readonly #known: ReadonlyMap<string, Known>

  constructor(outputs: readonly Output[], known: ReadonlyMap<string, Known>) {
    this.outputs = outputs
    this.#known = known
    for (const output of outputs) {
      for (const path of pathsOf(output.file)) if (!this.#byPath.has(path)) this.#byPath.set(path, output)
    }
  }

  /** The output that is meant by a path from the root, or by the path of a URL. */
  outputOf(path: string): Output | undefined {
    return this.#byPath.get(path.startsWith('/') ? path.slice(1) : path)
  }

  /** What the compressor knows of a path from the root. */
  knownOf(relative: string): Known | undefined {
    return this.#known.get(relative)
  }
}

/**
 * Under which paths an output may be found: bundlers name it from their working directory, their output directory, or
 * by its URL. The longest first.
 */
export function pathsOf(file: string): string[] {
  const names = file
    .replace(/^(?:[a-z]+:)?\/\/[^/]*/i, '')
    .split('/')
    .filter((name) => name !== '' && name !== '.')
  return names.map((_, i) => names.slice(i).join('/'))
}

/**
 * Reads the manifests of a directory. One that was not asked for and cannot be read is a finding.
 *
 * @throws {@link OptionError} `staticFiles.manifest`, for one that was asked for
 */
export function readManifests(root: Root, settings: Settings, findings: Findings): Manifests {
  const outputs = settings.manifests.flatMap(given)
  if (settings.manifests.length === 0) {
    outputs.push(...(found(join(root.dir, '.vite', 'manifest.json'), outputsOf, findings) ?? []))
  }
  const known = found(join(root.dir, COMPRESSOR_MANIFEST), knownIn, findings) ?? new Map<string, Known>()
  for (const [file, { names, immutable }] of known) if (names !== undefined) outputs.push({ file, names, immutable })
  return new Manifests(outputs, known)
}

const NO_FILE = 'the path of a file that is there'
const WANTED = 'a manifest of Vite, webpack, Rollup, esbuild, Django or Rails, or the path of one'

function given(manifest: string | object): Output[] {
  if (typeof manifest === 'string' && !existsSync(manifest))
    throw new OptionError('staticFiles.manifest', NO_FILE, manifest)
  const outputs = outputsOf(typeof manifest === 'string' ? readJson(resolve(manifest)) : manifest)
  if (outputs === undefined) throw new OptionError('staticFiles.manifest', WANTED, manifest)
  return outputs
}

function found<T>(path: string, read: (json: unknown) => T | undefined, findings: Findings): T | undefined {
  if (!existsSync(path)) return undefined
  const value = read(readJson(path))
  if (value === undefined) findings.leaveOut(path, 'no manifest that can be read')
  return value
}

/**
 * `undefined` for what is not there, or no JSON.
 *
 * @throws the system's error, if it says nothing of the file: see `isExhausted`
 */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (isExhausted(error)) throw error
    return undefined
  }
}

/** Reads the compressor's manifest, as far as it is one. */
export function knownIn(json: unknown): Map<string, Known> | undefined {
  if (typeof json !== 'object' || json === null || !('files' in json)) return undefined
  return new Map(Object.entries(Object(json.files)).filter((entry): entry is [string, Known] => isKnown(entry[1])))
}

function isKnown(value: unknown): value is Known {
  if (typeof value !== 'object' || value === null) return false
  const { size, mtimeMs, sha256, names = [], forms = {}, dictionaries = {} } = Object(value)
  return (
    Number.isSafeInteger(size) &&
    Number.isFinite(mtimeMs) &&
    /^[\w-]{43}$/.test(String(sha256)) &&
    Array.isArray(names) &&
    names.every((name) => typeof name === 'string') &&
    [forms, dictionaries].every((sizes) => typeof sizes === 'object' && sizes !== null)
  )
}
