/**
 * One word replaced by another of the same length in bytes that come in pieces, also where it is split between two.
 *
 * @module
 */
import type { BodyFilter, Context } from '@outerware/core'

/** Makes the filter of a body: of Node's kind on Node, where it costs no web stream. */
export function replacing(word: string, by: string, platform: Context['platform']): BodyFilter {
  const replacer = new Replacer(word, by)
  if (platform !== 'node') {
    return new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => enqueue(controller, replacer.push(chunk)),
      flush: (controller) => enqueue(controller, replacer.end()),
    })
  }
  // Asked for here, so that other platforms need no node:stream.
  const { Transform } = process.getBuiltinModule('node:stream')
  return new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => done(null, replacer.push(chunk)),
    flush: (done) => done(null, replacer.end()),
  })
}

/** Web streams pass empty chunks on; nobody needs them. */
function enqueue(controller: TransformStreamDefaultController<Uint8Array>, bytes: Uint8Array): void {
  if (bytes.length > 0) controller.enqueue(bytes)
}

/** Holds back what may be the beginning of the word, and no more. */
export class Replacer {
  private readonly word: Uint8Array
  private readonly by: Uint8Array
  private held: Uint8Array = nothing

  constructor(word: string, by: string) {
    this.word = new TextEncoder().encode(word)
    this.by = new TextEncoder().encode(by)
  }

  /** The same bytes if the word is not in them, else a copy. */
  whole(bytes: Uint8Array): Uint8Array {
    let copy = bytes
    for (let at = this.find(bytes, 0); at !== -1; at = this.find(bytes, at + this.word.length)) {
      if (at + this.word.length > bytes.length) break
      if (copy === bytes) copy = Uint8Array.from(bytes)
      copy.set(this.by, at)
    }
    return copy
  }

  /** The next piece on its way out; it may be empty. */
  push(chunk: Uint8Array): Uint8Array {
    const bytes = this.whole(this.held.length === 0 ? chunk : join(this.held, chunk))
    const cut = this.find(bytes, Math.max(0, bytes.length - this.word.length + 1))
    if (cut === -1) {
      this.held = nothing
      return bytes
    }
    // A copy, for the app may write its next chunk into the same memory.
    this.held = Uint8Array.from(bytes.subarray(cut))
    return bytes.subarray(0, cut)
  }

  /** What was held back, when nothing more comes. */
  end(): Uint8Array {
    return this.held
  }

  /** Where the word stands, or as much of it as there is room for; -1 if nowhere. */
  private find(bytes: Uint8Array, from: number): number {
    const { word } = this
    for (let at = bytes.indexOf(word[0]!, from); at !== -1; at = bytes.indexOf(word[0]!, at + 1)) {
      const length = Math.min(word.length, bytes.length - at)
      let i = 1
      while (i < length && bytes[at + i] === word[i]) i++
      if (i === length) return at
    }
    return -1
  }
}

const nothing = new Uint8Array()

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length)
  whole.set(a)
  whole.set(b, a.length)
  return whole
}
