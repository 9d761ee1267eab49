/**
 * How a held answer leaves: as the app made it, through filters, with another body, or not at all.
 *
 * @module
 */
import { checkUnread } from '../../own/streams.ts'
import { emptyStore, headIsOut, internals } from '../internals.ts'
import type { HeldResponse } from './held-response.ts'
import { setHold } from './held.ts'
import { byteLength, type Hold, type HeldWrite } from './hold.ts'
import { sendStream } from '../send/send-body.ts'
import { dropWrites, filterWrites } from './sinks.ts'

/** Sends a held response, whatever the wrappers have made of it. */
export function release(response: HeldResponse): void {
  const { hold, instead } = response
  if (hold.failed !== undefined) throw hold.failed[0]
  if (instead === undefined && hold.filters === undefined) return replay(hold)
  const body = instead ?? null
  checkUnread(body)
  const { res, wire, filters } = hold
  const stream = instead === undefined && filters !== undefined ? filterWrites(hold, filters) : undefined
  begin(hold)
  if (stream !== undefined) internals(res)._contentLength = null
  else if (typeof body === 'string' || body instanceof Uint8Array) {
    internals(res)._contentLength = byteLength(body, undefined)
  } else internals(res)._contentLength = body === null ? 0 : null
  sayHead(hold)
  if (stream !== undefined) return sendStream(res, stream, wire)
  if (!response.hasBody || body === null || typeof body === 'string' || body instanceof Uint8Array) {
    wire.end.call(res, response.hasBody ? (body ?? undefined) : undefined)
  } else sendStream(res, body, wire)
}

/** Forgets what the app said, so that another response can take its place; what it still says is swallowed. */
export function drop(hold: Hold): void {
  const { res } = hold
  if (hold.sink === undefined) dropWrites(hold)
  begin(hold)
  hold.fields = undefined
  emptyStore(res)
  const inner = internals(res)
  inner.sendDate = true
  inner._contentLength = null
  inner.statusMessage = undefined
}

/** An app that has said nothing yet finds a response that takes whatever it says and sends none of it. */
export function mute(hold: Hold): void {
  const { res } = hold
  if (hold.head) return
  res.setHeader = res.appendHeader = () => res
  res.removeHeader = () => {}
}

/** Whether a failure can still be answered: nothing of the answer has left. */
export function isUnsent(hold: Hold): boolean {
  return !hold.passing && !headIsOut(hold.res)
}

/** The app's own calls, in order, and from here on straight through. */
function replay(hold: Hold): void {
  const { res, wire } = hold
  const destroyed = begin(hold)
  const { statusCode } = res
  sayHead(hold)
  // An app that set another status after its head reads it back, as bare, though it did not go out.
  res.statusCode = statusCode
  hold.passing = true
  if (hold.flushed) wire.flushHeaders.call(res)
  const ready = hold.writes === undefined || rewrite(hold, hold.writes)
  hold.writes = undefined
  if (hold.ended) wire.end.call(res, hold.last, hold.lastEncoding)
  // Node uncorks on the next tick, so the cut comes after that.
  else if (hold.cut !== undefined) setImmediate(() => res.socket?.destroy(...(hold.cut ?? [])))
  else if (hold.full && ready) process.nextTick(() => res.emit('drain'))
  if (destroyed) internals(res).destroyed = true
}

function rewrite(hold: Hold, writes: readonly HeldWrite[]): boolean {
  const { res, wire } = hold
  let ready = true
  for (let i = 0; i < writes.length; i++) {
    const { chunk, encoding, callback, corked } = writes[i]!
    const first = corked && writes[i - 1]?.corked !== true
    const last = corked && writes[i + 1]?.corked !== true
    if (first) res.cork()
    ready = wire.write.call(res, chunk, encoding, callback)
    if (last) res.uncork()
  }
  return ready
}

/** The hold is of no more use: an onion around this one is asked from now on. */
export function letGo(hold: Hold): void {
  setHold(hold.res, hold.outer)
}

/** @returns whether the app has destroyed it: that came after its writes, and so does the cut */
function begin(hold: Hold): boolean {
  const { res, closing } = hold
  hold.unlock()
  // Node uncorks on the next tick, so what is said now is out by then.
  if (closing !== undefined) setImmediate(closing)
  // Another status may go out than the app has said.
  internals(res)._hasBody = res.req.method !== 'HEAD'
  const destroyed = res.destroyed && res.socket?.destroyed === false
  if (destroyed) internals(res).destroyed = false
  return destroyed
}

function sayHead(hold: Hold): void {
  const { res, wire, status, reason, fields } = hold
  if (reason === undefined) wire.writeHead.call(res, status, fields)
  else wire.writeHead.call(res, status, reason, fields)
  hold.fields = undefined
  // Not before: a head that Node refuses leaves the hold to the answer that is made of the error.
  letGo(hold)
}
