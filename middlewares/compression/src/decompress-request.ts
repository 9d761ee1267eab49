/**
 * Content codings of requests (RFC 9110, section 8.4), taken off before the app sees the body.
 *
 *     request  ─ content-encoding: gzip ─┤ decoder ├─ content-length ──▶ app
 *     response ◀─ 400, 413, 415 ─────────────┘
 *
 * @module
 */
import { checkApp, checkOptions, derive, editRequestHeaders, OptionError, peekBody, respond } from '@outerware/core'
import type { Wrapper } from '@outerware/core'
import { splitList } from '@outerware/core/headers'
import { checkCount } from './check.ts'
import { decoders, type Decode, type Decoded } from './decode.ts'
import { declaredSize } from './fields.ts'

/** Options of {@link decompressRequest}. */
export interface DecompressRequestOptions {
  /**
   * The longest body, coded or decoded. As much of each is kept in memory for every request that is being read.
   *
   * Unit: bytes; a whole number >= 1.
   *
   * @default 1_048_576
   */
  readonly limit?: number
  /**
   * How many times as long as the coded body the decoded one may be. Bodies that decode to no more than 64 KiB
   * are not judged by it: short ones repeat themselves.
   *
   * Unit: none; a number >= 1, where `Infinity` leaves it to `limit`.
   *
   * @default 100
   */
  readonly ratio?: number
}

/**
 * Wraps an app so that it gets request bodies decoded: gzip, x-gzip, br, deflate and, where Node has it, zstd, also
 * several of them one over the other.
 *
 * The body is read and decoded whole before the app is called, off the main thread. The app then finds it as if it had
 * been sent so: without Content-Encoding and Transfer-Encoding, with the Content-Length of the decoded bytes, and
 * without digests of the coded ones. That holds for a Fetch app and for the real `req` of a Node app.
 *
 * Left alone are requests without Content-Encoding, or with `identity` only, and those that Fetch gives no body:
 * GET and HEAD. The client is told
 * 1. 400, if the body is not what Content-Encoding says, breaks off, or has more behind its end;
 * 2. 413, if it is longer than `limit`, coded or decoded, or more than `ratio` times longer decoded;
 * 3. 415, with Accept-Encoding, if a coding is none of those, or there are more than five.
 *
 * Put it inside whatever can refuse a request by its head.
 *
 * @param options see {@link DecompressRequestOptions}
 * @returns a wrapper, app => app
 * @throws {@link OptionError} `decompressRequest.…`, once, when called with a wrong option
 * @example
 * export default decompressRequest({ limit: 10_000_000 })(app)
 * // curl --data-binary @body.json.gz -H 'content-encoding: gzip' -H 'content-type: application/json'
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.4
 */
export function decompressRequest(options: DecompressRequestOptions = {}): Wrapper {
  const { limit, ratio } = checked(options)
  return (app) => {
    checkApp('decompressRequest(…)(…)', app)
    return (request, context) => {
      const field = request.headers.get('content-encoding')
      if (field === null || request.body === null) return app(request, context)
      const codings = codingsOf(field)
      if (codings.length === 0) return app(request, context)
      const steps = codings.map((coding) => decoders.get(coding)).filter((decode) => decode !== undefined)
      if (steps.length < codings.length || steps.length > MOST_CODINGS) return unsupported()
      if ((declaredSize(request.headers) ?? 0) > limit) return tooLarge(request)
      return read(request, steps.reverse(), limit, ratio).then((decoded) => {
        if (decoded === 'too long') return tooLarge(request)
        if (decoded === 'malformed') return malformed()
        return app(withBody(request, decoded), context)
      })
    }
  }
}

/** Each is a decoder with memory of its own, and one field could name thousands. */
const MOST_CODINGS = 5

/** A body of this size, in bytes, is no bomb, however short it was. */
const NO_BOMB = 65_536

function checked(options: DecompressRequestOptions): Required<DecompressRequestOptions> {
  checkOptions('decompressRequest', options, ['limit', 'ratio'])
  const { limit = 1_048_576, ratio = 100 } = options
  checkCount('decompressRequest.limit', limit, 1, 'bytes')
  if (typeof ratio !== 'number' || !(ratio >= 1))
    throw new OptionError('decompressRequest.ratio', 'a number >= 1', ratio)
  return { limit, ratio }
}

/** The codings in the order in which they were applied. */
function codingsOf(field: string): string[] {
  return splitList(field.toLowerCase())
    .map((name) => (name === 'x-gzip' ? 'gzip' : name))
    .filter((name) => name !== 'identity')
}

async function read(request: Request, steps: readonly Decode[], limit: number, ratio: number): Promise<Decoded> {
  const coded = await peekBody(request, limit)
  if (coded === undefined) return 'too long'
  // No content at all is no content in any coding.
  let body: Decoded = new Uint8Array(coded)
  if (coded.byteLength === 0) return body
  const most = Math.min(limit, Math.max(NO_BOMB, ratio * coded.byteLength))
  for (const decode of steps) {
    body = await decode(body, most)
    if (typeof body === 'string') break
  }
  return body
}

/** What is true of the coded bytes only. The digests are those of RFC 9530, RFC 3230 and RFC 1864. */
const ofCodedBytes = ['content-encoding', 'transfer-encoding', 'content-digest', 'repr-digest', 'digest', 'content-md5']

function withBody(request: Request, body: Uint8Array<ArrayBuffer>): Request {
  const edited = editRequestHeaders(request, (headers) => {
    for (const name of ofCodedBytes) headers.delete(name)
    headers.set('content-length', String(body.byteLength))
  })
  return derive(edited, { body })
}

function malformed(): Response {
  return respond('400 Bad Request: the body is not what Content-Encoding says\n', { status: 400 })
}

/** The rest is thrown away as it comes: most clients listen for an answer only after their last byte. */
function tooLarge(request: Request): Response {
  request.body?.cancel().catch(() => {})
  return respond('413 Content Too Large\n', { status: 413 })
}

/** Says what would have been taken (RFC 9110, section 15.5.16). */
function unsupported(): Response {
  const headers = { 'accept-encoding': [...decoders.keys()].join(', ') }
  return respond('415 Unsupported Media Type: Content-Encoding is none of Accept-Encoding\n', { status: 415, headers })
}
