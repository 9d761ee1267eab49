/**
 * What the compressor can be told, and what holds if it is not.
 *
 * @module
 */
import { availableParallelism } from 'node:os'
import { checkNames, OptionError } from '@outerware/core'
import type { Encoding } from '../options.ts'
import { encodings, isAvailable } from './codecs.ts'
import type { CompressedFile } from './compressed-file.ts'
import { hasDictionaries } from './zstd-dictionary.ts'

/** Options of {@link compress}. */
export interface CompressOptions {
  /**
   * The codings to make.
   *
   * @default all that this Node has: `['br', 'gzip']`, and `'zstd'` from 22.15 on
   */
  readonly encodings?: readonly Encoding[]
  /**
   * The most that a coded form may have of the size of its file, to be worth a file of its own; above 0, at most 1.
   *
   * @default 0.95
   */
  readonly minRatio?: number
  /**
   * Extensions of files that are left as they are, beside those of files that are compressed in themselves (images,
   * films, fonts, archives).
   *
   * @default []
   */
  readonly exclude?: readonly string[]
  /**
   * How many files are compressed at the same time. The threads are libuv's: more than `UV_THREADPOOL_SIZE`, which is 4
   * unless set before Node starts, have to wait.
   *
   * @default one for each core
   */
  readonly concurrency?: number
  /**
   * Writes nothing, and finds out what would be written.
   *
   * @default false
   */
  readonly check?: boolean
  /**
   * Manifest of a bundler, as `manifest` of `staticFiles`: tells which files never change under their name.
   *
   * @default `.vite/manifest.json` in the directory, if it has one
   */
  readonly manifest?: string | object | readonly (string | object)[]
  /**
   * Earlier builds, as directories: of a file that has changed since, a delta is made for clients that have it as it
   * was (RFC 9842), `app-DfX2k9aB.js.pZGm1Av0.dcz`, if it is smaller than all its forms. `dictionaries` of
   * `staticFiles` sends it. Needs Node 22.19 or 24.6; of files up to 4 MiB, which are read whole.
   *
   * @default none: deltas that are there stay as long as their files
   */
  readonly dictionary?: string | URL | readonly (string | URL)[]
  /** Hears of each file when it is done: the largest first, roughly. */
  readonly onFile?: (file: CompressedFile, done: number, total: number) => void
}

/** The same, complete. */
export interface CompressSettings extends Required<Omit<CompressOptions, 'manifest' | 'exclude' | 'dictionary'>> {
  readonly dictionaries: readonly (string | URL)[]
  /** Whether a file of this name is compressed at all. */
  readonly compresses: (name: string) => boolean
}

/**
 * Completes options.
 *
 * @throws {@link OptionError} `compress.…`, for the first that is wrong
 */
export function compressSettings(options: CompressOptions): CompressSettings {
  checkNames('compress', options, [...rules.keys()])
  for (const [name, [holds, wanted]] of rules) {
    const value: unknown = Reflect.get(options, name)
    if (value !== undefined && !holds(value)) throw new OptionError(`compress.${name}`, wanted, value)
  }
  return {
    encodings: options.encodings ?? encodings.filter(isAvailable),
    minRatio: options.minRatio ?? 0.95,
    concurrency: options.concurrency ?? availableParallelism(),
    check: options.check ?? false,
    dictionaries: [options.dictionary ?? []].flat(),
    onFile: options.onFile ?? (() => {}),
    compresses: compressible(options.exclude ?? []),
  }
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
const isList = (value: unknown, holds: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(holds)
const isDirectory = (value: unknown): boolean => isText(value) || (value instanceof URL && value.protocol === 'file:')
const isCoding = (value: unknown): boolean => encodings.some((known) => known === value && isAvailable(known))

type Rule = readonly [holds: (value: unknown) => boolean, wanted: string]

const rules: ReadonlyMap<string, Rule> = new Map<keyof CompressOptions, Rule>([
  [
    'encodings',
    [
      (value) => isList(value, isCoding),
      isAvailable('zstd')
        ? "a list of 'br', 'gzip' and 'zstd'"
        : "a list of 'br' and 'gzip' (this Node has no zstd, which came with 22.15)",
    ],
  ],
  ['minRatio', [(value) => typeof value === 'number' && value > 0 && value <= 1, 'a number above 0, at most 1']],
  ['exclude', [(value) => isList(value, isText), "a list of extensions, such as ['pdf']"]],
  ['concurrency', [(value) => Number.isSafeInteger(value) && Number(value) >= 1, 'a whole number >= 1']],
  ['check', [(value) => typeof value === 'boolean', 'true or false']],
  [
    'manifest',
    [
      (value) => isText(value) || (typeof value === 'object' && value !== null),
      'a path of a bundler’s manifest, such a manifest, or a list of them',
    ],
  ],
  [
    'dictionary',
    [
      (value) => hasDictionaries() && [value].flat().every(isDirectory),
      hasDictionaries()
        ? 'a directory of an earlier build (a path or a file: URL), or a list of them'
        : 'left out: this Node has no zstd with a dictionary, which came with 22.19 and 24.6',
    ],
  ],
  ['onFile', [(value) => typeof value === 'function', 'a function (file, done, total) => void']],
])

/** Compressed in themselves: another coding gains nothing. */
const compressed = `
  jpg jpeg png apng gif webp avif heic jxl jp2  mp4 m4v webm mkv mov avi wmv flv  mp3 m4a aac ogg oga ogv opus flac
  woff woff2  zip gz tgz br zst bz2 tbz xz txz lz4 7z rar  dcz dcb docx xlsx pptx odt ods odp epub  jar apk deb rpm swf`

function compressible(exclude: readonly string[]): (name: string) => boolean {
  const given = exclude.map((extension) => extension.replace(/^\./, '').toLowerCase())
  const left = new Set([...compressed.trim().split(/\s+/), ...given])
  return (name) => !left.has(/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '')
}
