/**
 * Holds a body to the length that its head announces: what is longer would be read as the beginning of the next
 * answer, and what is shorter would swallow it (RFC 9112, section 6.3).
 *
 * @module
 */

export class Announced {
  readonly #length: number | undefined
  #sent = 0

  /** @param field the value of Content-Length, if there is one */
  constructor(field: string | null) {
    this.#length = field !== null && /^\d{1,15}$/.test(field) ? Number(field) : undefined
  }

  /** What is wrong with a piece that comes now; `undefined` if nothing is. */
  excess(piece: string | Uint8Array): Error | undefined {
    if (this.#length === undefined) return undefined
    this.#sent += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.byteLength
    return this.#sent > this.#length ? new RangeError(`The body is longer than ${this.#said}`) : undefined
  }

  /** What is wrong with an end that comes now. */
  shortage(): Error | undefined {
    if (this.#length === undefined || this.#sent >= this.#length) return undefined
    return new RangeError(`The body has ended after ${this.#sent} bytes, short of ${this.#said}`)
  }

  /** Throws for a body that is at hand as a whole, if it is of another length. */
  check(body: string | Uint8Array | null): void {
    const wrong = this.excess(body ?? '') ?? this.shortage()
    if (wrong !== undefined) throw wrong
  }

  get #said(): string {
    return `its Content-Length, ${this.#length}: leave that field out, or set it to the bytes of the body`
  }
}
