/**
 * One file's deltas: what a client needs that has it as it was in an earlier build.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { chmod, readFile, rm, utimes } from 'node:fs/promises'
import { deltaSuffix } from '../form.ts'
import type { Known } from '../scan/manifests.ts'
import type { Earlier } from './earlier.ts'
import type { CompressSettings } from './options.ts'
import type { Change } from './compressed-file.ts'
import { place, writeTemporary } from './temporary.ts'
import { pathOfSource, type Source } from './tree.ts'
import { encodeDelta, isDeltaOf, MOST_BYTES } from './zstd-dictionary.ts'

/** What became of the deltas of a file. */
export interface Deltas {
  /** Their sizes, by the SHA-256 of their dictionaries, in base64url. */
  readonly dictionaries: Readonly<Record<string, number>>
  readonly changes: readonly Change[]
}

/** A file, and what is known of it. */
export interface Target {
  readonly source: Source
  readonly names: readonly string[]
  /** Size of its smallest form, in bytes: a delta must be smaller. */
  readonly smallest: number
  /** What the last run has said of its deltas, and whether it spoke of the same bytes. */
  readonly before: Known['dictionaries']
  readonly isSame: boolean
}

/**
 * Brings the deltas of one file up to date: one for each earlier build in which it was another.
 *
 * Without earlier builds, those that are there stay as long as the file does.
 */
export async function compressDeltas(
  target: Target,
  builds: readonly Earlier[],
  settings: CompressSettings,
): Promise<Deltas> {
  const { source, before = {}, isSame } = target
  if (builds.length === 0 && isSame) return { dictionaries: before, changes: [] }
  const dictionaries: Record<string, number> = {}
  const changes: Change[] = []
  for (const [sha256, dictionary] of await dictionariesFor(target, builds, settings)) {
    const { size, change } = await bringUpToDate(target, sha256, dictionary, settings)
    if (size !== undefined) dictionaries[sha256] = size
    if (change !== undefined) changes.push(change)
  }
  for (const sha256 of Object.keys(before)) {
    if (sha256 in dictionaries) continue
    changes.push('removed')
    if (!settings.check) await rm(pathOfDelta(source, sha256), { force: true })
  }
  return { dictionaries, changes }
}

/** By their hashes, so that two builds with the same file give one. */
async function dictionariesFor(
  { source, names }: Target,
  builds: readonly Earlier[],
  { compresses }: CompressSettings,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>()
  if (!compresses(source.name) || source.stats.size > MOST_BYTES) return found
  for (const earlier of builds) {
    const was = earlier(source.relative, names)
    if (was === undefined || was.stats.size > MOST_BYTES) continue
    const bytes = await readFile(pathOfSource(was))
    found.set(createHash('sha256').update(bytes).digest('base64url'), bytes)
  }
  return found
}

interface Result {
  readonly size?: number
  readonly change?: Change
}

async function bringUpToDate(
  target: Target,
  sha256: string,
  dictionary: Uint8Array,
  settings: CompressSettings,
): Promise<Result> {
  const { source, smallest } = target
  const path = pathOfDelta(source, sha256)
  const most = Math.floor(smallest * settings.minRatio)
  const plain = await readFile(pathOfSource(source))
  // Of the same bytes nobody needs a delta: they are fetched by the same name, or not at all.
  if (plain.equals(dictionary)) return {}
  const there = await readFile(path).catch(() => undefined)
  if (there !== undefined && there.length <= most && (await isDeltaOf(there, plain, dictionary)))
    return { size: there.length }
  const bytes = await encodeDelta(plain, dictionary)
  if (bytes.length > most) return {}
  if (!settings.check) await write(source, path, bytes)
  return { size: bytes.length, change: there === undefined ? 'made' : 'renewed' }
}

async function write({ directory, stats }: Source, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = await writeTemporary(directory, [bytes], Infinity)
  if (temporary === undefined) return
  await utimes(temporary.path, stats.mtime, stats.mtime)
  await chmod(temporary.path, stats.mode & 0o777)
  await place(temporary, path)
}

/** Path on the disk. */
export function pathOfDelta(source: Source, sha256: string): string {
  return pathOfSource(source) + deltaSuffix(sha256)
}
