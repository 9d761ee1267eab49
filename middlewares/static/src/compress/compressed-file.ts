/**
 * What the compressor tells of a file.
 *
 * @module
 */
import type { Encoding } from '../options.ts'

/** A file and its forms, as they are now; with `check`, as they should be. */
export interface CompressedFile {
  /** Path from the directory, with `/` between names. */
  readonly path: string
  /** In bytes. */
  readonly size: number
  /** Sizes of the coded forms, in bytes. */
  readonly forms: Readonly<Partial<Record<Encoding, number>>>
  readonly changes: Readonly<Partial<Record<Encoding, Change>>>
  /** Sizes of its deltas, in bytes, by the SHA-256 of their dictionaries, in base64url. */
  readonly deltas: Readonly<Record<string, number>>
  readonly deltaChanges: readonly Change[]
  /** Whether its URL means these bytes for ever. */
  readonly immutable: boolean
}

/** What was done, or with `check` would be: */
export type Change =
  /** there was none */
  | 'made'
  /** it was of other bytes */
  | 'renewed'
  /** of the same bytes, but with an older date, so that it would not have been sent */
  | 'dated'
  /** of other bytes, or too large to be worth it, and not to be made anew */
  | 'removed'
