/**
 * Coded forms are made ready beside the files of a directory, once, when it is built.
 *
 *     app.js ─▶ app.js.br  app.js.gz  app.js.zst      and .static-manifest.json
 *
 * @module
 */
import { constants } from 'node:fs'
import { access, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OptionError } from '@outerware/core'
import { earlierBuild } from './earlier.ts'
import { CompressError } from './error.ts'
import type { CompressedFile } from './compressed-file.ts'
import { meaningBy } from './meaning.ts'
import { readNotes, saySame, writeNotes } from './notes.ts'
import { compressSettings, type CompressOptions, type CompressSettings } from './options.ts'
import { isOrphan } from './orphan.ts'
import { turns } from './parallel.ts'
import { compressAll } from './run.ts'
import { removeLeftover } from './temporary.ts'
import { pathOfSource, walk, type Skipped } from './tree.ts'

/** What {@link compress} did, or with `check` would do. */
export interface Compressed {
  /** All files, sorted by path. */
  readonly files: readonly CompressedFile[]
  /** Forms of files that are not there any more, by path; they were made by an earlier run. */
  readonly removed: readonly string[]
  /** What is left out, and why: links that are broken or leave the directory, what cannot be read or asked for. */
  readonly skipped: readonly Skipped[]
  /** Whether all was as it should be. */
  readonly upToDate: boolean
}

/**
 * Makes the coded forms of all files in a directory, for `staticFiles` to send: Brotli 11, gzip 9, zstd 19, each only
 * where it is worth it. A form is up to date if it holds the bytes of its file, which is found out by reading it; others
 * are made anew or removed. The same files give the same bytes, each time.
 *
 * Safe to be stopped at any moment: what has its name is whole. Forms have the date and the mode of their file.
 *
 * Writes `.static-manifest.json` into the directory, from which `staticFiles` takes the hashes of the files, their
 * names for `asset()`, and which of them never change.
 *
 * @param dir a path, relative to the working directory, or a `file:` URL
 * @param options see {@link CompressOptions}
 * @throws {@link OptionError} `compress.…`, for a wrong option or a directory that is not there; {@link CompressError},
 *   after all other files are done; the system's error, if the directory cannot be read or written
 * @example
 * const { files } = await compress('dist')
 * files[0] // { path: 'assets/app-DfX2k9aB.js', size: 42000, forms: { br: 9100, gzip: 10400 }, … }
 */
export async function compress(dir: string | URL, options: CompressOptions = {}): Promise<Compressed> {
  const settings = compressSettings(options)
  const root = await directoryOf(dir, settings)
  const notes = await readNotes(root, settings.minRatio)
  const { sources, skipped, leftovers } = await walk(root)
  const orphans = sources.filter((source) => isOrphan(source, notes))
  const wanted = sources.filter((source) => !orphans.includes(source))
  const meaning = meaningBy(root, options.manifest, wanted)
  const builds = await Promise.all(settings.dictionaries.map(earlierBuild))
  if (!settings.check) {
    for (const [directory, name] of leftovers) await removeLeftover(directory, name)
    for (const orphan of orphans) await rm(pathOfSource(orphan), { force: true })
  }
  const { files, failures, newNotes } = await compressAll(wanted, {
    notes,
    meaning,
    builds,
    work: { settings, turn: turns(settings.concurrency) },
  })
  if (!settings.check) await writeNotes(root, settings.minRatio, newNotes)
  if (failures.length > 0) throw new CompressError(failures)
  return {
    files,
    removed: orphans.map(({ relative }) => relative).sort(),
    skipped,
    upToDate: orphans.length === 0 && files.every(isUnchanged) && saySame(notes, newNotes),
  }
}

async function directoryOf(dir: string | URL, { check }: CompressSettings): Promise<string> {
  const root = resolve(dir instanceof URL ? fileURLToPath(dir) : dir)
  const stats = await stat(root).catch(() => undefined)
  if (!stats?.isDirectory()) throw new OptionError('compress(dir)', 'a directory that is there', String(dir))
  if (!check) await access(root, constants.W_OK)
  return root
}

function isUnchanged({ changes, deltaChanges }: CompressedFile): boolean {
  return Object.keys(changes).length === 0 && deltaChanges.length === 0
}
