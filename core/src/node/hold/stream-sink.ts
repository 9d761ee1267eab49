/**
 * The app's writes as a web stream, for whoever reads `response.body`.
 *
 * @module
 */
import { whenClosed } from '../closed.ts'
import { tellApp } from '../send/drain.ts'
import type { Callback, Chunk, Encoding } from './chunk.ts'
import type { Hold } from './hold.ts'
import { divert, dropWrites, refuseWrites } from './divert.ts'
import type { Sink } from './sink.ts'

/** A full stream makes the app wait. */
export function streamWrites(hold: Hold): ReadableStream<Uint8Array> {
  let sink: StreamSink | undefined
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const into = (sink = new StreamSink(hold, controller))
        divert(hold, into)
        whenClosed(hold.res, () => {
          if (!hold.ended && hold.sink === into) into.abort(new DOMException('The client has left', 'AbortError'))
        })
      },
      pull: () => sink?.makeRoom(),
      cancel() {
        if (hold.ended) return
        dropWrites(hold)
        // Nobody else would tell an app that waits.
        sink?.makeRoom()
      },
    },
    { highWaterMark: 65_536, size: (chunk) => chunk.byteLength },
  )
}

class StreamSink implements Sink {
  readonly #hold: Hold
  readonly #controller: ReadableStreamDefaultController<Uint8Array>
  /** The app has been told to wait. */
  #waits: boolean

  constructor(hold: Hold, controller: ReadableStreamDefaultController<Uint8Array>) {
    this.#hold = hold
    this.#controller = controller
    this.#waits = hold.full
  }

  isFull(): boolean {
    return this.#waits
  }

  makeRoom(): void {
    if (!this.#waits) return
    this.#waits = false
    tellApp(this.#hold.res)
  }

  write(chunk: Chunk, encoding: Encoding, callback: Callback): boolean {
    this.#push(chunk, encoding)
    if (callback) process.nextTick(callback)
    this.#waits = (this.#controller.desiredSize ?? 0) <= 0
    return !this.#waits
  }

  end(chunk: Chunk | undefined, encoding: Encoding): void {
    if (chunk !== undefined) this.#push(chunk, encoding)
    this.#controller.close()
  }

  flush(): void {}

  /** A stream that is broken takes no more, and says so by an exception; the app has to hear it as from Node. */
  abort(error: Error): boolean {
    this.#controller.error(error)
    refuseWrites(this.#hold)
    return true
  }

  #push(chunk: Chunk, encoding: Encoding): void {
    // A copy: the app may use its buffer again, and small ones share one pool.
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk
    if (bytes.byteLength > 0) this.#controller.enqueue(new Uint8Array(bytes))
  }
}
