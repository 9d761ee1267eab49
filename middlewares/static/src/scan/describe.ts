/**
 * A file is looked at: its forms, and what its headers say of them.
 *
 * @module
 */
import { accessSync, constants, realpathSync, statSync, type Stats } from 'node:fs'
import { sep } from 'node:path'
import { OptionError } from '@outerware/core'
import { Entry, tagOfDigest } from '../entry.ts'
import type { Form } from '../form.ts'
import { fieldsBySetHeaders } from '../fields.ts'
import type { StaticFile } from '../options.ts'
import type { Settings } from '../settings.ts'
import { encodePath } from '../url.ts'
import { deltasOf, patternOf, type Look } from './deltas.ts'
import { formsOf, type FoundForms } from './forms.ts'
import { inlineHashesIn } from './inline-hashes.ts'
import { speaksOf, type Known } from './manifests.ts'

const none: FoundForms = { forms: [], dropped: [] }

/**
 * Looks at a file and at its siblings, and writes down what it finds; the entry has no forms if there is no file.
 *
 * @param known what the compressor knows of a file of that size and date
 * @returns siblings that are there but not sent, since they are older than the file, not smaller, or of other bytes
 */
export function describe(entry: Entry, settings: Settings, look: Look, known?: Known): readonly string[] {
  const path = entry.path
  const stats = look(path)
  const { forms, dropped } = stats === undefined ? none : formsOf(entry, stats, settings, look, known)
  entry.checkedAt = Date.now()
  // Requests that find a change at the same time each look: the second must not undo what the first has begun.
  if (forms.length === entry.forms.length && forms.every((form, i) => form.isOf(entry.forms[i]!))) return dropped
  // First, since it may throw.
  entry.hashes = stats !== undefined && settings.inlineHashes ? inlineHashesIn(path, entry.type) : undefined
  const isKnown = stats !== undefined && known !== undefined && speaksOf(known, stats)
  entry.tag = isKnown && settings.etag === 'content' ? tagOfDigest(known.sha256) : undefined
  entry.forms = forms
  entry.deltas = isKnown && settings.dictionaries ? deltasOf(path, stats, known, look) : []
  entry.modifiedMs = stats?.mtimeMs ?? 0
  if (entry.identity !== undefined) decide(entry, entry.identity, settings)
  return dropped
}

/** Looks again at a file that has changed, with as much care as the scan took. */
export function describeAgain(entry: Entry, settings: Settings): void {
  describe(entry, settings, (path) => {
    try {
      return mayFollow(path, entry.place.root, settings) ? readable(path) : undefined
    } catch {
      return undefined
    }
  })
}

/**
 * Gives the stats of a regular file that can be read; `undefined` if there is none.
 *
 * @throws the system's error, if it is there but cannot be read
 */
export function readable(path: string): Stats | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isFile()) return undefined
  // Whom the mode lets in need not be asked for: that would cost a scan a third of its time.
  if ((stats.mode & READ_BY_ALL) !== READ_BY_ALL) accessSync(path, constants.R_OK)
  return stats
}

const READ_BY_ALL = 0o444

/**
 * Tells whether what stands at the end of all links may be served.
 *
 * @throws the system's error, if there is nothing at their end
 */
export function mayFollow(path: string, root: string, { followSymlinks }: Settings): boolean {
  if (followSymlinks === true) return true
  const [target, inside] = [realpathSync(path), realpathSync(root)]
  return followSymlinks === 'inside' ? isWithin(target, inside) : target === inside + path.slice(root.length)
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
}

/** The hooks speak once for each form. */
function decide(entry: Entry, identity: Form, settings: Settings): void {
  entry.cacheControl = cacheControlOf(entry, identity, settings)
  entry.pattern = settings.dictionaries ? patternOf(entry) : undefined
  const { setHeaders } = settings
  if (setHeaders === undefined) return
  for (const form of [...entry.forms, ...entry.deltas]) {
    form.fields = fieldsBySetHeaders(entry, form, settings, (headers) => {
      const later: unknown = setHeaders(headers, fileOf(entry, form))
      if (later instanceof Promise)
        throw new OptionError('staticFiles.setHeaders(…)', 'a function that is done when it returns', later)
    })
  }
}

function cacheControlOf(entry: Entry, identity: Form, { dev, plain, cacheControl }: Settings): string | undefined {
  if (dev) return plain
  const own: unknown = cacheControl?.(fileOf(entry, identity))
  if (own !== undefined && (typeof own !== 'string' || !/^[\t\x20-\x7e]*$/.test(own))) {
    throw new OptionError('staticFiles.cacheControl(…)', 'a field value or undefined', own)
  }
  if (own !== undefined) return own === '' ? undefined : own
  return entry.immutable ? 'public, max-age=31536000, immutable' : plain
}

function fileOf(entry: Entry, form: Form): StaticFile {
  const { path, type, immutable } = entry
  return { url: encodePath(entry.key), path, type, size: form.size, encoding: form.coding, immutable }
}
