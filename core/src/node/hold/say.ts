/**
 * What an app says while its answer is held: the four methods that are taken over, as Node has them. What is wrong with
 * their arguments throws Node's own errors, in the app's own stack.
 *
 * @module
 */
import { STATUS_CODES, type ServerResponse } from 'node:http'
import { onceEnded as onFinished, storeIsMade } from '../internals.ts'
import { byteLength, callbackOf, encodingOf, isChunk } from './chunk.ts'
import type { Callback, Chunk, Encoding } from './chunk.ts'
import { refuseWrite } from './cut.ts'
import { isPaired, mergeInto, validated } from './fields.ts'
import type { Hold } from './hold.ts'
import { checkLength } from './strict.ts'
import { tickOf } from './tick.ts'

/** Bytes that are kept before the app is told to wait for `drain`. */
const HIGH_WATER_MARK = 65_536

export function writeHead(hold: Hold, status: unknown, reason: unknown, fields: unknown): ServerResponse {
  const { res, inner } = hold
  const code = Math.trunc(Number(status))
  const given = typeof reason === 'string' ? fields : (fields ?? reason)
  if (hold.head || !(code >= 100 && code <= 999)) return hold.asBare('writeHead', status, reason, fields)
  // In Node's own order: what a wrong head has set by then, stays.
  if (typeof reason === 'string') inner.statusMessage = reason
  else inner.statusMessage ||= STATUS_CODES[code] ?? 'unknown'
  res.statusCode = code
  if (unfit.test(inner.statusMessage ?? '')) return hold.asBare('writeHead', status, reason, fields)
  if (typeof given === 'object' && given !== null) {
    if (!isPaired(given)) return hold.asBare('writeHead', status, reason, fields)
    if (hasStore(hold)) mergeInto(res, given, hold.guards?.keepsRepeated)
    else hold.fields = validated(given)
  }
  // As Node has it: a body that is written all the same is swallowed, or refused if the server is made so.
  hold.guards?.checkHead()
  if (code < 200 || code === 204 || code === 304) inner._hasBody = false
  hold.status = code
  hold.reason = inner.statusMessage
  hold.head = true
  if (hold.sink === undefined) hold.lock()
  hold.onHead?.()
  return res
}

export function write(hold: Hold, chunk: unknown, encoding: unknown, callback: unknown): boolean {
  const done = callbackOf(encoding, callback)
  const coding = encodingOf(encoding)
  if (hold.ended || !isChunk(chunk)) return hold.asBare('write', chunk, coding, done)
  if (hold.cut !== undefined) return refuseWrite(done)
  if (!hold.head) hold.inner._implicitHeader()
  if (hold.sink !== undefined) return hold.sink.write(chunk, coding, done)
  if (!hold.inner._hasBody) return hold.asBare('write', chunk, coding, done)
  if (hold.res.strictContentLength) checkLength(hold, byteLength(chunk, coding), false)
  return keep(hold, chunk, coding, done)
}

export function end(hold: Hold, chunk: unknown, encoding: unknown, callback: unknown): ServerResponse {
  const { res, inner } = hold
  const given = typeof chunk === 'function' ? undefined : chunk
  const done = typeof chunk === 'function' ? callbackOf(chunk, undefined) : callbackOf(encoding, callback)
  const coding = encodingOf(encoding)
  if (hold.ended || (given && !isChunk(given))) return hold.asBare('end', given, coding, done)
  if (hold.cut !== undefined) return res
  const last = isChunk(given) && given.length > 0 ? given : undefined
  if (!hold.head) {
    if (hold.sink === undefined) inner._contentLength = last === undefined ? 0 : byteLength(last, coding)
    inner._implicitHeader()
  }
  if (hold.sink === undefined) checkEnd(hold, last, coding)
  if (done !== undefined) onceEnded(hold, done)
  hold.ended = hold.said = true
  hold.endTick = hold.tick
  if (hold.sink === undefined) {
    hold.last = last
    hold.lastEncoding = coding
    hold.markEnded()
  } else hold.sink.end(last, coding)
  return res
}

export function flushHeaders(hold: Hold): void {
  if (!hold.head) hold.inner._implicitHeader()
  if (hold.sink === undefined) hold.flushed = hold.said = true
  else hold.sink.flush()
}

function keep(hold: Hold, chunk: Chunk, encoding: Encoding, callback: Callback): boolean {
  hold.writes ??= []
  hold.writes.push({ chunk, encoding, callback, corked: hold.res.writableCorked > 0, tick: tickOf(hold) })
  hold.size += byteLength(chunk, encoding)
  hold.full ||= hold.size >= HIGH_WATER_MARK
  return hold.size < HIGH_WATER_MARK
}

/** Throws for what Node does not let end: a body where there may be none, or one of another length than announced. */
function checkEnd(hold: Hold, last: Chunk | undefined, encoding: Encoding): void {
  if (!hold.inner._hasBody) {
    if (last !== undefined) hold.asBare('write', last, encoding)
  } else if (hold.res.strictContentLength) {
    checkLength(hold, last === undefined ? 0 : byteLength(last, encoding), true)
  }
}

/** Without one, `writeHead` sends its fields as they are given. */
function hasStore(hold: Hold): boolean {
  return hold.guards === undefined ? storeIsMade(hold.res) : hold.guards.hasStore
}

function onceEnded(hold: Hold, done: () => void): void {
  if (hold.guards === undefined) onFinished(hold.res, done)
  else hold.guards.onceEnded(done)
}

// What a reason phrase must not have (RFC 9112, section 4).
const unfit = /[^\t\x20-\x7e\x80-\xff]/
