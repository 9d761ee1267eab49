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

/** Codes the body of a response, unless it is too short or gets no smaller; then the response goes out as it is. */
export function encode(response: Response, terms: Terms): Response {
  const body = wholeBody(response)
  if (body === undefined) return encodeStream(response, terms.codec, declaredSize(response.headers))
  const size = body === null ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  if (body === null || size === 0 || size < terms.least) return response
  if (size > terms.syncThreshold) return encodeStream(response, terms.codec, size)
  const bytes = terms.codec.whole(body)
  if (bytes.byteLength >= size && !terms.refusesIdentity) return response
  return describeCoded(replaceBody(response, bytes), terms.codec.name)
}

function encodeStream(response: Response, codec: Codec, size: number | undefined): Response {
  return describeCoded(
    filterBody(response, () => codec.stream(size)),
    codec.name,
  )
}
