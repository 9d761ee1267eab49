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
import { onceEnded } from '../internals.ts'
import { makeDecoy } from './decoy.ts'
import { HeldState } from './held-state.ts'

export class Guards extends HeldState {
  constructor(res: ServerResponse) {
    super(res)
    for (const name of setters) this.guardSetter(name)
    for (const name of interims) this.guardInterim(name)
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
