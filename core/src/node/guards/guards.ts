/**
 * The safe mode: a response is held with none of Node's internals touched. Where they are missing or behave otherwise
 * (see self-test.ts) the guards take their place, by the same names, so that a hold need not know.
 *
 *     hold ─▶ Internals ─▶ Node's own fields        as a rule
 *                       └▶ Guards ─▶ public API     in the safe mode, and in HTTP/2
 *
 * They stand on the `res` object: while the head is held, `headersSent` is true and late fields are refused. All is
 * made of what Node documents, which costs some microseconds for each request.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import { HELD, onceEnded, type Internals } from '../internals.ts'
import { makeDecoy } from './decoy.ts'
import { shadow } from './shadow.ts'

export class Guards implements Internals {
  readonly res: ServerResponse
  /** The head is held: to the app it is sent. */
  locked = false
  /** The app has ended its answer, which is held. */
  finished = false
  /** Nobody asks. */
  outputSize = 0
  /** The app has destroyed its answer, which is held. */
  destroyed = false
  /** The length of a body that is known before its head is said. Node finds it by itself where `end` says both. */
  _contentLength: number | null = null
  _hasBody: boolean
  /** A wrapper has taken away a field of the framing: Node would send no other in its place. */
  unframed = false
  /** The status that was said for a held answer: the app may set another one later. */
  said: number | undefined = undefined
  // Node does not tell what was removed, nor forgets it; see `unframed`.
  _removedContLen = false
  _removedTE = false
  _removedConnection = false
  private held = false
  private readonly isSent: () => unknown

  constructor(res: ServerResponse) {
    this.res = res
    this._hasBody = res.req.method !== 'HEAD'
    this.isSent = shadow(res, 'headersSent', () => this.locked)
    for (const name of ['finished', 'writableEnded']) shadow(res, name, () => this.finished)
    if ('destroyed' in res) shadow(res, 'destroyed', () => this.destroyed)
    for (const name of setters) this.guardSetter(name)
    for (const name of interims) this.guardInterim(name)
    // express-session asks Node's `_header`, which tells nothing now, and says the head once more.
    const { _implicitHeader: say } = optional(res)
    if (say !== undefined) optional(res)._implicitHeader = () => (this.locked ? undefined : say.call(res))
  }

  get _header(): string | null {
    return this.locked ? HELD : null
  }

  set _header(value: string | null) {
    this.locked = value === HELD
    this.held ||= this.locked
  }

  get sendDate(): boolean {
    return this.res.sendDate
  }

  set sendDate(value: boolean) {
    this.res.sendDate = value
  }

  get statusMessage(): string | undefined {
    return this.res.statusMessage
  }

  set statusMessage(value: string | undefined) {
    Reflect.set(this.res, 'statusMessage', value)
  }

  getRawHeaderNames(): string[] {
    return optional(this.res).getRawHeaderNames?.() ?? this.res.getHeaderNames()
  }

  _implicitHeader(): void {
    this.res.writeHead(this.res.statusCode)
  }

  /** The status of the head that has really left; `null` while there is none. */
  get sentStatus(): number | null {
    return this.isSent() === true ? (this.said ?? this.res.statusCode) : null
  }

  /** Whether fields are there; a store without any cannot be told from none. */
  get hasStore(): boolean {
    return this.res.getHeaderNames().length > 0
  }

  /** Does what Node does with a call that comes too late, or that it does not take at all. */
  asBare(method: Late, given: unknown[], { head, ended }: { head: boolean; ended: boolean }): unknown {
    const { res } = this
    if (method === 'end' && ended && given[0] === undefined) {
      const done = given.at(-1)
      if (typeof done === 'function') this.endAgain((error) => void done(error))
      return res
    }
    const decoy = makeDecoy(res, { head, ended, bodiless: !this._hasBody })
    const result: unknown = Reflect.apply(decoy[method], decoy, given)
    if (method === 'writeHead') throw this.lateError()
    return method === 'end' ? res : result
  }

  /** Whether all of equal names in an array of fields stay; `undefined` as this Node has it over HTTP/1. */
  get keepsRepeated(): true | undefined {
    return undefined
  }

  /** Throws for fields that this version of HTTP does not send at all. */
  checkHead(): void {}

  /** Does what Node does with an interim head behind a held one: newer ones refuse it. */
  protected sayInterim(name: Interim, say: Function, given: unknown[]): unknown {
    const decoy = makeDecoy(this.res, { head: true })
    Reflect.apply(Object(decoy)[name], decoy, given)
    return Reflect.apply(say, this.res, given)
  }

  /** Calls back when the answer is finished, as the callback of `end`. */
  onceEnded(done: () => void): void {
    onceEnded(this.res, done)
  }

  /** An `end` without a chunk after another one only waits for it. */
  private endAgain(done: (error?: Error) => void): void {
    if (!this.res.writableFinished) return void this.res.on('finish', () => done())
    const error = new Error('Cannot call end after a stream was finished')
    done(Object.assign(error, { code: 'ERR_STREAM_ALREADY_FINISHED' }))
  }

  /** Throws what Node says to a field that comes too late. */
  protected refuseField(method: Setter, given: unknown[]): never {
    const decoy = makeDecoy(this.res, { head: true })
    Reflect.apply(decoy[method], decoy, given)
    throw this.lateError()
  }

  /** What is thrown where this Node lets pass what must not pass. */
  protected lateError(): Error {
    const error = new Error('Cannot set headers after they are sent to the client')
    return Object.assign(error, { code: 'ERR_HTTP_HEADERS_SENT' })
  }

  private guardInterim(name: Interim): void {
    const { res } = this
    const say: unknown = Object(res)[name]
    if (typeof say !== 'function') return
    Reflect.set(res, name, (...given: unknown[]): unknown =>
      this.locked ? this.sayInterim(name, say, given) : Reflect.apply(say, res, given),
    )
  }

  private guardSetter(name: Setter): void {
    const { res } = this
    const set: unknown = Reflect.get(res, name)
    if (typeof set !== 'function') return
    const guarded = (...given: unknown[]): unknown => {
      if (this.locked) this.refuseField(name, given)
      if (this.held && name === 'removeHeader' && framing.has(String(given[0]).toLowerCase())) this.unframed = true
      return Reflect.apply(set, res, given)
    }
    Reflect.set(res, name, guarded)
  }
}

type Interim = 'writeContinue' | 'writeEarlyHints' | 'writeProcessing' | 'writeInformation'
type Late = 'writeHead' | 'write' | 'end'
type Setter = 'setHeader' | 'appendHeader' | 'removeHeader' | 'setHeaders'

const interims: readonly Interim[] = ['writeContinue', 'writeEarlyHints', 'writeProcessing', 'writeInformation']
const setters: readonly Setter[] = ['setHeader', 'appendHeader', 'removeHeader', 'setHeaders']
const framing: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding'])

/** What some responses have and others have not. */
interface Optional {
  getRawHeaderNames?(): string[]
  _implicitHeader?(): void
}

function optional(res: ServerResponse & Optional): Optional {
  return res
}
