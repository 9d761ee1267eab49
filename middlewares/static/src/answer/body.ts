/**
 * A file as a body: exactly the bytes that the head has promised, or a cut.
 *
 *     FileBody ── chunks ──▶ socket
 *        └─ closes the file, however it ends
 *
 * @module
 */
import { Readable } from 'node:stream'
import type { ByteRange } from '@outerware/core/headers'
import { CHUNK, readFully, type Opened } from './open.ts'

/** Bytes to be sent as they are, or a range of the file. */
export type Piece = Uint8Array | ByteRange

/**
 * Streams pieces of an open file.
 *
 * Before the last bytes of the file go out, it is asked whether all that went out was one version of it. A body that
 * is not, or whose file became too short, fails: it must not look whole.
 */
export class FileBody extends Readable {
  readonly #file: Opened
  readonly #pieces: readonly Piece[]
  readonly #isSame: (file: Opened) => boolean | Promise<boolean>
  readonly #lastRange: number
  #piece = 0
  /** In the piece. */
  #offset = 0

  constructor(file: Opened, pieces: readonly Piece[], isSame: (file: Opened) => boolean | Promise<boolean>) {
    super({ highWaterMark: CHUNK })
    this.#file = file
    this.#pieces = pieces
    this.#isSame = isSame
    this.#lastRange = pieces.findLastIndex((piece) => !(piece instanceof Uint8Array))
    // Nobody listens to a response that was dropped: its errors must not bring the process down.
    this.on('error', () => {})
  }

  override _read(): void {
    this.#next().then(
      (chunk) => void this.push(chunk),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    )
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const finish = (): void => done(error)
    this.#file.handle.close().then(finish, finish)
  }

  async #next(): Promise<Uint8Array | null> {
    const piece = this.#pieces[this.#piece]
    if (piece === undefined) return null
    if (!(piece instanceof Uint8Array)) return this.#nextOf(piece)
    this.#piece += 1
    return piece
  }

  async #nextOf({ start, end }: ByteRange): Promise<Uint8Array> {
    const left = end - start + 1 - this.#offset
    const chunk = await readFully(this.#file.handle, start + this.#offset, Math.min(left, CHUNK))
    if (chunk === undefined) throw new Error(`${this.#file.path} became shorter while it was sent`)
    this.#offset += chunk.byteLength
    if (chunk.byteLength < left) return chunk
    if (this.#piece === this.#lastRange && !(await this.#isSame(this.#file))) {
      throw new Error(`${this.#file.path} was changed while it was sent`)
    }
    this.#piece += 1
    this.#offset = 0
    return chunk
  }
}
