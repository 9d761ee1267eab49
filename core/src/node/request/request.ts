/**
 * The light Request: nothing is made before it is asked for.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { RequestShell, type Native } from '../../own/request.ts'
import type { Derivation } from '../../own/shapes.ts'
import { toLentWebStream } from '../../own/streams.ts'
import { readPath } from '../../path.ts'
import { isClosed, whenClosed } from '../closed.ts'
import { isWhole } from '../http2.ts'
import { isPutBack, peek, replacePeeked, take } from './peek.ts'
import { RequestHeaders } from './request-headers.ts'
import { urlOf } from './target.ts'

/** A request over Node's own; it passes for a Request, `instanceof` too, but is none inside: see `native()`. */
export class NodeRequest extends RequestShell {
  readonly #req: IncomingMessage
  readonly #res: ServerResponse
  /** What a wrapper has changed; see apply.ts. */
  readonly derivation: Derivation | undefined
  #url: string | undefined = undefined
  #headers: Headers | undefined = undefined
  #body: ReadableStream<Uint8Array> | undefined = undefined
  #native: Native | undefined = undefined
  #abort: AbortController | undefined = undefined
  #path: string | undefined | null = null

  constructor(req: IncomingMessage, res: ServerResponse, derivation?: Derivation) {
    super()
    this.#req = req
    this.#res = res
    this.derivation = derivation
  }

  get method(): string {
    return this.derivation?.method ?? this.#req.method ?? 'GET'
  }

  get url(): string {
    return (this.#url ??= this.derivation?.url ?? urlOf(this.#req))
  }

  get headers(): Headers {
    return (this.#headers ??= this.derivation?.headers ?? new RequestHeaders(this.#req))
  }

  get path(): string | undefined {
    if (this.#path === null) this.#path = readPath(this.derivation?.url ?? this.#req.url ?? '')
    return this.#path
  }

  get conditional(): boolean | undefined {
    if (this.derivation?.headers !== undefined) return undefined
    const { headers } = this.#req
    // By names that stand here, which V8 looks up quicker than names that are passed in.
    return (
      headers['if-none-match'] !== undefined ||
      headers['if-modified-since'] !== undefined ||
      headers.range !== undefined ||
      headers['if-match'] !== undefined ||
      headers['if-unmodified-since'] !== undefined
    )
  }

  get signal(): AbortSignal {
    if (this.#abort !== undefined) return this.#abort.signal
    const abort = (this.#abort = new AbortController())
    const res = this.#res
    const gone = (): void => {
      if (!isWhole(res)) abort.abort(new DOMException('The client has left', 'AbortError'))
    }
    if (isClosed(res)) gone()
    else whenClosed(res, gone)
    return abort.signal
  }

  get body(): ReadableStream<Uint8Array> | null {
    const { method } = this
    if (method === 'GET' || method === 'HEAD') return null
    if (this.#native !== undefined) return this.#native.body
    return (this.#body ??= toLentWebStream(this.#req))
  }

  get bodyUsed(): boolean {
    if (this.#native !== undefined) return this.#native.bodyUsed
    if (this.#body !== undefined) return isDisturbed(this.#body)
    return Readable.isDisturbed(this.#req) && !isPutBack(this.#req)
  }

  get native(): Native {
    if (this.#native !== undefined) return this.#native
    const { url, method, headers, body, signal } = this
    return (this.#native = new Request(url, { method, headers, body, signal, duplex: 'half' }))
  }

  derive(init: Derivation): Native {
    const url = init.url === undefined ? this.url : resolve(init.url, this.url)
    if (init.body !== undefined) replacePeeked(this.#req, init.body)
    const derived = new NodeRequest(this.#req, this.#res, {
      method: init.method ?? this.method,
      headers: init.headers ?? this.headers,
      url,
    })
    derived.#abort = this.#abort
    return derived
  }

  peekBody(limit: number): Promise<Uint8Array | undefined> {
    return peek(this.#req, limit)
  }

  protected async read(): Promise<Uint8Array> {
    if (this.#native !== undefined) return new Uint8Array(await this.#native.arrayBuffer())
    if (this.bodyUsed || this.#body?.locked === true) {
      throw new TypeError('Body is unusable: it has been read already')
    }
    const chunks: Buffer[] = []
    take(this.#req)
    for await (const chunk of this.#req) chunks.push(chunk)
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  }
}

function isDisturbed(body: ReadableStream<Uint8Array>): boolean {
  // oxlint-disable-next-line no-unsafe-type-assertion -- Node's types know two kinds of web stream, Node one
  return Readable.isDisturbed(body as never)
}

/** An absolute URL stays as it is written, so that a raw path survives a change of the host. */
function resolve(url: string, base: string): string {
  return URL.canParse(url) ? url : new URL(url, base).href
}
