/**
 * The light Response: the body as it was given, the fields in one flat list, no native object unless someone reads it.
 *
 * On Node a native Response must be read back through a web stream; this one is a third of the cost.
 *
 * @module
 */
import { discard, filtered, toWebStream } from './body.ts'
import { FieldList, hasField, toFieldList } from './own/field-list.ts'
import { checkField } from './own/headers.ts'
import { PreparedHeaders } from './prepare.ts'
import { ResponseShell } from './own/response.ts'
import { type Body, type BodyFilter, type WholeBody } from './own/shapes.ts'

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
 * @throws TypeError for a field that HTTP does not allow; RangeError for a status outside 101 and 200 to 599
 * @example
 * return respond('not here', { status: 404 })
 */
export function respond(body: Body = null, init?: RespondInit): Response {
  const status = init?.status ?? 200
  if (!Number.isInteger(status) || status > 599 || (status < 200 && status !== 101)) {
    throw new RangeError(`status must be 101 or a whole number from 200 to 599, got ${status}`)
  }
  const list = init?.headers === undefined ? [] : checkedList(init.headers)
  if (typeof body === 'string' && !hasField(list, 'content-type')) list.push('content-type', 'text/plain;charset=UTF-8')
  return new LightResponse(body, status, list, init?.statusText ?? '')
}

/** See {@link respond}. Its fields are for the hosts. */
export class LightResponse extends ResponseShell {
  /** The body before its filters. */
  source: Body
  /** Flat list of fields; its `FieldList` is made when asked for. */
  readonly list: string[]
  filters: (() => BodyFilter)[] | undefined = undefined
  // Defined as fields, not assigned: the prototype's getters of the native class would refuse an assignment.
  override status: number
  override statusText: string
  private view: FieldList | undefined = undefined

  constructor(body: Body, status: number, list: string[], statusText: string) {
    super()
    this.source = body
    this.list = list
    this.status = status
    this.statusText = statusText
  }

  get headers(): FieldList {
    return (this.view ??= new FieldList(this.list))
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.source === null) return null
    if (this.made !== undefined) return this.made.body
    // From here on there is one stream; a second reader gets the same.
    const stream = toWebStream(this.filters === undefined ? this.source : filtered(this.source, this.filters))
    this.filters = undefined
    this.source = stream
    return stream
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
    if (this.filters !== undefined || this.made !== undefined) return undefined
    return typeof source === 'string' || source instanceof Uint8Array || source === null ? source : undefined
  }

  replaceBody(body: Body): void {
    if (this.source !== body) discard(this.source)
    this.source = body
    this.filters = undefined
    this.made = undefined
  }

  filterBody(make: () => BodyFilter): void {
    if (this.made !== undefined) this.source = this.made.body
    this.made = undefined
    if (this.source === null) return
    ;(this.filters ??= []).push(make)
    this.headers.delete('content-length')
  }

  editStatus(status: number, statusText: string): void {
    this.status = status
    this.statusText = statusText
    this.made = undefined
  }
}

/** A light response with the content of any other; the body is handed over, not copied. */
export function lighten(response: Response): LightResponse {
  if (response instanceof LightResponse) return response
  return new LightResponse(response.body, response.status, toFieldList(response.headers), response.statusText)
}

function checkedList(headers: NonNullable<RespondInit['headers']>): string[] {
  if (headers instanceof PreparedHeaders) return headers.list.slice()
  const list: string[] = []
  const pairs = isIterable(headers) ? headers : Object.entries(headers)
  for (const [name, value] of pairs) list.push(name, checkField(name, value))
  return list
}

function isIterable(headers: NonNullable<RespondInit['headers']>): headers is Iterable<readonly [string, string]> {
  return Symbol.iterator in headers
}
