/**
 * Writes a stream to the socket, no faster than the socket takes it. Whoever leaves frees the stream; a stream that
 * fails cuts the connection, so that a short body never looks whole.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import { isNodeStream, type Stream } from '../../body.ts'
import { wrongChunk } from '../../own/streams.ts'
import { isClosed, whenClosed } from '../closed.ts'
import { isWhole } from '../http2.ts'
import { Announced } from './announced.ts'
import { onRoom } from './drain.ts'
import type { Exit } from './exit.ts'
import { Opening } from './opening.ts'

export function sendStream(stream: Stream, exit: Exit): void {
  if (isNodeStream(stream)) sendNode(stream, exit)
  else void sendWeb(stream, exit)
}

function sendNode(stream: Readable, exit: Exit): void {
  const { res, wire } = exit
  if (isClosed(res)) return void stream.destroy()
  const opening = new Opening(exit)
  const announced = new Announced(exit.length ?? null)
  stream.on('data', (chunk: any) => {
    // Here nobody would catch what `write` throws.
    const wrong = wrongChunk(chunk) ?? announced.excess(chunk)
    if (wrong !== undefined) stream.destroy(wrong)
    else if (opening.open() && !wire.write.call(res, chunk)) stream.pause()
  })
  stream.on('end', () => {
    const wrong = announced.shortage()
    if (wrong !== undefined) opening.fail(wrong)
    else if (opening.open()) wire.end.call(res)
  })
  stream.on('error', (error) => opening.fail(error))
  stream.on('close', () => {
    if (!stream.readableEnded) opening.fail(new Error('The body ended before its time'))
  })
  onRoom(res, () => void stream.resume())
  whenClosed(res, () => void stream.destroy())
}

async function sendWeb(stream: ReadableStream<Uint8Array>, exit: Exit): Promise<void> {
  const { res, wire } = exit
  const reader = stream.getReader()
  const left = (): void => {
    if (!isWhole(res)) void reader.cancel(new DOMException('The client has left', 'AbortError')).catch(() => {})
  }
  if (isClosed(res)) return left()
  whenClosed(res, left)
  const opening = new Opening(exit)
  const announced = new Announced(exit.length ?? null)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      const wrong = done ? announced.shortage() : (wrongChunk(value) ?? announced.excess(value))
      if (wrong !== undefined) throw wrong
      if (!opening.open() || res.destroyed) return
      if (done) break
      if (!wire.write.call(res, value)) await drained(res)
    }
    wire.end.call(res)
  } catch (error) {
    opening.fail(error)
    // One that could go on is told that nobody reads it.
    void reader.cancel(error).catch(() => {})
  }
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
