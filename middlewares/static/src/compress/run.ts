/**
 * All files of a directory, one after the other and several at a time.
 *
 * @module
 */
import type { Known } from '../scan/manifests.ts'
import { compressDeltas } from './delta.ts'
import type { Earlier } from './earlier.ts'
import type { Failure } from './error.ts'
import type { CompressedFile } from './compressed-file.ts'
import { compressFile } from './file.ts'
import type { Meaning } from './meaning.ts'
import type { Notes } from './notes.ts'
import { inParallel } from './parallel.ts'
import type { Work } from './step.ts'
import type { Source } from './tree.ts'

/** What goes for all files of a run. */
export interface Run {
  readonly notes: Notes
  readonly meaning: Meaning
  readonly builds: readonly Earlier[]
  readonly work: Work
}

/** What came of it. */
export interface Ran {
  /** Sorted by path. */
  readonly files: readonly CompressedFile[]
  readonly failures: readonly Failure[]
  readonly newNotes: Notes
}

/** Brings the forms of all files up to date; what fails with one file stops no other. */
export async function compressAll(sources: readonly Source[], run: Run): Promise<Ran> {
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
