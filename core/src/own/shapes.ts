/**
 * What our own requests and responses can do beyond Fetch.
 *
 * They are known by their shape, not by their class, so that two copies of this package understand each other.
 *
 * @module
 */
import type { Readable, Transform } from 'node:stream'

/** A body as an app may hand it over. A Node stream is sent with no web stream between. */
export type Body = string | Uint8Array | ReadableStream<Uint8Array> | Readable | null

/** A body that is at hand as a whole. */
export type WholeBody = string | Uint8Array | null

/** Bytes in, bytes out. A Node Transform is the quick kind on Node; a TransformStream works everywhere. */
export type BodyFilter = Transform | TransformStream<Uint8Array, Uint8Array>

/** A response that can be edited in place, whatever stands behind it. */
export interface OwnResponse {
  /** The body, if it is at hand as a whole; `undefined` for a stream. */
  readonly wholeBody: WholeBody | undefined
  replaceBody(body: Body): void
  filterBody(make: () => BodyFilter): void
  editStatus(status: number, statusText: string): void
  /** The platform's own Response with the same content. Reading it takes the body. */
  readonly native: Response
}

/** What makes a changed request. */
export interface Derivation {
  readonly url?: string
  readonly method?: string
  readonly headers?: Headers
  /** Takes the place of a body that `peekBody` has read whole. */
  readonly body?: Uint8Array<ArrayBuffer>
}

/** A request that knows more than Fetch does. */
export interface OwnRequest {
  /** The platform's own Request with the same content. Reading it takes the body. */
  readonly native: Request
  /** See `pathOf`. */
  readonly path: string | undefined
  /** See `isConditional`; `undefined` if that is not known at a glance. */
  readonly conditional?: boolean | undefined
  derive(init: Derivation): Request
  peekBody(limit: number): Promise<Uint8Array | undefined>
}

export function isOwnResponse(response: Response): response is Response & OwnResponse {
  return 'wholeBody' in response
}

export function isOwnRequest(request: Request): request is Request & OwnRequest {
  return 'peekBody' in request
}
