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
import type { Codec, CodecStream } from './codec.ts'
import { decoders } from './decode.ts'
import { exactly, memoryOf, ownCopy, placeOf } from './likeness.ts'
import { Lru, type Link } from './lru.ts'
import { recorded } from './record.ts'

/** What is known of a body. */
interface Result {
  /** Its coded form. */
  readonly bytes: Uint8Array
  /** Of the bare body, in bytes. */
  readonly size: number
}

interface Entry extends Result, Link<Entry> {
  readonly codec: Codec
  bytes: Uint8Array
  /** The bare body of an entry by hash, to be compared; `undefined` for one by tag. */
  body: string | Uint8Array | undefined
  /** How often it was asked for. */
  asked: number
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

  constructor(maxBytes: number) {
    this.#most = maxBytes
    this.#entries = new Lru(maxBytes, release)
  }

  /** The coded form of a whole body that is one of the last, told by comparison, which is quicker than to count its bytes. */
  recent(codec: Codec, body: string | Uint8Array): Result | undefined {
    const last = this.#last[placeOf(codec.key, body, PLACES)]
    return last?.isKept && last.codec === codec && isSame(last.body, body) ? this.#use(last) : undefined
  }

  /** The coded form of a whole body that is none of the last: kept, or made now. */
  coded(codec: Codec, body: string | Uint8Array, size: number): Uint8Array {
    const key = `${codec.key} ${hash('sha256', body, 'base64')}`
    const known = this.#entries.get(key)
    const place = placeOf(codec.key, body, PLACES)
    if (known !== undefined) {
      this.#last[place] = known
      return this.#use(known).bytes
    }
    const bytes = codec.whole(body, size)
    if (this.#isSeen(key)) this.#last[place] = this.#keep(key, codec, bytes, ownCopy(body), size)
    return bytes
  }

  /** The coded form of the body that a tag stands for, if it is kept. */
  tagged(codec: Codec, tag: string): Uint8Array | undefined {
    const entry = this.#entries.get(`${codec.key} ${tag}`)
    return entry === undefined ? undefined : this.#use(entry).bytes
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

  #isSeen(key: string): boolean {
    if (this.#seen.delete(key)) return true
    if (this.#seen.size >= MOST_SEEN) this.#seen.clear()
    this.#seen.add(key)
    return false
  }

  #use(entry: Entry): Entry {
    this.#entries.use(entry)
    if (++entry.asked === OFTEN && this.#toImprove.push(entry) === 1) void this.#improve()
    return entry
  }

  #keep(key: string, codec: Codec, coded: Uint8Array, body: Entry['body'], size: number): Entry | undefined {
    const bytes = exactly(coded)
    const links = { isKept: false, older: undefined, newer: undefined }
    const entry: Entry = { key, codec, body, bytes, size, asked: 1, memory: 0, ...links }
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

function isSame(a: Entry['body'], b: string | Uint8Array): boolean {
  if (typeof b === 'string') return a === b
  return a instanceof Uint8Array && Buffer.compare(a, b) === 0
}
