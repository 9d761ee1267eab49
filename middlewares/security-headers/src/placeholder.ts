/**
 * A word that templates print in the place of the nonce, for those that see no request: replaced as the HTML goes out.
 *
 *     app ─▶ <script nonce="Zk3…"> ─▶ <script nonce="mZ9…=="> ─▶ browser
 *
 * Word and nonce are of one length, so lengths and ranges of the body stay true.
 *
 * @module
 */
import {
  editHeaders,
  editRequestHeaders,
  filterBody,
  replaceBody,
  respond,
  wholeBody,
  type Context,
} from '@outerware/core'
import { splitList, weaken } from '@outerware/core/headers'
import type { Nonce } from './nonce.ts'
import { Replacer, replacing } from './replace.ts'

/**
 * Gives the word, the same for the life of the process and unknown outside of it.
 *
 * It is replaced in `text/html` and `application/xhtml+xml`, before `compression()` codes it, wherever that stands; in
 * what the app has coded itself it is not. Print it nowhere else: who knows it can write a script that runs. Never put
 * it on scripts that users wrote.
 *
 * @example
 * const page = `<script nonce="${noncePlaceholder()}" src="/app.js"></script>`
 */
export function noncePlaceholder(): string {
  return (word ??= makeWord())
}

let word: string | undefined

/** 115 random bits, spelt in what no template escapes; the first letter is rare in HTML, which makes the search quick. */
function makeWord(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz234567'
  return `Z${Array.from(crypto.getRandomValues(new Uint8Array(23)), (byte) => letters[byte % 32]).join('')}`
}

/** Replaces the word by the nonce in a response that is HTML; any other goes out as it is. */
export function replacePlaceholder(response: Response, request: Request, context: Context & Partial<Nonce>): Response {
  const { nonce } = context
  if (nonce === undefined || request.method === 'HEAD') return response
  if (response.status === 304) return echoTag(response, request)
  if (response.status === 206) return word === undefined ? response : withoutParts(response)
  if (!isOpenHtml(response.headers)) return response
  const body = wholeBody(response)
  if (body === undefined) {
    return keepLength(response, () =>
      filterBody(response, () => replacing(noncePlaceholder(), nonce, context.platform)),
    )
  }
  // A word that nobody has asked for yet is in no body that is whole already.
  if (body === null || word === undefined) return response
  const replaced = typeof body === 'string' ? body.replaceAll(word, nonce) : new Replacer(word, nonce).whole(body)
  return replaced === body ? response : keepLength(response, () => replaceBody(response, replaced))
}

/**
 * Gives the request without a Range of several parts, which a server may ignore (RFC 9110, section 14.2): in
 * `multipart/byteranges` nobody sees which parts are HTML.
 */
export function askForOnePart(request: Request): Request {
  const range = word === undefined ? null : request.headers.get('range')
  return range?.includes(',') ? editRequestHeaders(request, (headers) => headers.delete('range')) : request
}

/** Part of a page may be part of the word, letter by letter: of what may be HTML no part goes out (section 15.5.17). */
function withoutParts(response: Response): Response {
  const { headers } = response
  if (!isOpenHtml(headers) && !/^\s*multipart\/byteranges/i.test(headers.get('content-type') ?? '')) return response
  const length = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] ?? '*'
  replaceBody(response, null)
  return respond('416 Range Not Satisfiable\n', {
    status: 416,
    headers: length === '*' ? {} : { 'content-range': `bytes */${length}` },
  })
}

function isOpenHtml(headers: Headers): boolean {
  const type = headers.get('content-type')
  if (type === null || !/^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(type)) return false
  return (headers.get('content-encoding') ?? 'identity').toLowerCase() === 'identity'
}

/** The length is the same, the bytes are not: a strong tag and digests do not hold any more (RFC 9110, section 8.8.1). */
function keepLength(response: Response, change: () => Response): Response {
  const length = response.headers.get('content-length')
  return editHeaders(change(), (headers) => {
    if (length !== null) headers.set('content-length', length)
    const tag = headers.get('etag')
    if (tag !== null) headers.set('etag', weaken(tag))
    for (const name of ['content-digest', 'repr-digest']) if (headers.has(name)) headers.delete(name)
  })
}

/** A 304 for a page whose tag was weakened says the tag as the client knows it. */
function echoTag(response: Response, request: Request): Response {
  const tag = response.headers.get('etag')
  if (tag === null || !splitList(request.headers.get('if-none-match') ?? '').includes(`W/${tag}`)) return response
  return editHeaders(response, (headers) => headers.set('etag', weaken(tag)))
}
