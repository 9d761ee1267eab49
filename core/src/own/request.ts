/**
 * The shell of our own Request: all that is read through the platform's own, made only when asked for.
 *
 * @module
 */
import type { Derivation, OwnRequest } from './shapes.ts'

export type Native = InstanceType<typeof Request>

/** A request that is no native object, but passes for one, `instanceof` too. */
export abstract class RequestShell implements OwnRequest {
  abstract get method(): string
  abstract get url(): string
  abstract get headers(): Headers
  abstract get path(): string | undefined
  abstract get conditional(): boolean | undefined
  abstract get signal(): AbortSignal
  abstract get body(): ReadableStream<Uint8Array> | null
  abstract get bodyUsed(): boolean
  abstract get native(): Native
  abstract derive(init: Derivation): Native
  abstract peekBody(limit: number): Promise<Uint8Array | undefined>
  /** All of the body, once. */
  protected abstract read(): Promise<Uint8Array>

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const whole = await this.read()
    const copy = new Uint8Array(whole.byteLength)
    copy.set(whole)
    return copy
  }

  async text(): Promise<string> {
    return decoder.decode(await this.read())
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text())
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
  get cache(): Native['cache'] {
    return this.native.cache
  }
  get credentials(): Native['credentials'] {
    return this.native.credentials
  }
  get destination(): Native['destination'] {
    return this.native.destination
  }
  get integrity(): string {
    return this.native.integrity
  }
  get keepalive(): boolean {
    return this.native.keepalive
  }
  get mode(): Native['mode'] {
    return this.native.mode
  }
  get redirect(): Native['redirect'] {
    return this.native.redirect
  }
  get referrer(): string {
    return this.native.referrer
  }
  get referrerPolicy(): Native['referrerPolicy'] {
    return this.native.referrerPolicy
  }
  get duplex(): 'half' {
    return 'half'
  }
}

Object.setPrototypeOf(RequestShell.prototype, Request.prototype)

// As Fetch decodes text: a byte order mark goes, bytes that are no UTF-8 become U+FFFD.
const decoder = new TextDecoder()
