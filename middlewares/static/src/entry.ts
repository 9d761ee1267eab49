/**
 * What is known of a file without its bytes. Tens of thousands of these are kept, so they are small.
 *
 * @module
 */
import type { Stats } from 'node:fs'
import type { InlineHashes } from '@outerware/core'
import type { Prepared } from './answer/prepared.ts'
import type { Encoding } from './options.ts'

/** A coding, or none. */
export type Coding = Encoding | 'identity' | 'dcz'

/** What the coded form of a file is called beside the file. */
export const suffixes: Readonly<Record<Coding, string>> = {
  identity: '',
  gzip: '.gz',
  br: '.br',
  zstd: '.zst',
  dcz: '.dcz',
}

/** One form of a file, as it was when it was last looked at. It is never changed: a changed file gets new forms. */
export class Form {
  readonly coding: Coding
  /** In bytes. */
  readonly size: number
  /** See {@link stampOf}. */
  readonly stamp: number
  /** Fields that `setHeaders` has made of the usual ones. */
  fields: readonly string[] | undefined = undefined
  /** What answers are made of, as long as the cache keeps it. */
  prepared: Prepared | undefined = undefined

  constructor(coding: Coding, stats: Stats) {
    this.coding = coding
    this.size = stats.size
    this.stamp = stampOf(stats)
  }

  /** What its name has more than that of the file. */
  get suffix(): string {
    return suffixes[this.coding]
  }

  /** Tells whether it is of the same bytes. */
  isOf({ coding, stamp }: Form): boolean {
    return this.coding === coding && this.stamp === stamp
  }

  /** Tells whether it is also to be sent with the same fields. */
  isLike(other: Form): boolean {
    return this.isOf(other) && this.fields?.join('\n') === other.fields?.join('\n')
  }
}

/** A form for those who have another file, that of an earlier build: `app-Df.js.pZGm1Av0.dcz` (RFC 9842, section 5). */
export class Delta extends Form {
  /** SHA-256 of that file, in base64. */
  readonly dictionary: string

  constructor(dictionary: string, stats: Stats) {
    super('dcz', stats)
    this.dictionary = dictionary
  }

  override get suffix(): string {
    return deltaSuffix(this.dictionary)
  }
}

/** A file has as many deltas as there are builds before it: each is called by the dictionary's hash, which may be in base64url too. */
export function deltaSuffix(dictionary: string): string {
  return `.${dictionary.slice(0, 8).replaceAll('+', '-').replaceAll('/', '_')}${suffixes.dcz}`
}

/** Of a name that may be a delta's, gives that of its file. */
export function fileOfDelta(name: string): string | undefined {
  return /^(.+)\.[\w-]{8}\.dcz$/s.exec(name)?.[1]
}

const none: readonly Delta[] = []

/** Where files were found; they share it. */
export interface Place {
  /** Path of the directory on the disk, with a separator at its end. */
  readonly path: string
  /** Path on the disk of the root that it is in. */
  readonly root: string
}

/** A file with its forms. */
export class Entry {
  /** Decoded path of its URL, the one that it does not redirect from. */
  readonly key: string
  readonly place: Place
  /** Its name in that place. */
  readonly name: string
  readonly type: string
  readonly immutable: boolean
  cacheControl: string | undefined = undefined
  /** The smallest first; empty if the file is not there any more. */
  forms: readonly Form[] = []
  /** Those that need a dictionary; none once the file has changed. */
  deltas: readonly Delta[] = none
  /** URL pattern of the requests that it may be a dictionary for, in later builds. */
  pattern: string | undefined = undefined
  /** Time of change of the plain form, in ms since 1970. */
  modifiedMs = 0
  /** Opaque part of the entity tags, once it is known. */
  tag: string | undefined = undefined
  /** Of a page, if that was asked for. */
  hashes: InlineHashes | undefined = undefined
  /** When the forms were last compared with the disk, in ms since 1970. */
  checkedAt = 0

  constructor(key: string, place: Place, name: string, type: string, immutable: boolean) {
    this.key = key
    this.place = place
    this.name = name
    this.type = type
    this.immutable = immutable
  }

  /** Absolute path on the disk of the plain form; put together when it is needed, which saves a tenth of the memory. */
  get path(): string {
    return this.place.path + this.name
  }

  /** Tells whether the same file was found in the same state, and is to be sent in the same way. */
  isLike(other: Entry): boolean {
    return (
      this.path === other.path &&
      this.type === other.type &&
      this.immutable === other.immutable &&
      this.cacheControl === other.cacheControl &&
      this.forms.length === other.forms.length &&
      this.forms.every((form, i) => form.isLike(other.forms[i]!)) &&
      this.deltas.length === other.deltas.length &&
      this.deltas.every(
        (delta, i) => delta.isLike(other.deltas[i]!) && delta.dictionary === other.deltas[i]?.dictionary,
      )
    )
  }

  /** Tells whether it is one of the forms that there are. */
  has(form: Form): boolean {
    return form instanceof Delta ? this.deltas.includes(form) : this.forms.includes(form)
  }

  /** The plain form, which is the largest; `undefined` if the file is not there any more. */
  get identity(): Form | undefined {
    return this.forms.at(-1)
  }
}

/** The opaque part of a tag: 96 bits of a SHA-256, given in base64url. */
export function tagOfDigest(base64url: string): string {
  return base64url.slice(0, 16)
}

/** Path on the disk of a form. */
export function pathOfForm(entry: Entry, form: Form): string {
  return entry.path + form.suffix
}

const doubles = new Float64Array(4)
const words = new Uint32Array(doubles.buffer)

/**
 * A number that differs when a file's inode, size, time of change or time of status change differ: one number in place
 * of four keeps an entry with four forms under 1 kB.
 */
export function stampOf({ ino, size, mtimeMs, ctimeMs }: Stats): number {
  doubles[0] = ino
  doubles[1] = size
  doubles[2] = mtimeMs
  doubles[3] = ctimeMs
  let low = 0x811c9dc5
  let high = 0x9e3779b9
  for (const word of words) {
    low = Math.imul(low ^ word, 0x01000193)
    high = Math.imul(high ^ word ^ (low >>> 15), 0x85ebca6b)
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0)
}

// The kernel's clock for times of change goes in steps of up to 10 ms.
const STEP_MS = 50

/**
 * Tells whether a file was left alone for so long that another change would show in its times. What was read of a file
 * that is not settled is not kept (git calls such files racy). Only the ctime cannot be set at will.
 */
export function isSettled({ ctimeMs }: Stats): boolean {
  return Date.now() - ctimeMs > STEP_MS
}
