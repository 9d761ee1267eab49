/**
 * How long the word of the last look at a file holds.
 *
 * @module
 */
import { stat } from 'node:fs/promises'
import type { Entry } from '../entry.ts'
import { stampOf } from '../stamp.ts'
import { describeAgain } from '../scan/describe.ts'
import type { Settings } from '../settings.ts'

/** Makes sure that an entry was compared with the disk lately; `undefined` if it was. */
export type Recheck = (entry: Entry) => Promise<void> | undefined

/** Tells whether an entry was compared with the disk lately. */
export function isFresh({ forms, checkedAt }: Entry, { recheckMs }: Settings): boolean {
  // One that is gone is looked for each time: who replaces files may delete them first.
  // The age may be negative where somebody has set the clock.
  return forms.length > 0 && Math.abs(Date.now() - checkedAt) < recheckMs
}

/** Requests that wait for the same look share it. */
export function rechecker(settings: Settings): Recheck {
  const running = new Map<Entry, Promise<void>>()
  return (entry) => {
    if (isFresh(entry, settings)) return undefined
    const shared = running.get(entry)
    if (shared !== undefined) return shared
    const look = recheck(entry, settings).finally(() => running.delete(entry))
    running.set(entry, look)
    return look
  }
}

/** The plain form tells: siblings are made of it. */
async function recheck(entry: Entry, settings: Settings): Promise<void> {
  const stats = await stat(entry.path).catch(() => undefined)
  if (stats?.isFile() && stampOf(stats) === entry.identity?.stamp) entry.checkedAt = Date.now()
  else describeAgain(entry, settings)
}
