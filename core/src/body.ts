/**
 * Bodies on their way: a source, filters behind it, one stream out. Node streams stay Node streams.
 *
 *     app ─▶ source ─▶ filter ─▶ filter ─▶ socket
 *
 * Backpressure goes inward: a full filter stops its source. So do ends: who leaves frees what stands before it.
 *
 * @module
 */
import type { Readable, Transform } from 'node:stream'
import type { Body, BodyFilter } from './own/shapes.ts'

/** A body that is not at hand as a whole. */
export type Stream = ReadableStream<Uint8Array> | Readable

export function isNodeStream(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'pipe' in body && typeof body.pipe === 'function'
}

function isNodeFilter(filter: BodyFilter): filter is Transform {
  return isNodeStream(filter)
}

/** The body behind the filters, the first of them next to the app. */
export function filtered(body: Exclude<Body, null>, filters: readonly (() => BodyFilter)[]): Stream {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one filter at least, and each gives a stream
  return filters.reduce<string | Uint8Array | Stream>((source, make) => feed(source, make()), body) as Stream
}

/** A web stream over any body; a Node stream is pulled, so that its backpressure holds. */
export function toWebStream(body: Exclude<Body, null>): ReadableStream<Uint8Array> {
  if (body instanceof ReadableStream) return body
  if (isNodeStream(body)) return pulled(body)
  return new ReadableStream({
    start(controller) {
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body)
      if (bytes.byteLength > 0) controller.enqueue(bytes)
      controller.close()
    },
  })
}

/** Gives up a body that nobody will read. */
export function discard(body: Body): void {
  if (body instanceof ReadableStream) void body.cancel().catch(() => {})
  else if (isNodeStream(body)) body.destroy()
}

function feed(source: string | Uint8Array | Stream, filter: BodyFilter): Stream {
  if (!isNodeFilter(filter)) return toWebStream(source).pipeThrough(filter)
  if (typeof source === 'string' || source instanceof Uint8Array) filter.end(source)
  else if (isNodeStream(source)) feedFromNode(source, filter)
  else void feedFromWeb(source, filter)
  return filter
}

function feedFromNode(source: Readable, filter: Transform): void {
  source.on('error', (error) => filter.destroy(error))
  source.on('close', () => {
    if (!source.readableEnded) filter.destroy(new Error('The body ended before its time'))
  })
  filter.on('close', () => source.destroy())
  source.pipe(filter)
}

async function feedFromWeb(source: ReadableStream<Uint8Array>, filter: Transform): Promise<void> {
  const reader = source.getReader()
  filter.on('close', () => void reader.cancel().catch(() => {}))
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (filter.destroyed) return
      if (done) break
      if (!filter.write(value)) await drained(filter)
    }
    filter.end()
  } catch (error) {
    filter.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

/** Resolves when the filter takes more, or will never do so again. */
function drained(filter: Transform): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      filter.off('drain', done)
      filter.off('close', done)
      resolve()
    }
    filter.on('drain', done)
    filter.on('close', done)
  })
}

function pulled(source: Readable): ReadableStream<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done) controller.close()
        else controller.enqueue(new Uint8Array(value))
      },
      cancel() {
        source.destroy()
      },
    },
    { highWaterMark: 0 },
  )
}
