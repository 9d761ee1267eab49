/**
 * The shell of our own Response classes: all that is read through the platform's own, made only when asked for.
 *
 * @module
 */
import { showAs } from './inspect.ts'
import { type Body, type BodyFilter, type OwnResponse, type WholeBody } from './shapes.ts'

type Native = InstanceType<typeof Response>

/** A response that is no native object, but passes for one, `instanceof` too. */
export abstract class ResponseShell implements OwnResponse {
  abstract get status(): number
  abstract get statusText(): string
  abstract get headers(): Headers
  abstract get body(): ReadableStream<Uint8Array> | null
  abstract get wholeBody(): WholeBody | undefined
  abstract replaceBody(body: Body): void
  abstract filterBody(make: () => BodyFilter): void
  abstract editStatus(status: number, statusText: string): void

  /** Holds the body as Fetch does, once it was asked for so, and knows whether it has been read. Its head is empty. */
  protected made: Native | undefined = undefined

  protected get holder(): Native {
    const { body } = this
    return (this.made ??= new Response(body))
  }

  get native(): Native {
    return this.wrap(this.body)
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }
  get type(): 'default' {
    return 'default'
  }
  get url(): string {
    return ''
  }
  get redirected(): boolean {
    return false
  }
  get bodyUsed(): boolean {
    return this.made?.bodyUsed ?? false
  }
  async text(): Promise<string> {
    return this.holder.text()
  }
  async json(): Promise<unknown> {
    return this.holder.json()
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.holder.arrayBuffer()
  }
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer())
  }
  // These two read the content-type as well, which the holder does not have.
  async blob(): ReturnType<Native['blob']> {
    return (this.bodyUsed ? this.holder : this.native).blob()
  }
  async formData(): ReturnType<Native['formData']> {
    return (this.bodyUsed ? this.holder : this.native).formData()
  }

  /** A body at hand as a whole stays so; a stream is shared by two readers from here on. */
  clone(): Native {
    const { wholeBody } = this
    if (wholeBody !== undefined) return this.wrap(wholeBody === null ? null : bytesOf(wholeBody))
    const { body } = this
    if (body === null) return this.wrap(null)
    if (this.bodyUsed || body.locked) throw new TypeError('Response.clone: the body has been read already')
    const [kept, given] = body.tee()
    this.replaceBody(kept)
    return this.wrap(given)
  }

  private wrap(body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | null): Native {
    const { status, statusText, headers } = this
    return new Response(mayHaveBody(status) ? body : null, { status, statusText, headers })
  }
}

Object.setPrototypeOf(ResponseShell.prototype, Response.prototype)
showAs(ResponseShell.prototype, 'Response', ({ status, statusText, headers, bodyUsed }) => {
  return { status, statusText, headers, bodyUsed }
})

/** Tells whether a response of that status may have a body in Fetch ("null body status"). */
export function mayHaveBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304 && status >= 200
}

/** Bytes of their own: a string would bring a content-type along, and Fetch takes no shared memory. */
function bytesOf(whole: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof whole === 'string' ? new TextEncoder().encode(whole) : new Uint8Array(whole)
}
