/**
 * What is sent to clients that have an earlier build: its files are dictionaries for those of this one (RFC 9842).
 *
 *     app-Old.js ◀─ Use-As-Dictionary: match="/assets/app-*.js"
 *     app-New.js ◀─ app-New.js.pZGm1Av0.dcz, for who has app-Old.js
 *
 * @module
 */
import type { Stats } from 'node:fs'
import { escapePattern } from '@outerware/core/headers'
import type { Entry } from '../entry.ts'
import { Delta, deltaSuffix } from '../form.ts'
import { encodePath } from '../url.ts'
import { hashSpan } from './hash-name.ts'
import type { Known } from './manifests.ts'

/** Gives the stats of a file that may be served and read, else `undefined`. */
export type Look = (path: string) => Stats | undefined

/** Finds the deltas of a file that the compressor has made; the smallest first. */
export function deltasOf(path: string, stats: Stats, { dictionaries = {} }: Known, look: Look): Delta[] {
  const deltas = Object.entries(dictionaries).flatMap(([sha256, size]) => {
    const delta = look(path + deltaSuffix(sha256))
    // The client's hash is in base64, and padded (RFC 9842, section 2.2).
    const dictionary = Buffer.from(sha256, 'base64url').toString('base64')
    return delta?.size === size && size < stats.size ? [new Delta(dictionary, delta)] : []
  })
  return deltas.sort((a, b) => a.size - b.size)
}

/** Caches keep it for so long, or it will not be there when the next build is. Unit: seconds. */
const LEAST_AGE = 3600

/**
 * Gives a pattern of the URLs that a file may be a dictionary for: its own without the hash, or its own, if it has
 * none. `undefined` if it is not worth it: for what is not compressed, or not kept.
 */
export function patternOf({ key, forms, cacheControl, immutable }: Entry): string | undefined {
  const age = Number(/(?:^|[\s,])max-age=(\d{1,10})/i.exec(cacheControl ?? '')?.[1] ?? 0)
  if (forms.length < 2 || age < LEAST_AGE) return undefined
  const slash = key.lastIndexOf('/') + 1
  const span = hashSpan(key.slice(slash))
  // What never changes under its name is no dictionary for it.
  if (span === undefined) return immutable ? undefined : patternText(key)
  const [start, end] = span
  return `${patternText(key.slice(0, slash + start))}*${patternText(key.slice(slash + end))}`
}

function patternText(path: string): string {
  return escapePattern(encodePath(path))
}
