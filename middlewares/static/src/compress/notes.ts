/**
 * What the compressor writes down: the server takes hashes and names from it, and the next run what was tried in vain.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { COMPRESSOR_MANIFEST, knownIn, type Known } from '../scan/manifests.ts'
import { place, writeTemporary } from './temporary.ts'

/** What is known of files, by their path. */
export type Notes = ReadonlyMap<string, Known>

/** Reads the notes of the last run; there are none if they cannot be read. */
export async function readNotes(dir: string, minRatio: number): Promise<Notes> {
  const json = await readFile(join(dir, COMPRESSOR_MANIFEST), 'utf8').then(parse, () => undefined)
  const notes = knownIn(json) ?? new Map<string, Known>()
  if (Object(json).minRatio === minRatio) return notes
  // What was not worth it may be by another measure.
  return new Map(Array.from(notes, ([path, known]) => [path, { ...known, forms: withoutNull(known.forms ?? {}) }]))
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function withoutNull(forms: NonNullable<Known['forms']>): NonNullable<Known['forms']> {
  return Object.fromEntries(Object.entries(forms).filter(([, size]) => size !== null))
}

/** Writes notes, if they say something else than those before. */
export async function writeNotes(dir: string, minRatio: number, notes: Notes): Promise<void> {
  const path = join(dir, COMPRESSOR_MANIFEST)
  const text = textOf(minRatio, notes)
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return
  const temporary = await writeTemporary(dir, [Buffer.from(text)], Infinity)
  if (temporary !== undefined) await place(temporary, path)
}

/** JSON with a line for each file, so that tools that compare lines tell which has changed. */
function textOf(minRatio: number, notes: Notes): string {
  const lines = sorted(notes).map(([path, known]) => `${JSON.stringify(path)}: ${JSON.stringify(known)}`)
  return `{ "version": 1, "minRatio": ${minRatio}, "files": {\n${lines.join(',\n')}\n} }\n`
}

/** Tells whether notes say the same of the bytes; dates may differ, as they do after a checkout. */
export function saySame(one: Notes, other: Notes): boolean {
  return textOf(1, withoutDates(one)) === textOf(1, withoutDates(other))
}

function withoutDates(notes: Notes): Notes {
  return new Map(Array.from(notes, ([path, known]) => [path, { ...known, mtimeMs: 0 }]))
}

function sorted(notes: Notes): (readonly [path: string, known: Known])[] {
  return [...notes].sort(([a], [b]) => (a < b ? -1 : 1))
}
