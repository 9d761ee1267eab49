/**
 * Writes a stream to the socket, no faster than the socket takes it. Whoever leaves frees the stream; a stream that
 * fails cuts the connection, so that a short body never looks whole.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { isNodeStream, type Stream } from '../../body.ts'
import { isClosed, whenClosed } from '../closed.ts'
import type { Methods } from '../hold/install.ts'
import { isWhole } from '../http2.ts'
import { onRoom } from './drain.ts'

export function sendStream(res: ServerResponse, stream: Stream, wire: Methods): void {
  if (isNodeStream(stream)) sendNode(res, stream, wire)
  else void sendWeb(res, stream, wire)
}

function sendNode(res: ServerResponse, stream: Readable, wire: Methods): void {
  if (isClosed(res)) return void stream.destroy()
  let started = false
  stream.on('data', (chunk: Uint8Array) => {
    started = true
    if (!wire.write.call(res, chunk)) stream.pause()
  })
  stream.on('end', () => void wire.end.call(res))
  stream.on('error', (error) => void res.destroy(error))
  stream.on('close', () => {
    if (!stream.readableEnded && !res.destroyed) res.destroy(new Error('The body ended before its time'))
  })
  onRoom(res, () => void stream.resume())
  whenClosed(res, () => void stream.destroy())
  flushWhenSlow(res, wire, () => started)
}

async function sendWeb(res: ServerResponse, stream: ReadableStream<Uint8Array>, wire: Methods): Promise<void> {
  const reader = stream.getReader()
  let started = false
  const left = (): void => {
    if (!isWhole(res)) void reader.cancel(new DOMException('The client has left', 'AbortError')).catch(() => {})
  }
  if (isClosed(res)) return left()
  whenClosed(res, left)
  flushWhenSlow(res, wire, () => started)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      started = true
      if (res.destroyed) return
      if (done) break
      if (!wire.write.call(res, value)) await drained(res)
    }
    wire.end.call(res)
  } catch (error) {
    res.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

/** A stream that is slow to begin: the head goes now, as EventSource and streaming clients expect. */
function flushWhenSlow(res: ServerResponse, wire: Methods, started: () => boolean): void {
  setImmediate(() => {
    if (!started() && !res.destroyed) wire.flushHeaders.call(res)
  })
}

/** Resolves when the socket takes more, or will never do so again. */
function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      off()
      res.off('close', done)
      resolve()
    }
    const off = onRoom(res, done)
    res.on('close', done)
  })
}
