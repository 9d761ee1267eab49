/**
 * The deed: a body goes through a codec, as a whole or on its way.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { after, filterBody, replaceBody, settleBody, wholeBody } from '@outerware/core'
import type { ResultCache } from './cache.ts'
import type { Codec, CodecStream } from './codec.ts'
import { announcesDigest, declaredSize, describeCoded } from './fields.ts'
import { tagOf } from './keep.ts'

/** What decides how a body is coded. */
export interface Terms {
  readonly request: Request
  readonly codec: Codec
  /** Shorter bodies stay as they are; in bytes. */
  readonly least: number
  /** Up to this size, in bytes, a body at hand as a whole is coded in one synchronous call. */
  readonly syncThreshold: number
  /** The client takes no bare body: code it even where that makes it longer. */
  readonly refusesIdentity: boolean
  /** The length of the result is to tell little of the body. */
  readonly pads: boolean
  /** Where results are kept; `undefined` if they are not. */
  readonly cache: ResultCache | undefined
  /** Asked before a stream is coded: whether one more may be. */
  readonly admit: () => boolean
}

/** Tells whether a body, at hand or with a declared length, is shorter than so many bytes. */
export function isBelow(response: Response, bytes: number): boolean {
  const body = wholeBody(response)
  if (body === undefined || body === null) return (declaredSize(response.headers) ?? Infinity) < bytes
  // To count a text takes a microsecond per 8 KB; no text has fewer bytes than characters.
  return body.length < bytes && byteLength(body) < bytes
}

/** Codes the body of a response, unless it is too short or gets no smaller; then the response goes out as it is. */
export function encode(response: Response, terms: Terms): Response | Promise<Response> {
  const body = wholeBody(response)
  if (body === null) return response
  if (body !== undefined) return encodeWhole(response, body, terms)
  return (
    recalled(response, terms) ??
    after(settleBody(response, terms.syncThreshold), (settled) => encodeRead(settled, terms))
  )
}

/** Codes what was read of a stream: all of it, or the beginning, behind which the rest comes. */
function encodeRead(response: Response, terms: Terms): Response {
  const body = wholeBody(response)
  if (body === undefined) return encodeStream(response, terms, declaredSize(response.headers))
  return body === null ? response : encodeWhole(response, body, terms)
}

function encodeWhole(response: Response, body: string | Uint8Array, terms: Terms): Response {
  const { codec, least, syncThreshold, refusesIdentity, cache } = terms
  // No text has fewer bytes than characters, and to count those of a long one takes longer than to send what is kept.
  if (body.length > syncThreshold) return recalled(response, terms) ?? encodeStream(response, terms, byteLength(body))
  const recent = cache?.recent(codec, body)
  const size = recent?.size ?? byteLength(body)
  if (size === 0 || size < least) return response
  if (size > syncThreshold || !codec.isQuick) return recalled(response, terms) ?? encodeStream(response, terms, size)
  const bytes = recent?.bytes ?? cache?.coded(codec, body, size) ?? codec.whole(body, size)
  if (bytes.byteLength >= size && !refusesIdentity) return response
  return withCoded(response, terms, bytes)
}

/** The response with what is kept of its body by its tag, if there is such a thing. */
function recalled(response: Response, terms: Terms): Response | undefined {
  const { codec, cache, request } = terms
  const tag = cache && tagOf(request, response)
  const bytes = tag === undefined ? undefined : cache?.tagged(codec, tag)
  return bytes === undefined ? undefined : withCoded(response, terms, bytes)
}

function withCoded(response: Response, { codec, pads }: Terms, bytes: Uint8Array): Response {
  return describeCoded(replaceBody(response, pads ? codec.padding.whole(bytes) : bytes), codec.coding)
}

function encodeStream(response: Response, terms: Terms, size: number | undefined): Response {
  if (announcesDigest(response.headers) || !terms.admit()) return response
  // Before the tag is made weak.
  const tag = terms.cache && tagOf(terms.request, response)
  const filtered = filterBody(response, () => streamOf(terms, tag, size))
  return describeCoded(filtered, terms.codec.coding)
}

function streamOf({ codec, pads, cache }: Terms, tag: string | undefined, size: number | undefined): CodecStream {
  const plain = size === undefined ? codec.stream(size) : unlessShort(codec.stream(size), size)
  const stream = pads ? codec.padding.stream(plain) : plain
  // What is kept is not padded: it is recorded before it comes to that.
  return cache === undefined || tag === undefined ? stream : cache.record(stream, codec, tag, size)
}

/** Has a body fail that ends before its length: half of it, coded, would look whole. */
function unlessShort(stream: CodecStream, size: number): CodecStream {
  const flush = stream._flush.bind(stream)
  stream._flush = (callback) => {
    if (stream.bytesWritten >= size) return flush(callback)
    callback(new Error(`The body ended after ${stream.bytesWritten} of the ${size} bytes that Content-Length declares`))
  }
  return stream
}

function byteLength(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
}
