/**
 * Content codings: gzip, brotli and zstd (RFC 9110, sections 8.4 and 12.5.3).
 *
 *     request  ─ accept-encoding: br, gzip ──────────────────────▶ app
 *     response ◀─ content-encoding: br ─ fewer bytes ─┤ codec ├──── app
 *
 * @module
 */
import { editBeforeCoding, editHeaders, fromHooks, placed, replaceBody, wholeBody } from '@outerware/core'
import type { Hooks, Place, Wrapper } from '@outerware/core'
import { hasDirective } from '@outerware/core/headers'
import { encode, isBelow } from './encode.ts'
import { agreeWithStored, dropBare, vary, varyByDictionary } from './fields.ts'
import { offerFlush } from './flush.ts'
import { Gate } from './gate.ts'
import { ignoreSharedRange } from './if-range.ts'
import { mayBeKept } from './keep.ts'
import type { CompressionOptions } from './options.ts'
import { repeating } from './repeat.ts'
import { settingsOf, type Settings } from './settings.ts'

/**
 * Wraps an app so that its responses go out in the coding that the client wants most.
 *
 * Every response that could have been coded gets `Vary: accept-encoding`. Left alone are
 * 1. responses that say how they are coded or forbid it: Content-Encoding, Transfer-Encoding, `no-transform`;
 * 2. types not worth it, see {@link isCompressible};
 * 3. bodies below `threshold`, parts (206, Content-Range), and what has no body: HEAD, 1xx, 204, 205, 304.
 *
 * What is coded loses the fields that speak of the bare bytes: Content-Length, Accept-Ranges and digests go, a strong
 * ETag becomes weak (section 8.8.3), there and in the answers that stand for it, HEAD and 304. A stream is flushed
 * whenever the app pauses, so server-sent events and the first part of a page arrive at once; `res.flush()` is there for
 * Node apps that call it.
 *
 * Put it inside `securityHeaders()` and outside whatever makes bodies, `staticFiles()` too.
 *
 * @param options see {@link CompressionOptions}
 * @returns a wrapper, app => app
 * @throws {@link OptionError} `compression.…`, once, when called with a wrong option
 * @example
 * export default compression({ threshold: 512 })(app)
 * // content-encoding: br
 * // vary: accept-encoding
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */
export function compression(options: CompressionOptions = {}): Wrapper {
  return placed(place, fromHooks(compressionHooks(options)))
}

const place: Place = {
  name: 'compression',
  outside: { staticFiles: 'whose files then go out bare, those that do not lie there compressed' },
}

/** The same, for a framework that runs hooks itself. */
export function compressionHooks(options: CompressionOptions = {}): Hooks {
  const settings = settingsOf(options)
  const { cache, isPlain, worth } = settings
  const code = coding(settings)

  return {
    request(request, context) {
      offerFlush(context)
      ignoreSharedRange(request, context, worth.isBare)
      return undefined
    },
    response: cache === undefined || !isPlain ? code : repeating(code, { ...settings, cache }),
  }
}

function coding(settings: Settings): NonNullable<Hooks['response']> {
  const { threshold, syncThreshold, worth, choose, cache, breach, maxConcurrent, dictionaries } = settings
  const gate = new Gate(maxConcurrent)
  const varyBy = dictionaries === undefined ? vary : varyByDictionary

  return (given, request, context) => {
    const edited = editBeforeCoding(given, request, context)
    const response = dictionaries === undefined ? edited : dictionaries.learn(edited, request)
    if (!mayBeCoded(response) || !worth.filter(request, response)) return response
    const varied = editHeaders(response, varyBy)
    const chooseFor = dictionaries?.chooserFor(request, response) ?? choose
    const { codec, refusesIdentity } = chooseFor(request.headers.get('accept-encoding'))
    if (response.status === 304) {
      const known = request.headers.get('if-none-match')
      return editHeaders(varied, (headers) => agreeWithStored(headers, known, codec !== undefined))
    }
    if (codec === undefined || isPart(response)) return varied
    const least = refusesIdentity ? 0 : threshold
    if (isBelow(varied, least)) return varied
    if (request.method === 'HEAD') return withoutLength(varied)
    const kept = cache !== undefined && mayBeKept(varied) ? cache : undefined
    const pads = breach && isPersonal(request)
    const admit = gate.for(context)
    return encode(varied, { request, codec, least, syncThreshold, refusesIdentity, pads, cache: kept, admit })
  }
}

/** A HEAD must not claim a length that GET would not have (section 8.6), and only coding the body would tell that. */
function withoutLength(response: Response): Response {
  return editHeaders(wholeBody(response) ? replaceBody(response, null) : response, dropBare)
}

/** Tells whether a request says who asks, so that the answer may hold what only they should know. */
function isPersonal({ headers }: Request): boolean {
  return headers.has('cookie') || headers.has('authorization')
}

/** Tells whether nothing forbids a coding: there may be content, not coded yet, and the app lets it be changed. */
function mayBeCoded({ status, headers }: Response): boolean {
  if (status < 200 || status === 204 || status === 205) return false
  if (headers.has('content-encoding') || headers.has('transfer-encoding')) return false
  return !hasDirective(headers.get('cache-control'), 'no-transform')
}

/** A part is one of the bare bytes; it varies as the whole does (section 15.3.7). */
function isPart({ status, headers }: Response): boolean {
  return status === 206 || headers.has('content-range')
}
