/**
 * The shell of our own Response classes: all that is read through the platform's own, made only when asked for.
 *
 * @module
 */
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

  protected made: Native | undefined = undefined

  get native(): Native {
    if (this.made !== undefined) return this.made
    const { status, statusText, headers } = this
    return (this.made = new Response(mayHaveBody(status) ? this.body : null, { status, statusText, headers }))
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
  text(): Promise<string> {
    return this.native.text()
  }
  json(): Promise<unknown> {
    return this.native.json()
  }
  arrayBuffer(): Promise<ArrayBuffer> {
    return this.native.arrayBuffer()
  }
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer())
  }
  blob(): ReturnType<Native['blob']> {
    return this.native.blob()
  }
  formData(): ReturnType<Native['formData']> {
    return this.native.formData()
  }
  clone(): Native {
    return this.native.clone()
  }
}

Object.setPrototypeOf(ResponseShell.prototype, Response.prototype)

/** Tells whether a response of that status may have a body in Fetch ("null body status"). */
export function mayHaveBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304 && status >= 200
}
