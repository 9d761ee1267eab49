/**
 * Options, checked and completed, once.
 *
 * @module
 */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OptionError } from '@outerware/core'
import { checkOptions } from './check.ts'
import { globMatcher } from './glob.ts'
import type { StaticFile, StaticFilesOptions, StaticRoot } from './options.ts'
import { isRollupList } from './scan/manifest.ts'
import { secondsOf } from './seconds.ts'
import { mediaTypes } from './types.ts'

/** A directory, as an absolute path, and its prefix, with a slash at both ends. */
export interface Root {
  readonly dir: string
  readonly prefix: string
  /** The directory as it was given. */
  readonly given: string
}

type Unchanged = Required<
  Pick<
    StaticFilesOptions,
    | 'acceptRanges'
    | 'cors'
    | 'dev'
    | 'dictionaries'
    | 'encodings'
    | 'etag'
    | 'fallthrough'
    | 'followSymlinks'
    | 'immutable'
    | 'index'
    | 'inlineHashes'
    | 'lastModified'
    | 'maxRanges'
    | 'recheckMs'
    | 'redirect'
    | 'redirectStatus'
    | 'report'
  >
>

/** What all other files go by. */
export interface Settings extends Unchanged {
  readonly roots: readonly Root[]
  readonly manifests: readonly (string | object)[]
  readonly cacheControl: ((file: StaticFile) => string | undefined) | undefined
  readonly setHeaders: ((headers: Headers, file: StaticFile) => void) | undefined
  /** Without a slash at its end; empty for none. */
  readonly origin: string
  /** Cache-Control of files that are not immutable; `undefined` sends none. */
  readonly plain: string | undefined
  /** Without their dots. */
  readonly extensions: readonly string[]
  /** Path of a page under a prefix. */
  readonly single: string | undefined
  /** Path of a page under a prefix. */
  readonly notFound: string | undefined
  /** In bytes. */
  readonly maxFile: number
  /** In bytes. */
  readonly maxTotal: number
  /** Whether a name that begins with a dot is served. */
  readonly allowsDotfile: (name: string) => boolean
  /** Whether a path from the directory is left out. */
  readonly ignores: (path: string) => boolean
  /** Media type of a file name. */
  readonly typeOf: (name: string) => string
}

/**
 * Completes options.
 *
 * @throws {@link OptionError} for the first that is wrong
 */
export function settingsOf(options: StaticFilesOptions): Settings {
  checkOptions(options)
  const { dev = false, index = 'index.html', manifest = [] } = options
  return {
    roots: rootsOf(options),
    manifests: Array.isArray(manifest) && !isRollupList(manifest) ? manifest : [manifest],
    cacheControl: options.cacheControl,
    setHeaders: options.setHeaders,
    origin: (options.origin ?? '').replace(/\/+$/, ''),
    plain: dev ? 'no-cache' : plainCacheControl(options.maxAge ?? 60),
    extensions: (options.extensions ?? []).map((extension) => extension.replace(/^\./, '')),
    single: singlePage(options.single ?? false, index),
    notFound: options.notFound?.replace(/^\/+/, ''),
    ...memory(options.cache ?? {}),
    allowsDotfile: dotfilePolicy(options.dotfiles ?? ['.well-known']),
    ignores: globMatcher(options.ignore ?? []),
    typeOf: mediaTypes(options.mimeTypes ?? {}, options.charset ?? 'utf-8'),
    acceptRanges: options.acceptRanges ?? true,
    cors: options.cors ?? '*',
    dev,
    dictionaries: options.dictionaries ?? false,
    encodings: options.encodings ?? ['zstd', 'br', 'gzip'],
    etag: options.etag ?? 'content',
    fallthrough: options.fallthrough ?? true,
    followSymlinks: options.followSymlinks ?? 'inside',
    immutable: options.immutable ?? 'auto',
    index,
    inlineHashes: options.inlineHashes ?? false,
    lastModified: options.lastModified ?? true,
    maxRanges: options.maxRanges ?? 16,
    recheckMs: options.recheckMs ?? 1000,
    redirect: options.redirect ?? true,
    redirectStatus: options.redirectStatus ?? 302,
    report: options.report ?? ((message) => console.warn(message)),
  }
}

function rootsOf({ dir, prefix = '/' }: StaticFilesOptions): Root[] {
  const given: readonly (string | URL | StaticRoot)[] = Array.isArray(dir) ? dir : [dir]
  return given.map((root) =>
    typeof root === 'string' || root instanceof URL ? rootOf(root, prefix) : rootOf(root.dir, root.prefix ?? prefix),
  )
}

function rootOf(dir: string | URL, prefix: string): Root {
  const normal = prefix.normalize('NFC')
  const given = dir instanceof URL ? fileURLToPath(dir) : dir
  return {
    dir: resolve(given),
    given,
    prefix: normal.endsWith('/') ? normal : `${normal}/`,
  }
}

function plainCacheControl(maxAge: number | string | false): string | undefined {
  return maxAge === false ? undefined : `public, max-age=${secondsOf(maxAge)}`
}

function singlePage(single: boolean | string, index: string | false): string | undefined {
  if (single === false) return undefined
  if (single !== true) return single.replace(/^\/+/, '')
  if (index === false) throw new OptionError('staticFiles.single', 'the path of a page where index is false', single)
  return index
}

function memory(cache: NonNullable<StaticFilesOptions['cache']>): Pick<Settings, 'maxFile' | 'maxTotal'> {
  const { maxFile = 65_536, maxTotal = 33_554_432 } = cache === false ? { maxFile: 0 } : cache
  if (maxFile > maxTotal) throw new OptionError('staticFiles.cache.maxFile', `at most maxTotal, ${maxTotal}`, maxFile)
  return { maxFile, maxTotal }
}

function dotfilePolicy(dotfiles: NonNullable<StaticFilesOptions['dotfiles']>): (name: string) => boolean {
  if (dotfiles === 'allow') return () => true
  if (dotfiles === 'deny') return () => false
  return (name) => dotfiles.includes(name)
}
