/**
 * One file and its coded forms: what is there, what there should be, and how one becomes the other.
 *
 * @module
 */
import { rm, stat, utimes } from 'node:fs/promises'
import type { Encoding } from '../options.ts'
import { stampOf } from '../stamp.ts'
import type { Known } from '../scan/manifests.ts'
import { encodings, plain } from './codecs.ts'
import type { Change } from './compressed-file.ts'
import { sha256Of } from './hash.ts'
import { decide, type Step, type Work } from './step.ts'
import { discard, place } from './temporary.ts'
import { pathOfSource, type Source } from './tree.ts'

/** What became of a file: its forms by size, `null` where one was not worth it. */
export interface Outcome {
  readonly sha256: string
  readonly forms: Readonly<Partial<Record<Encoding, number | null>>>
  readonly changes: Readonly<Partial<Record<Encoding, Change>>>
}

/**
 * Brings the forms of one file up to date. All are whole before the first is put in its place.
 *
 * @param known what the manifest of the last run says of it
 * @throws the system's error, or one that says that somebody else wrote to the file
 */
export async function compressFile(source: Source, known: Known | undefined, work: Work): Promise<Outcome> {
  const sha256 = await work.turn(async () => String(await sha256Of(plain(pathOfSource(source), source.stats.size))))
  const same = known?.sha256 === sha256 ? known : undefined
  const facts = { source, sha256, known, same, work }
  const steps = await allOrNone(encodings.map((encoding) => decide(encoding, facts)))
  try {
    if (stampOf(await stat(pathOfSource(source))) !== stampOf(source.stats)) {
      throw new Error('it was changed while it was compressed')
    }
    if (!work.settings.check) for (const step of steps) await carryOut(step, source)
  } catch (error) {
    await discardAll(steps)
    throw error
  }
  const withSize = steps.filter(({ size }) => size !== undefined)
  return {
    sha256,
    forms: Object.fromEntries(withSize.map(({ encoding, size }) => [encoding, size])),
    changes: Object.fromEntries(steps.flatMap(({ encoding, change }) => (change ? [[encoding, change]] : []))),
  }
}

async function carryOut({ encoding, change, temporary }: Step, source: Source): Promise<void> {
  const path = pathOfSource(source, encoding)
  const { mtime } = source.stats
  if (temporary !== undefined) await place(temporary, path)
  else if (change === 'dated') await utimes(path, mtime, mtime)
  else if (change === 'removed') await rm(path, { force: true })
}

async function allOrNone(deciding: readonly Promise<Step>[]): Promise<Step[]> {
  const settled = await Promise.allSettled(deciding)
  const steps = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed === undefined) return steps
  await discardAll(steps)
  throw failed.reason
}

async function discardAll(steps: readonly Step[]): Promise<void> {
  for (const { temporary } of steps) if (temporary !== undefined) await discard(temporary.path)
}
