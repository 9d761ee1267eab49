/**
 * The light Response: the body as it was given, the fields in one flat list, no native object unless someone reads it.
 *
 * On Node a native Response must be read back through a web stream; this one is a third of the cost.
 *
 * @module
 */
import { filtered } from './body.ts'
import { FieldList, hasField, toFieldList } from './own/field-list.ts'
import { checkField, isReasonPhrase } from './own/headers.ts'
import { mayHaveBody, ResponseShell } from './own/response.ts'
import type { Body, BodyFilter, WholeBody } from './own/shapes.ts'
import { discard, isNodeStream, takeBody, toWebStream } from './own/streams.ts'
import { PreparedHeaders } from './prepare.ts'

/** What {@link respond} takes beside the body. */
export interface RespondInit {
  /** @default 200 */
  readonly status?: number
  /** The reason phrase of HTTP/1.1; the standard one, if left out. */
  readonly statusText?: string
  readonly headers?: Readonly<Record<string, string>> | Iterable<readonly [string, string]>
}

/**
 * Makes a Response as `new Response(body, init)` does, only lighter.
 *
 * It takes a Node `Readable` as well, which on Node is sent with no web stream between. A string without
 * a `content-type` is `text/plain;charset=UTF-8`, as in Fetch. `Content-Length` is set by the host.
 * Fields that were made by `prepareHeaders()` are copied, not checked again.
 *
 * @throws RangeError for a status outside 200 to 599; TypeError for a field or a reason phrase that HTTP does not
 *   allow, for a body with a status that has none (204, 205, 304), and for what is no body
 * @example
 * return respond('not here', { status: 404 })
 */
export function respond(body: Body = null, init?: RespondInit): Response {
  if (typeof init === 'number') throw new TypeError(`init must be an object, write { status: ${String(init)} }`)
  const status = init?.status ?? 200
  const statusText = init?.statusText ?? ''
  checkStatus(status, statusText)
  if (body !== null && !mayHaveBody(status)) throw new TypeError(`A response of status ${status} has no body`)
  const headers = init?.headers
  if (headers instanceof PreparedHeaders && typeof body !== 'string') {
    return new LightResponse(body, status, headers, statusText)
  }
  const list = headers === undefined ? [] : checkedList(headers)
  if (typeof body === 'string' && !hasField(list, 'content-type')) list.push('content-type', 'text/plain;charset=UTF-8')
  return new LightResponse(body, status, list, statusText)
}

/** Throws for a status line that a response cannot have. */
export function checkStatus(status: number, statusText: string): void {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    const hint = status === 101 ? ' (a 101 is made by upgrade() only)' : ''
    throw new RangeError(`status must be a whole number from 200 to 599, got ${JSON.stringify(status)}${hint}`)
  }
  if (statusText !== '' && !isReasonPhrase(statusText)) {
    throw new TypeError('statusText must have no control or wide characters (RFC 9112, 4)')
  }
}

/** See {@link respond}. Its fields are for the hosts. */
export class LightResponse extends ResponseShell {
  /** The body before its filters. */
  source: Body
  /** The fields, while nobody has asked to see them: then they are what was prepared, for sure. */
  prepared: PreparedHeaders | undefined
  filters: (() => BodyFilter)[] | undefined = undefined
  // Defined as fields, not assigned: the prototype's getters of the native class would refuse an assignment.
  override status: number
  override statusText: string
  private own: string[] | undefined
  private view: FieldList | undefined = undefined

  constructor(body: Body, status: number, fields: string[] | PreparedHeaders, statusText: string) {
    super()
    this.source = takeBody(body)
    const isPrepared = fields instanceof PreparedHeaders
    this.prepared = isPrepared ? fields : undefined
    this.own = isPrepared ? undefined : fields
    this.status = status
    this.statusText = statusText
  }

  /** Flat list of fields; its `FieldList` is made when asked for. */
  get list(): string[] {
    if (this.own === undefined) {
      this.own = this.prepared?.list.slice() ?? []
      this.prepared = undefined
    }
    return this.own
  }

  get headers(): FieldList {
    return (this.view ??= new FieldList(this.list))
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.source === null) return null
    if (this.made === undefined) {
      const body = this.filters === undefined ? this.source : filtered(this.source, this.filters)
      this.made = new Response(isNodeStream(body) ? toWebStream(body) : body)
      this.filters = undefined
      // From here on there is one stream; a second reader, or the host, gets the same.
      this.source = this.made.body
    }
    return this.made.body
  }

  /** The body as it is to be sent; asked once, by the host. */
  outgoing(): Body {
    if (this.made !== undefined) return this.made.body
    return this.filters === undefined || this.source === null ? this.source : filtered(this.source, this.filters)
  }

  override get bodyUsed(): boolean {
    return this.made?.bodyUsed ?? (this.source instanceof ReadableStream && this.source.locked)
  }

  get wholeBody(): WholeBody | undefined {
    const { source } = this
    if (this.filters !== undefined) return undefined
    return typeof source === 'string' || source instanceof Uint8Array || source === null ? source : undefined
  }

  replaceBody(body: Body): void {
    if (this.source !== body) discard(this.source)
    this.source = body
    this.filters = undefined
    this.made = undefined
  }

  filterBody(make: () => BodyFilter): void {
    if (this.source === null) return
    this.made = undefined
    if (this.filters === undefined) this.filters = [make]
    else this.filters.push(make)
  }

  editStatus(status: number, statusText: string): void {
    this.status = status
    this.statusText = statusText
  }
}

/** A light response with the content of any other; the body is handed over, not copied. */
export function lighten(response: Response): LightResponse {
  if (response instanceof LightResponse) return response
  return new LightResponse(response.body, response.status, toFieldList(response.headers), response.statusText)
}

/** The fields of an init as a flat list, each of them checked. */
export function checkedList(headers: NonNullable<RespondInit['headers']>): string[] {
  // Checked when they were made.
  if (headers instanceof FieldList || headers instanceof PreparedHeaders) return headers.list.slice()
  const list: string[] = []
  if (isIterable(headers)) for (const [name, value] of headers) list.push(name, checkField(name, value))
  // Not by Object.entries(), whose pairs cost as much as all the rest.
  else for (const name of Object.keys(headers)) list.push(name, checkField(name, headers[name]))
  return list
}

function isIterable(headers: NonNullable<RespondInit['headers']>): headers is Iterable<readonly [string, string]> {
  return Symbol.iterator in headers
}
