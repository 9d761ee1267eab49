/**
 * An answer that nobody has changed leaves as the app made it: its own calls, in order.
 *
 * @module
 */
import { isHttp2 } from '../http2.ts'
import type { HeldWrite } from './chunk.ts'
import { cutNow } from './cut.ts'
import { begin, endWithHead, sayHead } from './head.ts'
import type { Hold } from './hold.ts'
import { comesApart } from './tick.ts'

/** The app's own calls, in order, and from here on straight through. */
export function replay(hold: Hold): void {
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
  if (hold.cut !== undefined) cutLater(hold)
  else if (!hold.ended && hold.full && ready) process.nextTick(() => res.emit('drain'))
  if (destroyed) destroyAgain(hold)
}

/** Written bytes leave on the next tick, and from Node 26 on not if the response is destroyed by then. */
function destroyAgain({ inner, ended }: Hold): void {
  if (ended) inner.destroyed = true
  else process.nextTick(() => void (inner.destroyed = true))
}

/** Over HTTP/1 a whole answer is cut when it has left; see cut.ts. */
function cutLater(hold: Hold): void {
  if (isHttp2(hold.res.req)) cutNow(hold)
  // Node uncorks on the next tick, so the cut comes after that.
  else if (!hold.ended) setImmediate(cutNow, hold)
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
