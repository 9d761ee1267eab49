/**
 * A held head is said: with the app's own words, where no wrapper has changed them.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import { mayHaveBody } from '../../own/response.ts'
import { withMethod } from '../guards/end.ts'
import { byteLength, type Chunk, type Encoding } from './chunk.ts'
import { setHold } from './held.ts'
import type { Hold } from './hold.ts'

/** The hold is of no more use: an onion around this one is asked from now on. */
export function letGo(hold: Hold): void {
  setHold(hold.res, hold.outer)
}

/** @returns whether the app has destroyed it: that came after its writes, and so does the cut */
export function begin(hold: Hold): boolean {
  const { res, closing } = hold
  hold.unlock()
  if (closing !== undefined) {
    if (hold.ended) res.once('finish', closing)
    // Node uncorks on the next tick, so what is said now is out by then.
    else setImmediate(closing)
  }
  // Another status may go out than the app has said.
  hold.inner._hasBody = res.req.method !== 'HEAD'
  const destroyed = res.destroyed && res.socket?.destroyed === false
  if (destroyed) hold.inner.destroyed = false
  return destroyed
}

export function sayHead(hold: Hold): void {
  const { res, wire, status, reason, fields, guards } = hold
  if (guards !== undefined) guards.said = status
  if (guards?.unframed && mayHaveBody(status) && res.req.method !== 'HEAD') sayChunked(res)
  if (reason === undefined) wire.writeHead.call(res, status, fields)
  else wire.writeHead.call(res, status, reason, fields)
  hold.fields = undefined
  // Not before: a head that Node refuses leaves the hold to the answer that is made of the error.
  letGo(hold)
}

/** The head and a whole body. Guards let `end` say the head: so Node finds the length of the body by itself. */
export function endWithHead(hold: Hold, chunk: Chunk | undefined, encoding: Encoding): void {
  const { res, wire, guards } = hold
  if (guards === undefined) {
    sayHead(hold)
    wire.end.call(res, chunk, encoding)
    return
  }
  if (guards.unframed) announce(res, chunk === undefined ? 0 : byteLength(chunk, encoding))
  withMethod(
    res,
    'writeHead',
    () => (sayHead(hold), res),
    () => void wire.end.call(res, chunk, encoding),
  )
}

/** A wrapper has taken away how the body is framed, and Node would end it with the connection. */
function sayChunked(res: ServerResponse): void {
  if (isFramed(res) || !res.useChunkedEncodingByDefault) return
  res.setHeader('Transfer-Encoding', 'chunked')
}

/** A wrapper has taken the length away, and Node would find no other. */
function announce(res: ServerResponse, length: number): void {
  if (!isFramed(res)) res.setHeader('Content-Length', length)
}

function isFramed(res: ServerResponse): boolean {
  return res.hasHeader('content-length') || res.hasHeader('transfer-encoding')
}
