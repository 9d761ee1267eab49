/**
 * How a held answer leaves: as the app made it, through filters, with another body, or not at all.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import { checkUnread, discard } from '../../own/streams.ts'
import { withMethod } from '../guards/end.ts'
import { isHttp2 } from '../http2.ts'
import { headIsOut } from '../inside.ts'
import { forgetStore } from '../internals.ts'
import { sendStream } from '../send/send-body.ts'
import type { HeldResponse } from './held-response.ts'
import { byteLength, type Chunk, type Encoding, type HeldWrite } from './chunk.ts'
import { setHold } from './held.ts'
import type { Hold } from './hold.ts'
import { dropWrites, filterWrites } from './sinks.ts'
import { comesApart } from './tick.ts'

/** Sends a held response, whatever the wrappers have made of it. */
export function release(response: HeldResponse): void {
  const { hold, instead } = response
  if (hold.failed !== undefined) throw hold.failed[0]
  if (instead === undefined && hold.filters === undefined) return replay(hold)
  const body = instead ?? null
  checkUnread(body)
  const { res, wire, filters, inner } = hold
  const filtered = instead === undefined && filters !== undefined ? filterWrites(hold, filters) : undefined
  begin(hold)
  const outgoing = filtered ?? body
  if (outgoing === null || typeof outgoing === 'string' || outgoing instanceof Uint8Array) {
    inner._contentLength = outgoing === null ? 0 : byteLength(outgoing, undefined)
    return endWithHead(hold, response.hasBody ? (outgoing ?? undefined) : undefined, undefined)
  }
  inner._contentLength = null
  sayHead(hold)
  if (response.hasBody) return sendStream(res, outgoing, wire)
  discard(outgoing)
  wire.end.call(res)
}

/** Forgets what the app said, so that another response can take its place; what it still says is swallowed. */
export function drop(hold: Hold): void {
  const { res, inner } = hold
  if (hold.sink === undefined) dropWrites(hold)
  begin(hold)
  hold.fields = undefined
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  if (hold.guards === undefined) forgetStore(res)
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
  // Where the end has said the head, too, Node says both in one.
  const atOnce = hold.guards !== undefined && isWhole(hold)
  if (atOnce) endWithHead(hold, hold.last, hold.lastEncoding)
  else sayHead(hold)
  // An app that set another status after its head reads it back, as bare, though it did not go out.
  res.statusCode = statusCode
  hold.passing = true
  if (hold.flushed && !atOnce) wire.flushHeaders.call(res)
  const ready = hold.writes === undefined || rewrite(hold, hold.writes)
  hold.writes = undefined
  if (hold.ended && !atOnce) wire.end.call(res, hold.last, hold.lastEncoding)
  if (hold.cut !== undefined) cutNow(hold, hold.cut)
  else if (!hold.ended && hold.full && ready) process.nextTick(() => res.emit('drain'))
  if (destroyed) destroyAgain(hold)
}

/** Written bytes leave on the next tick, and from Node 26 on not if the response is destroyed by then. */
function destroyAgain({ inner, ended }: Hold): void {
  if (ended) inner.destroyed = true
  else process.nextTick(() => void (inner.destroyed = true))
}

/** Over HTTP/1 a whole answer is cut when it has left; see cut.ts. */
function cutNow(hold: Hold, cut: [error?: Error]): void {
  const { res, wire } = hold
  if (isHttp2(res.req)) wire.destroy.call(res, ...cut)
  // Node uncorks on the next tick, so the cut comes after that.
  else if (!hold.ended) setImmediate(() => res.socket?.destroy(...cut))
}

/** Tells whether the app has said its head by ending with all of its body, or a wrapper has given such a body. */
function isWhole({ ended, writes, inner }: Hold): boolean {
  return ended && writes === undefined && inner._contentLength !== null
}

function rewrite(hold: Hold, writes: readonly HeldWrite[]): boolean {
  const { res, wire } = hold
  let ready = true
  for (let i = 0; i < writes.length; i++) {
    const { chunk, encoding, callback, corked, tick } = writes[i]!
    if (i > 0 && writes[i - 1]!.tick !== tick) comesApart(hold)
    const first = corked && writes[i - 1]?.corked !== true
    const last = corked && writes[i + 1]?.corked !== true
    if (first) res.cork()
    ready = wire.write.call(res, chunk, encoding, callback)
    if (last) res.uncork()
  }
  if (hold.ended && hold.endTick !== writes.at(-1)?.tick) comesApart(hold)
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
  hold.inner._hasBody = res.req.method !== 'HEAD'
  const destroyed = res.destroyed && res.socket?.destroyed === false
  if (destroyed) hold.inner.destroyed = false
  return destroyed
}

function sayHead(hold: Hold): void {
  const { res, wire, status, reason, fields, guards } = hold
  if (guards !== undefined) guards.said = status
  if (reason === undefined) wire.writeHead.call(res, status, fields)
  else wire.writeHead.call(res, status, reason, fields)
  hold.fields = undefined
  // Not before: a head that Node refuses leaves the hold to the answer that is made of the error.
  letGo(hold)
}

/** The head and a whole body. Guards let `end` say the head: so Node finds the length of the body by itself. */
function endWithHead(hold: Hold, chunk: Chunk | undefined, encoding: Encoding): void {
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

/** A wrapper has taken the length away, and Node would find no other. */
function announce(res: ServerResponse, length: number): void {
  if (!res.hasHeader('content-length') && !res.hasHeader('transfer-encoding')) res.setHeader('Content-Length', length)
}
