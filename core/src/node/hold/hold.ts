/**
 * What is held of a Node app's answer: all that it said, while nothing of it has been sent.
 *
 *     app ─▶ writeHead, write, end, flushHeaders ─▶ Hold ─▶ (the wrappers look) ─▶ socket, or a Sink
 *
 * The calls that fill it are in holding-calls.ts, and how it leaves in release.ts.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { BodyFilter } from '../../own/shapes.ts'
import { wholeEnd } from '../guards/end.ts'
import type { Guards } from '../guards/guards.ts'
import { guardsFor } from '../inside.ts'
import { HELD, internals, type Internals } from '../internals.ts'
import type { Chunk, Encoding, HeldWrite } from './chunk.ts'
import type { Methods } from './methods.ts'
import type { Sink } from './sink.ts'

export abstract class Hold {
  readonly res: ServerResponse
  /** The methods as they were before this hold took them over. */
  readonly wire: Methods
  /** What stands in the place of its `writeHead`. */
  taken: Methods['writeHead'] | undefined = undefined
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
  protected queued = false
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

  abstract writeHead(status: unknown, reason: unknown, fields: unknown): ServerResponse
  abstract write(chunk: unknown, encoding: unknown, callback: unknown): boolean
  abstract end(chunk: unknown, encoding: unknown, callback: unknown): ServerResponse
  abstract flushHeaders(): void
  /** Makes Node take the held head for sent. */
  abstract lock(): void

  /** Makes Node take it for unsent, so that it can be changed or sent. */
  unlock(): void {
    this.inner._header = null
    this.inner.finished = false
    if (this.queued) this.inner.outputSize--
    this.queued = false
  }

  /** Whether the app takes the head for sent, though it is held. */
  get isLocked(): boolean {
    return this.inner._header === HELD
  }
}
