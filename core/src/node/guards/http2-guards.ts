/**
 * The guards of a response of HTTP/2. Node's compatibility API has none of the internals of HTTP/1, no reason phrase,
 * and answers a late call in words of its own.
 *
 * @module
 */
import { PassThrough } from 'node:stream'
import { isOfConnection, streamOf } from '../http2.ts'
import { Guards } from './guards.ts'

export class Http2Guards extends Guards {
  /** There is none (RFC 9113, section 8.3.1). */
  override get statusMessage(): undefined {
    return undefined
  }

  override set statusMessage(_: string | undefined) {}

  override get _header(): string | null {
    return super._header
  }

  /** What is said on a stream that is destroyed already is said to nobody, and no head. */
  override set _header(value: string | null) {
    super._header = streamOf(this.res)?.destroyed === true ? null : value
  }

  override get keepsRepeated(): true {
    return true
  }

  override get hasStore(): boolean {
    return true
  }

  override asBare(method: 'writeHead' | 'write' | 'end', given: unknown[], state: { ended: boolean }): unknown {
    const { res } = this
    if (method === 'writeHead') throw this.lateError()
    const done = given.at(-1)
    if (method === 'end' && state.ended) {
      if (typeof done === 'function') process.nextTick(done)
      return res
    }
    if (method === 'write' && !state.ended && !this._hasBody) return true
    // A stream of Node's says what is wrong with a chunk, and with a write after the end.
    const decoy = new PassThrough().on('error', () => {})
    if (state.ended) decoy.end()
    const result: unknown = Reflect.apply(decoy.write, decoy, given)
    if (state.ended) res.destroy(decoy.errored ?? undefined)
    return method === 'end' ? res : result
  }

  override onceEnded(done: () => void): void {
    const stream = streamOf(this.res)
    if (stream === undefined || stream.writableEnded) this.res.once('finish', done)
    else stream.once('finish', done)
  }

  protected override refuseField(): never {
    throw this.lateError()
  }

  protected override lateError(): Error {
    return Object.assign(new Error('Response has already been initiated.'), { code: 'ERR_HTTP2_HEADERS_SENT' })
  }

  override checkHead(): void {
    const name = this.res.getHeaderNames().find((each) => isOfConnection(each))
    if (name === undefined) return
    const error = new TypeError(`HTTP/1 Connection specific headers are forbidden: "${name}"`)
    throw Object.assign(error, { code: 'ERR_HTTP2_INVALID_CONNECTION_HEADERS' })
  }

  /** What comes before the head is refused, silently, behind a held one. */
  protected override sayInterim(): false {
    return false
  }
}
