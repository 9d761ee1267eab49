/**
 * Pictures that keepers have uploaded, kept in a folder of their own.
 *
 * @module
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One picture. */
export interface Sketch {
  /** Name of its file, such as `3f9a2b….png`. */
  readonly name: string
  readonly caption: string
  readonly author: string
  /** ISO 8601, UTC. */
  readonly at: string
}

const KEPT = 24

export class Sketches {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'skerry-'))
  #sketches: Sketch[] = []

  /** Newest first. */
  get all(): readonly Sketch[] {
    return this.#sketches
  }

  /** Pins up a picture, or says in one sentence why not. The oldest make room. */
  async pin(bytes: Uint8Array | undefined, caption: unknown, author: string): Promise<Sketch | string> {
    const kind = bytes === undefined ? undefined : kindOf(bytes)
    if (bytes === undefined || kind === undefined) return 'Choose a picture: PNG, JPEG or WebP.'
    if (typeof caption !== 'string' || caption.trim() === '') return 'Say in a few words what the picture shows.'
    const name = `${randomBytes(8).toString('hex')}.${kind}`
    await writeFile(join(this.folder, name), bytes)
    const sketch = { name, caption: caption.trim().slice(0, 120), author, at: new Date().toISOString() }
    const [kept, dropped] = split([sketch, ...this.#sketches], KEPT)
    this.#sketches = kept
    await Promise.all(dropped.map((old) => rm(join(this.folder, old.name), { force: true })))
    return sketch
  }
}

/** What the first bytes say; the name and the type that a browser sends are only claims. */
function kindOf(bytes: Uint8Array): 'png' | 'jpg' | 'webp' | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (head.startsWith('\xff\xd8\xff')) return 'jpg'
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'webp'
  return undefined
}

function split<T>(list: readonly T[], at: number): [T[], T[]] {
  return [list.slice(0, at), list.slice(at)]
}
