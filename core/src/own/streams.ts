/**
 * Bodies: as an app hands them over, as a web stream when somebody asks for one, and given up. Node streams stay
 * Node streams until then.
 *
 * @module
 */
import type { Readable } from 'node:stream'
import type { Body } from './shapes.ts'

/** A body that is not at hand as a whole. */
export type Stream = ReadableStream<Uint8Array> | Readable

export function isNodeStream(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'pipe' in body && typeof body.pipe === 'function'
}

/**
 * Takes a body in hand. A Node stream that fails before somebody reads it keeps its error until then; without this
 * it would end the process.
 *
 * @throws TypeError for what is no body
 */
export function takeBody<B extends Body>(body: B): B {
  if (typeof body === 'string' || body === null || body instanceof Uint8Array || body instanceof ReadableStream) {
    return body
  }
  if (!isNodeStream(body))
    throw new TypeError(`A body must be a string, a Uint8Array, a stream or null, got ${kindOf(body)}`)
  return guard(body)
}

/** Keeps an error of a Node stream from ending the process while nobody listens; the stream itself remembers it. */
export function guard<S extends Readable>(stream: S): S {
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore)
  return stream
}

/** A web stream over any body; a Node stream is pulled, so that its backpressure holds. */
export function toWebStream(body: Exclude<Body, null>): ReadableStream<Uint8Array> {
  if (body instanceof ReadableStream) return body
  if (isNodeStream(body)) return pulled(guard(body))
  return whole(typeof body === 'string' ? encoder.encode(body) : new Uint8Array(body))
}

/**
 * A web stream over a Node stream that is more than its bytes, such as an incoming message: who cancels it reads no
 * further, and the rest is thrown away, but the stream, and with it the connection, lives on.
 */
export function toLentWebStream(source: Readable): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<unknown> = guard(source).iterator({ destroyOnReturn: false })
  return pullFrom(source, chunks, () => {
    // Not awaited: a read under way ends with the next bytes, and these may never come.
    void chunks.return?.().then(() => source.resume())
  })
}

/**
 * Throws for a body that cannot be sent: nothing more would come of it, no event either.
 *
 * @throws TypeError if somebody reads it already; else what it has failed with
 */
export function checkUnread(body: Body): void {
  if (body instanceof ReadableStream) {
    if (body.locked) throw new TypeError('The body of the response was read already')
  } else if (isNodeStream(body) && (body.destroyed || body.readableEnded)) throw whyEnded(body)
}

/** Why a Node stream ended before its time. */
export function whyEnded(stream: Readable): Error {
  return stream.errored ?? new Error('The body ended before its time')
}

/** Gives up a body that nobody will read. */
export function discard(body: Body): void {
  if (body instanceof ReadableStream) void body.cancel().catch(ignore)
  else if (isNodeStream(body)) guard(body).destroy()
}

const encoder = new TextEncoder()

function whole(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (bytes.byteLength > 0) controller.enqueue(bytes)
      controller.close()
    },
  })
}

function pulled(source: Readable): ReadableStream<Uint8Array> {
  return pullFrom(source, source[Symbol.asyncIterator](), () => void source.destroy())
}

function pullFrom(source: Readable, chunks: AsyncIterator<unknown>, cancel: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next()
        if (done === true) controller.close()
        else controller.enqueue(toBytes(value, source))
      },
      cancel,
    },
    { highWaterMark: 0 },
  )
}

/** A copy: a Buffer may lie in Node's shared pool, and whoever reads a stream may transfer what it gets. */
function toBytes(chunk: unknown, source: Readable): Uint8Array {
  if (typeof chunk === 'string') return encoder.encode(chunk)
  if (chunk instanceof Uint8Array) return new Uint8Array(chunk)
  const error = noChunk(chunk)
  source.destroy(error)
  throw error
}

/** What is wrong with what a stream gave in the place of a piece of the body; `undefined` if nothing is. */
export function wrongChunk(chunk: unknown): TypeError | undefined {
  return typeof chunk === 'string' || chunk instanceof Uint8Array ? undefined : noChunk(chunk)
}

function noChunk(chunk: unknown): TypeError {
  return new TypeError(`A body must come in bytes or strings, got ${kindOf(chunk)}`)
}

function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value)
}

function ignore(): void {}
