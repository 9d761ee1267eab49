/**
 * One coded form of a file: whether what is there is right, and if not, what there should be.
 *
 * @module
 */
import { chmod, stat, utimes } from 'node:fs/promises'
import type { Encoding } from '../options.ts'
import type { Known } from '../scan/manifests.ts'
import { isOlder } from '../scan/proof.ts'
import { decoded, encoded, isAvailable } from './codecs.ts'
import type { Change } from './compressed-file.ts'
import { sha256Of, sizeOf } from './hash.ts'
import type { CompressSettings } from './options.ts'
import type { Turn } from './parallel.ts'
import { writeTemporary, type Temporary } from './temporary.ts'
import { pathOfSource, type Source } from './tree.ts'

/** What goes for all files. */
export interface Work {
  readonly settings: CompressSettings
  readonly turn: Turn
}

/** One form: what it should be, and what that takes. */
export interface Step {
  readonly encoding: Encoding
  /** `null`: not worth it; `undefined`: not tried. */
  readonly size?: number | null
  readonly change?: Change
  readonly temporary?: Temporary
}

/** What is known of a file when its forms are decided on. */
export interface Facts {
  readonly source: Source
  readonly sha256: string
  readonly known: Known | undefined
  /** The same, if it speaks of the same bytes. */
  readonly same: Known | undefined
  readonly work: Work
}

/** Finds out what becomes of one form, and makes it if it has to be made; nothing is put in its place yet. */
export async function decide(encoding: Encoding, facts: Facts): Promise<Step> {
  const { source, known, same, work } = facts
  const { settings, turn } = work
  const there = source.siblings.includes(encoding) ? await siblingOf(source, encoding) : undefined
  if (!settings.compresses(source.name)) {
    // It may be somebody's; only what was made here is removed.
    const isOurs = there !== undefined && known?.forms?.[encoding] === there.size
    return isOurs ? { encoding, change: 'removed' } : { encoding }
  }
  if (there !== undefined && (await turn(() => isForm(encoding, there, facts)))) {
    return { encoding, size: there.size, ...(there.isOlder && { change: 'dated' }) }
  }
  const isWanted = settings.encodings.includes(encoding)
  const isUseless = same?.forms?.[encoding] === null
  const made = isWanted && !isUseless ? await turn(() => make(encoding, facts)) : undefined
  if (made !== undefined) return { ...made, change: there === undefined ? 'made' : 'renewed' }
  return { encoding, ...((isWanted || isUseless) && { size: null }), ...(there && { change: 'removed' }) }
}

interface Sibling {
  readonly size: number
  readonly isOlder: boolean
}

async function siblingOf(source: Source, encoding: Encoding): Promise<Sibling | undefined> {
  const stats = await stat(pathOfSource(source, encoding)).catch(() => undefined)
  if (!stats?.isFile()) return undefined
  return { size: stats.size, isOlder: isOlder(stats, source.stats) }
}

/** Whether a sibling is worth it, and holds the bytes of the file; dates prove nothing, so it is read. */
async function isForm(encoding: Encoding, { size, isOlder }: Sibling, facts: Facts): Promise<boolean> {
  const { source, sha256, known, same, work } = facts
  if (size > mostBytes(source, work.settings)) return false
  if (isAvailable(encoding)) {
    const chunks = decoded(pathOfSource(source, encoding), source.stats.size, encoding)
    return (await sha256Of(chunks, source.stats.size).catch(() => undefined)) === sha256
  }
  // What cannot be read is believed, if nothing speaks against it.
  return same === undefined ? known === undefined && !isOlder : same.forms?.[encoding] === size
}

/** Gives nothing if the form would not be worth it. */
async function make(encoding: Encoding, { source, work: { settings } }: Facts): Promise<Step | undefined> {
  const { size: plain, mtime, mode } = source.stats
  const most = mostBytes(source, settings)
  if (most < 1) return undefined
  const chunks = encoded(pathOfSource(source), plain, encoding)
  if (settings.check) {
    const size = await sizeOf(chunks, most)
    return size === undefined ? undefined : { encoding, size }
  }
  const temporary = await writeTemporary(source.directory, chunks, most)
  if (temporary === undefined) return undefined
  await utimes(temporary.path, mtime, mtime)
  await chmod(temporary.path, mode & 0o777)
  return { encoding, size: temporary.size, temporary }
}

/** Smaller than the file in any case. */
function mostBytes({ stats: { size } }: Source, { minRatio }: CompressSettings): number {
  return Math.min(Math.floor(size * minRatio), size - 1)
}
