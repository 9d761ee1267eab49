/**
 * Holding a Node app's answer: the app runs with its real `res`, and nothing is sent before the onion has settled.
 *
 *     app ─▶ writeHead, write, end, flushHeaders ─▶ Hold ─▶ (the wrappers look) ─▶ socket, or a Sink
 *
 * Only these four methods are taken over (see say.ts; and `destroy`, see cut.ts), on the `res` object itself, since
 * Express changes its prototype. What the app puts on top of them sits above ours, as it should: we are next to the
 * wire. While the head is held, Node takes it for sent, and itself refuses late headers, a second head, a double send.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { BodyFilter } from '../../own/shapes.ts'
import { wholeEnd } from '../guards/end.ts'
import type { Guards } from '../guards/guards.ts'
import { guardsFor } from '../inside.ts'
import { HELD, internals, type Internals } from '../internals.ts'
import type { Chunk, Encoding, HeldWrite } from './chunk.ts'
import { guardSocket } from './cut.ts'
import type { Methods } from './install.ts'
import type { Sink } from './sink.ts'

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
  markEnded(): void {
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

  /** Lets Node's own method answer as it does bare: it throws, or reports through the callback, or swallows. */
  asBare(method: 'writeHead' | 'write' | 'end', ...given: unknown[]): any {
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

  private root(): Hold {
    return this.outer === undefined ? this : this.outer.root()
  }
}

function takesAtOnce(socket: Socket | null): boolean {
  return socket !== null && (!('encrypted' in socket) || socket.destroyed)
}
