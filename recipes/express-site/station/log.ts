/**
 * The station's log: who wrote what, newest first. It lives in memory and is bounded.
 *
 * @module
 */
import { EventEmitter } from 'node:events'

export const kinds = ['Weather', 'Passing vessel', 'Light and engine', 'Wildlife'] as const

/** One entry of the log. */
export interface Entry {
  readonly id: number
  /** ISO 8601, UTC. */
  readonly at: string
  readonly author: string
  readonly kind: string
  readonly text: string
}

/** What a form or the API hands in. */
export interface Draft {
  readonly author: string
  readonly kind: unknown
  readonly text: unknown
}

const KEPT = 200
const LONGEST = 500
const HOUR = 3_600_000

const old: readonly (readonly [hoursAgo: number, author: string, kind: string, text: string])[] = [
  [
    31,
    'Tómas Ó Briain',
    'Light and engine',
    'Changed over to lamp two at dusk. Lens turned by hand for the first hour, motor since.',
  ],
  [
    19,
    'Mairi Sinclair',
    'Passing vessel',
    'Ketch “Hollin” passed a mile south under storm jib. Called her on 12, all well aboard.',
  ],
  [5, 'Ingrid Solheim', 'Wildlife', 'Forty-one grey seals on the north ledge, first pups of the year among them.'],
]

/** The log; emits `entry` for each new one. */
export class Log extends EventEmitter<{ entry: [Entry] }> {
  #entries: Entry[] = []
  #written = 0

  constructor(now: number = Date.now()) {
    super()
    this.setMaxListeners(0)
    for (const [hours, author, kind, text] of old) this.#keep(author, kind, text, now - hours * HOUR)
  }

  /** Newest first. */
  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** Writes an entry, or says in one sentence why not. */
  write({ author, kind, text }: Draft): Entry | string {
    const known = kinds.find((name) => name === kind)
    if (known === undefined) return `Choose what the entry is about: ${kinds.join(', ')}.`
    if (typeof text !== 'string' || text.trim() === '') return 'Write a line or two before you sign it.'
    if (text.length > LONGEST) return `Keep it to ${LONGEST} characters; this has ${text.length}.`
    const entry = this.#keep(author, known, text.trim(), Date.now())
    this.emit('entry', entry)
    return entry
  }

  #keep(author: string, kind: string, text: string, ms: number): Entry {
    const entry = { id: ++this.#written, at: new Date(ms).toISOString(), author, kind, text }
    this.#entries = [entry, ...this.#entries].slice(0, KEPT)
    return entry
  }
}
