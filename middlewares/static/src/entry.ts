/**
 * What is known of a file without its bytes. Tens of thousands of these are kept, so they are small.
 *
 * @module
 */
import type { InlineHashes } from '@outerware/core'
import { Delta, type Form } from './form.ts'

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
