/**
 * Dictionaries that clients have at hand (RFC 9842): known from the start, or learnt as they go out.
 *
 *     response ◀─ use-as-dictionary: match="/api/*" ─ its bytes are kept, by their SHA-256 ── app
 *     request  ── available-dictionary: :<SHA-256>: ─▶ is it kept? ─▶ codec with that dictionary
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'
import { editHeaders, filterBody, wholeBody } from '@outerware/core'
import { mayUseDictionary, parseAvailableDictionary } from '@outerware/core/headers'
import type { Codec, CodecOptions } from './codec.ts'
import { decoders } from './decode.ts'
import { dictionaryCodec } from './dictionary-codec.ts'
import { isShared, mayBeKept } from './keep.ts'
import type { Choice } from './negotiate.ts'

/** Chooses between the usual codecs and one with a dictionary. */
export type Choose = (acceptEncoding: string | null) => Choice

interface Dictionary {
  readonly size: number
  readonly choose: Choose
}

/** Dictionaries by the SHA-256 of their bytes, in base64. */
export class Dictionaries {
  readonly #known = new Map<string, Dictionary>()
  /** Those that were learnt, in the order in which they were last asked for. */
  readonly #learnt = new Map<string, Dictionary>()
  readonly #most: number
  readonly #codecs: CodecOptions
  readonly #chooser: (codec: Codec) => Choose
  #size = 0

  /** @param chooser makes the choice between the usual codecs and a further one, which comes first */
  constructor(known: readonly Uint8Array[], maxBytes: number, codecs: CodecOptions, chooser: (codec: Codec) => Choose) {
    this.#most = maxBytes
    this.#codecs = codecs
    this.#chooser = chooser
    for (const bytes of known) {
      const digest = digestOf(bytes)
      this.#known.set(digest, this.#make(bytes, digest))
    }
  }

  /**
   * The choice for a request that offers a dictionary; `undefined` if it offers none, one that is not kept, or one that
   * must not be used for where the request comes from.
   */
  chooserFor({ headers }: Request, response: Response): Choose | undefined {
    const field = headers.get('available-dictionary')
    const digest = field === null ? undefined : parseAvailableDictionary(field)
    if (digest === undefined || !mayUseDictionary(headers, response.headers)) return undefined
    const learnt = this.#learnt.get(digest)
    if (learnt === undefined) return this.#known.get(digest)?.choose
    this.#learnt.delete(digest)
    this.#learnt.set(digest, learnt)
    return learnt.choose
  }

  /** Keeps the body of a response that says `Use-As-Dictionary`, while it goes out. */
  learn(response: Response, request: Request): Response {
    if (!response.headers.has('use-as-dictionary')) return response
    if (!isShared(request, response) || !mayBeKept(response)) return response
    const coding = response.headers.get('content-encoding')
    const body = wholeBody(response)
    if (body === undefined) return this.#tapped(response, coding)
    if (body !== null) this.#take(Buffer.from(body), coding)
    return response
  }

  #tapped(response: Response, coding: string | null): Response {
    const chunks: Uint8Array[] = []
    let size = 0
    const length = response.headers.get('content-length')
    const tapped = filterBody(
      response,
      () =>
        new Transform({
          transform: (chunk: Uint8Array, _encoding, done) => {
            size += chunk.byteLength
            if (size <= this.#mostOfOne) chunks.push(chunk)
            done(null, chunk)
          },
          flush: (done) => {
            if (size <= this.#mostOfOne) this.#take(Buffer.concat(chunks, size), coding)
            done()
          },
        }),
    )
    // Not a byte is another.
    return length === null ? tapped : editHeaders(tapped, (headers) => headers.set('content-length', length))
  }

  /** What was sent in a coding is a dictionary by its bare bytes (section 2.1). */
  #take(bytes: Uint8Array, coding: string | null): void {
    if (coding === null) return this.#add(bytes)
    void decoders
      .get(coding)?.(bytes, this.#mostOfOne)
      .then((decoded) => typeof decoded !== 'string' && this.#add(decoded))
      .catch(() => {})
  }

  #add(bytes: Uint8Array): void {
    if (bytes.byteLength === 0 || bytes.byteLength > this.#mostOfOne || isTrained(bytes)) return
    const digest = digestOf(bytes)
    if (this.#known.has(digest) || this.#learnt.has(digest)) return
    this.#learnt.set(digest, this.#make(new Uint8Array(bytes), digest))
    this.#size += bytes.byteLength
    for (const [oldest, { size }] of this.#learnt) {
      if (this.#size <= this.#most) break
      this.#learnt.delete(oldest)
      this.#size -= size
    }
  }

  /** One must not drive out all others. */
  get #mostOfOne(): number {
    return this.#most / 4
  }

  #make(bytes: Uint8Array, digest: string): Dictionary {
    const codec = dictionaryCodec(bytes, digest, this.#codecs)
    return { size: bytes.byteLength, choose: this.#chooser(codec) }
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64')
}

/** What begins so is no plain bytes to zstd, as RFC 9842 has them, but tables and bytes (RFC 8878, section 5). */
export function isTrained(bytes: Uint8Array): boolean {
  return bytes[0] === 0x37 && bytes[1] === 0xa4 && bytes[2] === 0x30 && bytes[3] === 0xec
}
