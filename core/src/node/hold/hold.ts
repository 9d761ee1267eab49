/**
 * Holding a Node app's answer: the app runs with its real `res`, and nothing is sent before the onion has settled.
 *
 *     app ─▶ writeHead, write, end, flushHeaders ─▶ Hold ─▶ (the wrappers look) ─▶ socket, or a Sink
 *
 * Only these four methods are taken over (and `destroy`, see cut.ts), on the `res` object itself, since Express
 * changes its prototype. What the app puts on top of them sits above ours, as it should: we are next to the wire.
 * While the head is held, Node takes it for sent, and itself refuses late headers, a second head, a double send.
 *
 * @module
 */
import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { BodyFilter } from '../../own/shapes.ts'
import { wholeEnd } from '../guards/end.ts'
import type { Guards } from '../guards/guards.ts'
import { guardsFor } from '../inside.ts'
import { HELD, internals, onceEnded, storeIsMade, type Internals } from '../internals.ts'
import { byteLength, callbackOf, encodingOf, isChunk } from './chunk.ts'
import type { Callback, Chunk, Encoding, HeldWrite } from './chunk.ts'
import { guardSocket, refuseWrite } from './cut.ts'
import { isPaired, mergeInto, validated } from './fields.ts'
import type { Methods } from './install.ts'
import type { Sink } from './sink.ts'
import { checkLength } from './strict.ts'
import { tickOf } from './tick.ts'

/** Bytes that are kept before the app is told to wait for `drain`. */
const HIGH_WATER_MARK = 65_536

export class Hold {
  readonly res: ServerResponse
  /** The methods as they were before this hold took them over. */
  readonly wire: Methods
  /** The hold of the onion around this one, where an onion stands inside an app inside an onion. */
  readonly outer: Hold | undefined
  /** What holds the response in the place of Node's own fields, where those cannot; see guards/. */
  readonly guards: Guards | undefined
  /** Node's own fields, or the guards. */
  readonly inner: Internals
  /** The app has said its head. */
  head = false
  status = 200
  reason: string | undefined = undefined
  /** The fields of `writeHead`, if there is no header store that took them: as given, or the list of `headers`. */
  fields: object | undefined = undefined
  writes: HeldWrite[] | undefined = undefined
  size = 0
  /** The app has said `end`, with this. */
  ended = false
  last: Chunk | undefined = undefined
  lastEncoding: Encoding = undefined
  flushed = false
  /** Something is held that bare would have left by now: the end, a flush, or a write of an earlier turn. */
  said = false
  /** The app was told to wait for `drain`. */
  full = false
  /** Goes on with each tick in which the app has written; see tick.ts. */
  tick = 0
  ticking = false
  /** That in which it has ended. */
  endTick = 0
  /** The app wants its connection cut, with this error, once what it said is out. */
  cut: [error?: Error] | undefined = undefined
  /** The app has closed its socket, which is done once what it said is out. */
  closing: (() => void) | undefined = undefined
  filters: (() => BodyFilter)[] | undefined = undefined
  /** Every call passes straight through: the answer goes out as the app makes it. */
  passing = false
  /** Something of it is left to send, as Node sees it. */
  private queued = false
  /** Where the writes go now, if the answer goes out in another way. */
  sink: Sink | undefined = undefined
  /** Told once, when the head is known. */
  onHead: (() => void) | undefined = undefined
  /** Told once, when the app fails before. */
  onFail: ((error: unknown) => void) | undefined = undefined
  /** What the app failed with while it was being called. */
  failed: [error: unknown] | undefined = undefined

  constructor(res: ServerResponse, outer: Hold | undefined) {
    this.res = res
    this.outer = outer
    const { writeHead, write, end, flushHeaders, destroy }: Methods = res
    const guards = guardsFor(res)
    this.guards = guards
    this.inner = guards ?? internals(res)
    this.wire = { writeHead, write, end: guards === undefined ? end : wholeEnd(end, write), flushHeaders, destroy }
  }

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

  /** Makes Node take it for unsent, so that it can be changed or sent. */
  unlock(): void {
    this.inner._header = null
    this.inner.finished = false
    if (this.queued) this.inner.outputSize--
    this.queued = false
  }

  /** To Node it is ended, and finished as well where a socket would have taken it at once: not over TLS, nor in line. */
  private markEnded(): void {
    const { inner, res } = this
    inner.finished = true
    if (this.queued || takesAtOnce(res.socket)) return
    this.queued = true
    inner.outputSize++
  }

  /** Whether the app takes the head for sent, though it is held. */
  get isLocked(): boolean {
    return this.inner._header === HELD
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
      return Reflect.apply(this.root().wire[method], this.res, given)
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

  private root(): Hold {
    return this.outer === undefined ? this : this.outer.root()
  }
}

function takesAtOnce(socket: Socket | null): boolean {
  return socket !== null && (!('encrypted' in socket) || socket.destroyed)
}

// What a reason phrase must not have (RFC 9112, section 4).
const unfit = /[^\t\x20-\x7e\x80-\xff]/
