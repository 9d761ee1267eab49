/**
 * The Response of a Node app whose answer is held. Give it out as it is, and the app's own calls are replayed.
 *
 * @module
 */
import { STATUS_CODES } from 'node:http'
import { discard, filtered, toWebStream } from '../../body.ts'
import { FieldList } from '../../own/field-list.ts'
import type { OwnHeaders } from '../../own/headers.ts'
import { mayHaveBody, ResponseShell } from '../../own/response.ts'
import type { Body, BodyFilter, WholeBody } from '../../own/shapes.ts'
import { takesList } from '../inside.ts'
import { byteLength } from './chunk.ts'
import { listOf } from './fields.ts'
import { HeldHeaders } from './held-headers.ts'
import type { Hold } from './hold.ts'
import { dropWrites } from './divert.ts'
import { streamWrites } from './stream-sink.ts'

export class HeldResponse extends ResponseShell {
  readonly hold: Hold
  /** What goes out in place of the app's own calls: its body read as a stream, or another body. */
  instead: Body | undefined = undefined
  #headers: OwnHeaders | undefined = undefined

  constructor(hold: Hold) {
    super()
    this.hold = hold
  }

  get status(): number {
    return this.hold.status
  }

  get statusText(): string {
    return this.hold.reason || STATUS_CODES[this.hold.status] || ''
  }

  /** A view over the header store; over the fields of `writeHead` alone, where the app has made no store. */
  get headers(): OwnHeaders {
    if (this.#headers !== undefined) return this.#headers
    const { hold } = this
    if (hold.fields === undefined) return (this.#headers = new HeldHeaders(hold))
    const list = listOf(hold.fields)
    if (takesList(hold.wire, hold.outer?.taken)) {
      hold.fields = list
      return (this.#headers = new FieldList(list))
    }
    hold.fields = undefined
    this.#headers = new HeldHeaders(hold)
    for (let i = 0; i < list.length; i += 2) this.#headers.append(list[i]!, list[i + 1]!)
    return this.#headers
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.made !== undefined) return this.made.body
    if (!this.hasBody || this.instead === null) return null
    const { filters } = this.hold
    this.hold.filters = undefined
    const source = this.instead ?? streamWrites(this.hold)
    const stream = toWebStream(filters === undefined ? source : filtered(source, filters))
    this.instead = stream
    return stream
  }

  get wholeBody(): WholeBody | undefined {
    const { hold } = this
    if (this.instead !== undefined || hold.filters !== undefined) {
      return this.instead === null || isWhole(this.instead) ? this.instead : undefined
    }
    if (!hold.ended || hold.sink !== undefined) return undefined
    if (hold.writes !== undefined) return joined(hold)
    if (hold.last === undefined) return null
    return isUtf8(hold.lastEncoding) ? hold.last : bytesOf(hold.last, hold.lastEncoding)
  }

  replaceBody(body: Body): void {
    const { hold } = this
    if (this.instead !== body) discard(this.instead ?? null)
    hold.filters = undefined
    this.made = undefined
    if (hold.ended && hold.sink === undefined && (body === null || isWhole(body))) {
      for (const { callback } of hold.writes ?? []) if (callback) process.nextTick(callback)
      hold.writes = undefined
      hold.last = body ?? undefined
      hold.lastEncoding = undefined
      hold.inner._contentLength = body === null ? 0 : byteLength(body, undefined)
      return
    }
    if (hold.sink === undefined) dropWrites(hold)
    this.instead = body
  }

  filterBody(make: () => BodyFilter): void {
    if (this.hasBody) (this.hold.filters ??= []).push(make)
  }

  editStatus(status: number, statusText: string): void {
    const { hold } = this
    hold.status = status
    hold.reason = statusText === '' ? undefined : statusText
    hold.res.statusCode = status
    hold.inner.statusMessage = hold.reason
  }

  /** A HEAD, and a 204, 205 or 304, have none, whatever the app writes. */
  get hasBody(): boolean {
    return this.hold.res.req.method !== 'HEAD' && mayHaveBody(this.hold.status)
  }
}

function isWhole(body: Body | undefined): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array
}

function isUtf8(encoding: BufferEncoding | undefined): boolean {
  return encoding === undefined || encoding === 'utf8' || encoding === 'utf-8'
}

function bytesOf(chunk: string | Uint8Array, encoding: BufferEncoding | undefined): Uint8Array {
  return typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk
}

/** The body of an app that has written it in pieces. */
function joined(hold: Hold): Uint8Array {
  const pieces = (hold.writes ?? []).map(({ chunk, encoding }) => bytesOf(chunk, encoding))
  if (hold.last !== undefined) pieces.push(bytesOf(hold.last, hold.lastEncoding))
  return Buffer.concat(pieces)
}
