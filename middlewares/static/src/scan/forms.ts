/**
 * The forms of a file: itself, and those of its siblings that hold its bytes.
 *
 *     app.js.gz ─▶ smaller, not older? ─▶ noted by the compressor, or believed for its date, or read ─▶ a form
 *
 * @module
 */
import type { Stats } from 'node:fs'
import type { Entry } from '../entry.ts'
import { Form, suffixes } from '../form.ts'
import type { Encoding } from '../options.ts'
import type { Settings } from '../settings.ts'
import type { Look } from './deltas.ts'
import { speaksOf, type Known } from './manifests.ts'
import { isAsNew, isOlder, isProven } from './proof.ts'

/** What was found beside a file. */
export interface FoundForms {
  /** The smallest first; the last one is the file. */
  readonly forms: readonly Form[]
  /** Paths of siblings that are there but not sent. */
  readonly dropped: readonly string[]
}

/** Looks at the siblings of a file, whose entry is as it was when it was last looked at. */
export function formsOf(entry: Entry, stats: Stats, { encodings }: Settings, look: Look, known?: Known): FoundForms {
  const plain = new Form('identity', stats)
  const forms = [plain]
  const dropped: string[] = []
  for (const coding of encodings) {
    const path = entry.path + suffixes[coding]
    const sibling = look(path)
    if (sibling === undefined) continue
    const form = new Form(coding, sibling)
    // What has changed while it is served is not believed for its date: somebody is at work on the one, or on both.
    const isBelieved = entry.checkedAt === 0 ? isAsNew(sibling, stats) : wasSeen(entry, plain) && wasSeen(entry, form)
    const isForm = saidOf(coding, sibling, stats, known) ?? (isBelieved || isProven(entry.path, coding, stats.size))
    if (isForm) forms.push(form)
    else dropped.push(path)
  }
  // A copy, since a list that has grown keeps room for more.
  return { forms: forms.sort((a, b) => a.size - b.size).slice(), dropped }
}

/** Whether a sibling is a form, as far as sizes, dates by the second and notes say. */
function saidOf(coding: Encoding, sibling: Stats, file: Stats, known?: Known): boolean | undefined {
  if (sibling.size >= file.size || isOlder(sibling, file)) return false
  if (known === undefined || known.forms?.[coding] !== sibling.size) return undefined
  // Reproducible builds give all files one date: then a form of other bytes is known by its size.
  if (known.size !== file.size) return false
  return speaksOf(known, file) || undefined
}

function wasSeen({ forms }: Entry, form: Form): boolean {
  return forms.some((before) => before.isOf(form))
}
