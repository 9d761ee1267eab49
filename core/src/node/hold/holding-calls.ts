/**
 * Holding a Node app's answer: the app runs with its real `res`, and nothing is sent before the onion has settled.
 *
 * Only four methods are taken over (and `destroy`, see cut.ts), on the `res` object itself, since Express changes its
 * prototype. What the app puts on top of them sits above ours, as it should: we are next to the wire. While the head is
 * held, Node takes it for sent, and itself refuses late headers, a second head, a double send.
 *
 * @module
 */
import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { HELD, onceEnded, storeIsMade } from '../internals.ts'
import { byteLength, callbackOf, encodingOf, isChunk, refuseWrite } from './chunk.ts'
import type { Callback, Chunk, Encoding } from './chunk.ts'
import { guardSocket } from './cut.ts'
import { isPaired, mergeInto, validated } from './fields.ts'
import { Hold } from './hold.ts'
import { checkLength } from './strict.ts'
import { tickOf } from './tick.ts'

/** Bytes that are kept before the app is told to wait for `drain`. */
const HIGH_WATER_MARK = 65_536

/** The methods of a response, as an app inside finds them. */
export class HoldingCalls extends Hold {
  /** What is wrong with the arguments throws Node's own errors, in the app's own stack. */
  writeHead(status: unknown, reason: unknown, fields: unknown): ServerResponse {
    const { res, inner } = this
    const code = Math.trunc(Number(status))
    const given = typeof reason === 'string' ? fields : (fields ?? reason)
    if (this.head || !(code >= 100 && code <= 999)) return this.asBare('writeHead', status, reason, fields)
    // In Node's own order: what a wrong head has set by then, stays.
    if (typeof reason === 'string') inner.statusMessage = reason
    else inner.statusMessage ||= STATUS_CODES[code] ?? 'unknown'
    res.statusCode = code
    if (unfit.test(inner.statusMessage ?? '')) return this.asBare('writeHead', status, reason, fields)
    if (typeof given === 'object' && given !== null) {
      if (!isPaired(given)) return this.asBare('writeHead', status, reason, fields)
      if (this.hasStore()) mergeInto(res, given, this.guards?.keepsRepeated)
      else this.fields = validated(given)
    }
    // As Node has it: a body that is written all the same is swallowed, or refused if the server is made so.
    this.guards?.checkHead()
    if (code < 200 || code === 204 || code === 304) inner._hasBody = false
    this.status = code
    this.reason = inner.statusMessage
    this.head = true
    if (this.sink === undefined) this.lock()
    this.onHead?.()
    return res
  }

  write(chunk: unknown, encoding: unknown, callback: unknown): boolean {
    const done = callbackOf(encoding, callback)
    const coding = encodingOf(encoding)
    if (this.ended || !isChunk(chunk)) return this.asBare('write', chunk, coding, done)
    if (this.cut !== undefined) return refuseWrite(done)
    if (!this.head) this.inner._implicitHeader()
    if (this.sink !== undefined) return this.sink.write(chunk, coding, done)
    if (!this.inner._hasBody) return this.asBare('write', chunk, coding, done)
    if (this.res.strictContentLength) checkLength(this, byteLength(chunk, coding), false)
    return this.keep(chunk, coding, done)
  }

  end(chunk: unknown, encoding: unknown, callback: unknown): ServerResponse {
    const { res, inner } = this
    const given = typeof chunk === 'function' ? undefined : chunk
    const done = typeof chunk === 'function' ? callbackOf(chunk, undefined) : callbackOf(encoding, callback)
    const coding = encodingOf(encoding)
    if (this.ended || (given && !isChunk(given))) return this.asBare('end', given, coding, done)
    if (this.cut !== undefined) return res
    const last = isChunk(given) && given.length > 0 ? given : undefined
    if (!this.head) {
      if (this.sink === undefined) inner._contentLength = last === undefined ? 0 : byteLength(last, coding)
      inner._implicitHeader()
    }
    if (this.sink === undefined) this.checkEnd(last, coding)
    if (done !== undefined) this.onceEnded(done)
    this.ended = this.said = true
    this.endTick = this.tick
    if (this.sink === undefined) {
      this.last = last
      this.lastEncoding = coding
      this.markEnded()
    } else this.sink.end(last, coding)
    return res
  }

  flushHeaders(): void {
    if (!this.head) this.inner._implicitHeader()
    if (this.sink === undefined) this.flushed = this.said = true
    else this.sink.flush()
  }

  /** Makes Node take the held head for sent. */
  lock(): void {
    guardSocket(this.res)
    this.inner._header = HELD
    if (this.ended) this.markEnded()
  }

  /** To Node it is ended, and finished as well where a socket would have taken it at once: not over TLS, nor in line. */
  private markEnded(): void {
    const { inner, res } = this
    inner.finished = true
    if (this.queued || takesAtOnce(res.socket)) return
    this.queued = true
    inner.outputSize++
  }

  private keep(chunk: Chunk, encoding: Encoding, callback: Callback): boolean {
    this.writes ??= []
    this.writes.push({ chunk, encoding, callback, corked: this.res.writableCorked > 0, tick: tickOf(this) })
    this.size += byteLength(chunk, encoding)
    this.full ||= this.size >= HIGH_WATER_MARK
    return this.size < HIGH_WATER_MARK
  }

  /** Throws for what Node does not let end: a body where there may be none, or one of another length than announced. */
  private checkEnd(last: Chunk | undefined, encoding: Encoding): void {
    if (!this.inner._hasBody) {
      if (last !== undefined) this.asBare('write', last, encoding)
    } else if (this.res.strictContentLength) {
      checkLength(this, last === undefined ? 0 : byteLength(last, encoding), true)
    }
  }

  /** Lets Node's own method answer as it does bare: it throws, or reports through the callback, or swallows. */
  private asBare(method: 'writeHead' | 'write' | 'end', ...given: unknown[]): any {
    const { inner, guards } = this
    if (guards !== undefined && (this.head || method !== 'writeHead')) return guards.asBare(method, given, this)
    const { finished } = inner
    // With a sink the real res is still being written, by another hand than the app's.
    inner.finished = this.ended
    try {
      return Reflect.apply(rootOf(this).wire[method], this.res, given)
    } finally {
      inner.finished = finished
    }
  }

  /** Without one, `writeHead` sends its fields as they are given. */
  private hasStore(): boolean {
    return this.guards === undefined ? storeIsMade(this.res) : this.guards.hasStore
  }

  private onceEnded(done: () => void): void {
    if (this.guards === undefined) onceEnded(this.res, done)
    else this.guards.onceEnded(done)
  }
}

function takesAtOnce(socket: Socket | null): boolean {
  return socket !== null && (!('encrypted' in socket) || socket.destroyed)
}

/** The hold next to the wire. */
function rootOf(hold: Hold): Hold {
  return hold.outer === undefined ? hold : rootOf(hold.outer)
}

// What a reason phrase must not have (RFC 9112, section 4).
const unfit = /[^\t\x20-\x7e\x80-\xff]/
