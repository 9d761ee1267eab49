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
import { deltaSuffix, fileOfDelta, suffixes } from '../entry.ts'
import type { Known } from '../scan/manifests.ts'
import { encodings } from './codecs.ts'
import { compressDeltas } from './delta.ts'
import { earlierBuild, type Earlier } from './earlier.ts'
import { CompressError, type Failure } from './error.ts'
import { compressFile, type CompressedFile } from './file.ts'
import { meaningBy, type Meaning } from './meaning.ts'
import { readNotes, saySame, writeNotes, type Notes } from './notes.ts'
import { compressSettings, type CompressOptions, type CompressSettings } from './options.ts'
import { inParallel, turns } from './parallel.ts'
import type { Work } from './step.ts'
import { removeLeftover } from './temporary.ts'
import { pathOfSource, walk, type Skipped, type Source } from './tree.ts'

/** What {@link compress} did, or with `check` would do. */
export interface Compressed {
  /** All files, sorted by path. */
  readonly files: readonly CompressedFile[]
  /** Forms of files that are not there any more, by path; they were made by an earlier run. */
  readonly removed: readonly string[]
  /** What is left out, and why: links that are broken or leave the directory, files that cannot be looked at. */
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
  const meaning = meaningBy(root, options.manifest)
  const notes = await readNotes(root, settings.minRatio)
  const { sources, skipped, leftovers } = await walk(root)
  const orphans = sources.filter((source) => isOrphan(source, notes))
  if (!settings.check) {
    for (const [directory, name] of leftovers) await removeLeftover(directory, name)
    for (const orphan of orphans) await rm(pathOfSource(orphan), { force: true })
  }
  const wanted = sources.filter((source) => !orphans.includes(source))
  const builds = await Promise.all(settings.dictionaries.map(earlierBuild))
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

/** A form, by its name, that an earlier run has made, of a file that is not there any more. */
function isOrphan({ relative, stats }: Source, notes: Notes): boolean {
  const file = fileOfDelta(relative)
  const sizesOfDeltas = Object.entries((file !== undefined && notes.get(file)?.dictionaries) || {})
  if (sizesOfDeltas.some(([sha256, size]) => relative === file + deltaSuffix(sha256) && size === stats.size))
    return true
  return encodings.some((encoding) => {
    const suffix = suffixes[encoding]
    return relative.endsWith(suffix) && notes.get(relative.slice(0, -suffix.length))?.forms?.[encoding] === stats.size
  })
}

function isUnchanged({ changes, deltaChanges }: CompressedFile): boolean {
  return Object.keys(changes).length === 0 && deltaChanges.length === 0
}

/** What goes for all files of a run. */
interface Run {
  readonly notes: Notes
  readonly meaning: Meaning
  readonly builds: readonly Earlier[]
  readonly work: Work
}

async function compressAll(
  sources: readonly Source[],
  run: Run,
): Promise<{ readonly files: CompressedFile[]; readonly failures: Failure[]; readonly newNotes: Notes }> {
  const { concurrency, onFile } = run.work.settings
  const files: CompressedFile[] = []
  const failures: Failure[] = []
  const newNotes = new Map<string, Known>()
  // The largest first: no long one is left to a single core at the end.
  const inOrder = sources.toSorted((a, b) => b.stats.size - a.stats.size)
  await inParallel(inOrder, concurrency, async (source) => {
    const { relative } = source
    try {
      const { file, note } = await compressOne(source, run)
      newNotes.set(relative, note)
      files.push(file)
      onFile(file, files.length + failures.length, sources.length)
    } catch (error) {
      failures.push({ path: relative, error })
    }
  })
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), failures, newNotes }
}

async function compressOne(
  source: Source,
  { notes, meaning, builds, work }: Run,
): Promise<{ readonly file: CompressedFile; readonly note: Known }> {
  const { relative, stats } = source
  const { size } = stats
  const known = notes.get(relative)
  const { sha256, forms, changes } = await compressFile(source, known, work)
  const isSame = known?.sha256 === sha256
  const { immutable, names = [] } = meaning(source, isSame ? known : undefined)
  const smallest = Math.min(size, ...Object.values(sizes(forms)))
  const target = { source, names, smallest, before: known?.dictionaries, isSame }
  const { dictionaries, changes: deltaChanges } = await work.turn(() => compressDeltas(target, builds, work.settings))
  return {
    file: { path: relative, size, forms: sizes(forms), changes, deltas: dictionaries, deltaChanges, immutable },
    note: {
      size,
      mtimeMs: Math.floor(stats.mtimeMs),
      sha256,
      forms,
      immutable,
      ...(names.length > 0 && { names }),
      ...(Object.keys(dictionaries).length > 0 && { dictionaries }),
    },
  }
}

function sizes(forms: NonNullable<Known['forms']>): CompressedFile['forms'] {
  return Object.fromEntries(Object.entries(forms).filter(([, size]) => size !== null))
}
