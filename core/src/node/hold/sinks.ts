/**
 * Where the writes of a Node app go when its answer does not go out as it was made:
 * nowhere, into a web stream, or through filters.
 *
 * @module
 */
import type { Duplex, Transform } from 'node:stream'
import { filtered, isNodeStream, type Stream } from '../../body.ts'
import type { BodyFilter } from '../../own/shapes.ts'
import { whenClosed } from '../closed.ts'
import { keepFromApp, tellApp } from '../send/drain.ts'
import type { Callback, Chunk, Encoding } from './chunk.ts'
import type { Hold } from './hold.ts'

/** Where the app's writes go once they are held no more, if not straight to the socket. */
export interface Sink {
  /** The app has been told to wait. */
  isFull(): boolean
  /** `false` tells the app to wait for `drain`. */
  write(chunk: Chunk, encoding: Encoding, callback: Callback): boolean
  end(chunk: Chunk | undefined, encoding: Encoding): void
  flush(): void
  /** The app has cut its connection in the middle of its body. */
  abort(error: Error): void
}

/** Swallows what the app writes; callbacks are called and it never waits. */
export function dropWrites(hold: Hold): void {
  divert(hold, {
    isFull: () => false,
    write(_chunk, _encoding, callback) {
      if (callback) process.nextTick(callback)
      return true
    },
    end() {},
    flush() {},
    abort() {},
  })
}

/** A web stream of what the app writes; a full one makes the app wait. */
export function streamWrites(hold: Hold): ReadableStream<Uint8Array> {
  const { res } = hold
  let waits = hold.full
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        divert(hold, {
          isFull: () => waits,
          write(chunk, encoding, callback) {
            push(controller, chunk, encoding)
            if (callback) process.nextTick(callback)
            waits = (controller.desiredSize ?? 0) <= 0
            return !waits
          },
          end(chunk, encoding) {
            if (chunk !== undefined) push(controller, chunk, encoding)
            controller.close()
          },
          flush() {},
          abort: (error) => controller.error(error),
        })
        whenClosed(res, () => {
          if (!hold.ended) controller.error(new DOMException('The client has left', 'AbortError'))
        })
      },
      pull() {
        if (!waits) return
        waits = false
        tellApp(res)
      },
      cancel() {
        if (hold.ended) return
        dropWrites(hold)
        // Nobody else would tell an app that waits.
        if (waits) tellApp(res)
      },
    },
    { highWaterMark: 65_536, size: (chunk) => chunk.byteLength },
  )
}

function push(controller: ReadableStreamDefaultController<Uint8Array>, chunk: Chunk, encoding: Encoding): void {
  // A copy: the app may use its buffer again, and small ones share one pool.
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk
  if (bytes.byteLength > 0) controller.enqueue(new Uint8Array(bytes))
}

/** What the app writes, behind the filters. */
export function filterWrites(hold: Hold, filters: readonly (() => BodyFilter)[]): Stream {
  const [make, ...rest] = filters
  const first = make?.()
  if (first === undefined || !isNodeStream(first)) {
    const source = streamWrites(hold)
    return first === undefined ? source : filtered(source, [() => first, ...rest])
  }
  divert(hold, into(hold, first))
  return rest.length === 0 ? first : filtered(first, rest)
}

function into(hold: Hold, filter: Transform): Sink {
  filter.on('drain', () => tellApp(hold.res))
  return {
    isFull: () => filter.writableNeedDrain,
    write: (chunk, encoding, callback) =>
      encoding === undefined ? filter.write(chunk, callback) : filter.write(chunk, encoding, callback),
    end(chunk, encoding) {
      if (chunk === undefined) filter.end()
      else if (encoding === undefined) filter.end(chunk)
      else filter.end(chunk, encoding)
    },
    flush() {
      if (canFlush(filter)) filter.flush()
    },
    abort: (error) => void filter.destroy(error),
  }
}

function canFlush(filter: Duplex): filter is Duplex & { flush(): void } {
  return 'flush' in filter && typeof filter.flush === 'function'
}

/** From here on the app's writes go to the sink, those that were held first. */
function divert(hold: Hold, sink: Sink): void {
  const { writes, last, full } = hold
  hold.sink = sink
  hold.writes = hold.last = undefined
  hold.full = false
  keepFromApp(hold.res, () => hold.sink?.isFull() === true)
  let ready = true
  for (const { chunk, encoding, callback } of writes ?? []) ready = sink.write(chunk, encoding, callback)
  if (hold.ended) sink.end(last, hold.lastEncoding)
  else if (hold.cut !== undefined) sink.abort(hold.cut[0] ?? new Error('The app has cut its connection'))
  else if (full && ready) process.nextTick(() => tellApp(hold.res))
}
