/**
 * The deed: a body goes through a codec, as a whole or on its way.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { filterBody, replaceBody, wholeBody } from '@outerware/core'
import type { Codec } from './codec.ts'
import { declaredSize, describeCoded } from './fields.ts'

/** What decides how a body is coded. */
export interface Terms {
  readonly codec: Codec
  /** Shorter bodies stay as they are; in bytes. */
  readonly least: number
  /** Up to this size, in bytes, a body at hand as a whole is coded in one synchronous call. */
  readonly syncThreshold: number
  /** The client takes no bare body: code it even where that makes it longer. */
  readonly refusesIdentity: boolean
}

/** The size of a body in bytes, if it is at hand as a whole or the app has declared it. */
export function sizeOf(response: Response): number | undefined {
  const body = wholeBody(response)
  return body === undefined || body === null ? declaredSize(response.headers) : byteLength(body)
}

/** Codes the body of a response, unless it is too short or gets no smaller; then the response goes out as it is. */
export function encode(response: Response, { codec, least, syncThreshold, refusesIdentity }: Terms): Response {
  const body = wholeBody(response)
  if (body === null) return response
  if (body === undefined) return encodeStream(response, codec, declaredSize(response.headers))
  const size = byteLength(body)
  if (size === 0 || size < least) return response
  if (size > syncThreshold) return encodeStream(response, codec, size)
  const bytes = codec.whole(body)
  if (bytes.byteLength >= size && !refusesIdentity) return response
  return describeCoded(replaceBody(response, bytes), codec.name)
}

function encodeStream(response: Response, codec: Codec, size: number | undefined): Response {
  const filtered = filterBody(response, () => codec.stream(size))
  return describeCoded(filtered, codec.name)
}

function byteLength(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
}
