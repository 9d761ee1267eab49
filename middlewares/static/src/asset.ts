/**
 * What a template needs of a file.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Entry } from './entry.ts'
import { encodePath } from './url.ts'

/**
 * A file to be linked to; in a text it is its URL.
 *
 * @example
 * const main = files.asset('src/main.ts')
 * `<script type="module" src="${main}" integrity="${main.integrity}" crossorigin></script>`
 */
export class Asset {
  /** URL, with the `origin` of the options before it. */
  readonly url: string
  readonly #entry: Entry
  #integrity: { readonly stamp: number; readonly value: string } | undefined = undefined

  constructor(entry: Entry, origin: string) {
    this.#entry = entry
    this.url = origin + encodePath(entry.key)
  }

  /**
   * Subresource Integrity, `sha384-…`: the file is read when this is first asked for, and when it has changed.
   *
   * @throws the system's error, if the file cannot be read
   */
  get integrity(): string {
    const { path, identity } = this.#entry
    const stamp = identity?.stamp ?? 0
    if (this.#integrity?.stamp !== stamp) {
      const digest = createHash('sha384').update(readFileSync(path)).digest('base64')
      this.#integrity = { stamp, value: `sha384-${digest}` }
    }
    return this.#integrity.value
  }

  /** Gives the URL. */
  toString(): string {
    return this.url
  }
}
