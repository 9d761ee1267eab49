/**
 * Results that are kept: what was coded once goes out again without work, and what is asked often as small as it gets.
 *
 *     body ─▶ is it one of the last? ─▶ is its hash known? ─▶ codec
 *     tag  ─▶ is it known? ─────────────────────────────────▶ codec, recorded
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import type { PreparedHeaders } from '@outerware/core'
import type { Codec, CodecStream } from './codec.ts'
import { decoders } from './decode.ts'
import { exactly, isSame, memoryOf, ownCopy, placeOf } from './likeness.ts'
import { Lru, type Link } from './lru.ts'
import { Moment } from './moment.ts'
import { recorded } from './record.ts'

/** What is known of a body. */
export interface Entry extends Link<Entry> {
  readonly codec: Codec
  /** Its coded form. */
  bytes: Uint8Array
  /** Of the bare body, in bytes. */
  readonly size: number
  /** The bare body of an entry by hash, to be compared; `undefined` for one by tag. */
  body: string | Uint8Array | undefined
  /** How often it was asked for. */
  asked: number
  /** How it was last answered with; held for a moment only, see {@link ResultCache.remember}. */
  repeat: Repeat | undefined
}

/** An answer with an entry. */
export interface Repeat {
  /** The very text that the app gave: V8 compares a text with itself by a look at where it is. */
  readonly text: string | undefined
  /** The fields as the app gave them. */
  readonly given: PreparedHeaders
  /** The fields as they went out. */
  readonly sent: PreparedHeaders
  /** How often they were others in this moment. */
  readonly changes: number
}

/** What an entry takes beside its bytes: two objects, a key, and a place in a map. About that, in bytes. */
const OVERHEAD = 400
/** Asked for as often as this, a result is coded anew, at the best level. */
const OFTEN = 16
/** So many keys that were seen once are remembered: what is never asked for again drives nothing out. */
const MOST_SEEN = 1024
/** Of the last bodies so many can be told without a hash. */
const PLACES = 1024

/** Coded bodies, up to a number of bytes; the one that was not asked for the longest goes first. */
export class ResultCache {
  readonly #most: number
  readonly #entries: Lru<Entry>
  readonly #last: (Entry | undefined)[] = Array.from({ length: PLACES })
  readonly #seen = new Set<string>()
  readonly #toImprove: Entry[] = []
  readonly #repeated = new Moment<Entry>(forget)

  constructor(maxBytes: number) {
    this.#most = maxBytes
    this.#entries = new Lru(maxBytes, release)
  }

  /** Finds a whole body among the last, by comparison, which is quicker than to count its bytes. */
  find(codec: Codec, body: string | Uint8Array): Entry | undefined {
    const last = this.#last[placeOf(codec.key, body, PLACES)]
    return last?.isKept && last.codec === codec && isSame(last.repeat?.text ?? last.body, body) ? last : undefined
  }

  /** The coded form of a whole body that is one of the last. */
  recent(codec: Codec, body: string | Uint8Array): Entry | undefined {
    const last = this.find(codec, body)
    return last && this.use(last)
  }

  /**
   * Remembers how an entry was answered with. A text of the app may be a slice of a huge one, and so may the value of a
   * field, so what they keep in memory is not bounded by `maxBytes`: it is by what an app makes in a second.
   */
  remember(entry: Entry, repeat: Repeat): void {
    if (!entry.isKept) return
    if (entry.repeat === undefined) this.#repeated.add(entry)
    entry.repeat = repeat
  }

  /** The coded form of a whole body that is none of the last: kept, or made now. */
  coded(codec: Codec, body: string | Uint8Array, size: number): Uint8Array {
    const key = `${codec.key} ${hash('sha256', body, 'base64')}`
    const known = this.#entries.get(key)
    const place = placeOf(codec.key, body, PLACES)
    if (known !== undefined) {
      this.#last[place] = known
      return this.use(known).bytes
    }
    const bytes = codec.whole(body, size)
    if (this.#isSeen(key)) this.#last[place] = this.#keep(key, codec, bytes, ownCopy(body), size)
    return bytes
  }

  /** Finds the body that a tag stands for. */
  findTagged(codec: Codec, tag: string): Entry | undefined {
    return this.#entries.get(`${codec.key} ${tag}`)
  }

  /** The coded form of the body that a tag stands for, if it is kept. */
  tagged(codec: Codec, tag: string): Uint8Array | undefined {
    const entry = this.findTagged(codec, tag)
    return entry && this.use(entry).bytes
  }

  /**
   * Keeps what comes out of a stream, if it comes to its end.
   *
   * @param size of the bare body in bytes, where it is known: what has another is not whole
   */
  record(stream: CodecStream, codec: Codec, tag: string, size: number | undefined): CodecStream {
    const key = `${codec.key} ${tag}`
    if (!this.#isSeen(key)) return stream
    // One body must not drive out all others.
    return recorded(stream, this.#most / 8, (bytes) => {
      if (size === undefined || stream.bytesWritten === size)
        this.#keep(key, codec, bytes, undefined, stream.bytesWritten)
    })
  }

  /** Says that an entry is asked for. */
  use(entry: Entry): Entry {
    this.#entries.use(entry)
    if (++entry.asked === OFTEN && this.#toImprove.push(entry) === 1) void this.#improve()
    return entry
  }

  #isSeen(key: string): boolean {
    if (this.#seen.delete(key)) return true
    if (this.#seen.size >= MOST_SEEN) this.#seen.clear()
    this.#seen.add(key)
    return false
  }

  #keep(key: string, codec: Codec, coded: Uint8Array, body: Entry['body'], size: number): Entry | undefined {
    const bytes = exactly(coded)
    const links = { isKept: false, older: undefined, newer: undefined }
    const entry: Entry = { key, codec, body, bytes, size, asked: 1, memory: 0, repeat: undefined, ...links }
    entry.memory = memoryOfEntry(entry)
    this.#entries.add(entry)
    return entry.isKept ? entry : undefined
  }

  /** One after the other: brotli at its best takes a second for a megabyte, and others want the threads, too. */
  async #improve(): Promise<void> {
    for (let entry = this.#toImprove[0]; entry !== undefined; entry = this.#toImprove[0]) {
      const better = await best(entry).catch(() => undefined)
      if (entry.isKept && better !== undefined && better.byteLength < entry.bytes.byteLength) {
        entry.bytes = exactly(better)
        forget(entry)
        this.#entries.shrink(entry, memoryOfEntry(entry))
      }
      this.#toImprove.shift()
    }
  }
}

/** A place among the last may hold it still. */
function release(entry: Entry): void {
  entry.body = undefined
  entry.bytes = NOTHING
  forget(entry)
}

function forget(entry: Entry): void {
  entry.repeat = undefined
}

const NOTHING = new Uint8Array()

function memoryOfEntry({ key, body, bytes }: Entry): number {
  return bytes.byteLength + (body === undefined ? 0 : memoryOf(body)) + key.length + OVERHEAD
}

async function best({ codec, bytes, body, isKept }: Entry): Promise<Uint8Array | undefined> {
  if (!isKept) return undefined
  const plain = body === undefined ? await decoders.get(codec.coding)?.(bytes, Infinity) : Buffer.from(body)
  return plain instanceof Uint8Array ? codec.best(plain) : undefined
}
