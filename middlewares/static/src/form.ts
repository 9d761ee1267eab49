/**
 * The forms of a file: as it is, coded, or as what is new against an earlier build.
 *
 * @module
 */
import type { Stats } from 'node:fs'
import type { Prepared } from './answer/prepared.ts'
import type { Encoding } from './options.ts'
import { stampOf } from './stamp.ts'

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
