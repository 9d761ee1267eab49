/**
 * A body on its way through filters: a source, filters behind it, one stream out.
 *
 *     app ─▶ source ─▶ filter ─▶ filter ─▶ socket
 *
 * Backpressure goes inward: a full filter stops its source. Errors go outward and break what stands behind.
 * Ends go both ways: who leaves frees what stands before it.
 *
 * @module
 */
import type { Readable, Transform } from 'node:stream'
import type { Body, BodyFilter } from './own/shapes.ts'
import { discard, guard, isNodeStream, toWebStream, whyEnded, type Stream } from './own/streams.ts'

export { discard, isNodeStream, toWebStream, type Stream }

/**
 * The body behind the filters, the first of them next to the app.
 *
 * @throws whatever a filter's maker throws; the body is given up then
 */
export function filtered(body: Exclude<Body, null>, filters: readonly (() => BodyFilter)[]): Stream {
  const [first, ...others] = filters
  if (first === undefined) return toWebStream(body)
  return others.reduce((source, make) => feed(source, make), feed(body, first))
}

function feed(source: Exclude<Body, null>, make: () => BodyFilter): Stream {
  const filter = makeOrDiscard(source, make)
  if (!isNodeFilter(filter)) return toWebStream(source).pipeThrough(filter)
  guard(filter)
  if (typeof source === 'string' || source instanceof Uint8Array) filter.end(source)
  else if (isNodeStream(source)) feedFromNode(source, filter)
  else void feedFromWeb(source, filter)
  return filter
}

function makeOrDiscard(source: Body, make: () => BodyFilter): BodyFilter {
  try {
    return make()
  } catch (error) {
    discard(source)
    throw error
  }
}

function isNodeFilter(filter: BodyFilter): filter is Transform {
  return isNodeStream(filter)
}

function feedFromNode(source: Readable, filter: Transform): void {
  // What has gone before sends no more events.
  if (source.destroyed || source.readableEnded) return void filter.destroy(whyEnded(source))
  guard(source).on('close', () => {
    if (!source.readableEnded) filter.destroy(whyEnded(source))
  })
  filter.on('close', () => source.destroy())
  source.pipe(filter)
}

async function feedFromWeb(source: ReadableStream<Uint8Array>, filter: Transform): Promise<void> {
  try {
    const reader = source.getReader()
    filter.on('close', () => void reader.cancel().catch(() => {}))
    for (;;) {
      const { done, value } = await reader.read()
      if (filter.destroyed) return
      if (done) break
      if (!filter.write(value)) await drained(filter)
    }
    filter.end()
  } catch (error) {
    filter.destroy(toError(error))
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

/** A web stream may fail with anything, a Node stream only with an Error; of whichever realm. */
function toError(reason: unknown): Error {
  return isError(reason) ? reason : new Error(`The body failed: ${String(reason)}`, { cause: reason })
}

function isError(reason: unknown): reason is Error {
  return typeof reason === 'object' && reason !== null && 'message' in reason && 'stack' in reason
}
