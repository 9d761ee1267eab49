/**
 * Compression Dictionary Transport (RFC 9842): what a client has at hand, and what it may keep for later.
 *
 *     response ─▶ Use-As-Dictionary: match="/assets/app-*.js"
 *     request  ◀─ Available-Dictionary: :<SHA-256>:  and  Accept-Encoding: …, dcz
 *     response ─▶ Content-Encoding: dcz, a header of 40 bytes, then zstd made with that dictionary
 *
 * The fields are structured ones (RFC 9651).
 *
 * @module
 */

/** Codings that need a dictionary: of Brotli, and of zstd (sections 4 and 5). */
export type DictionaryCoding = 'dcb' | 'dcz'

/**
 * Reads `Available-Dictionary` (section 2.2): the one dictionary that the client offers for this request.
 *
 * @returns its SHA-256 in base64, with padding, as `createHash('sha256').digest('base64')` gives it; `undefined` if
 *   there is none, or if the field says anything else than 32 bytes
 * @example
 * parseAvailableDictionary(':pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4=:') // 'pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4='
 */
export function parseAvailableDictionary(field: string | null): string | undefined {
  const sequence = field === null ? undefined : byteSequence.exec(field)?.[1]
  if (sequence === undefined) return undefined
  try {
    // Once there and back: padding may be left out, and bits beyond the end may be set (RFC 9651, 4.2.7).
    const bytes = atob(sequence.slice(1, -1))
    return bytes.length === DIGEST ? btoa(bytes) : undefined
  } catch {
    return undefined
  }
}

/**
 * Reads `Dictionary-ID` (section 2.3): what the server has called the dictionary that is offered.
 *
 * @returns `undefined` if there is none, or if it is no structured string of at most 1024 characters
 */
export function parseDictionaryId(field: string | null): string | undefined {
  const quoted = field === null ? undefined : structuredString.exec(field)?.[1]
  const id = quoted?.slice(1, -1).replace(/\\(.)/g, '$1')
  return id !== undefined && id.length <= MOST_OF_ID ? id : undefined
}

/**
 * Tells whether a response may be coded with a dictionary for all that the request says of where it comes from: how long
 * it gets then would tell a page of another origin more than that page may read (section 9.3.3).
 *
 * 1. no browser asks (`Sec-Fetch-Site` or `Sec-Fetch-Mode` is missing), or a page of the same origin does;
 * 2. it is a navigation, or a fetch that stays within the origin;
 * 3. it is a fetch by CORS, and `Access-Control-Allow-Origin` is `*` or the request's `Origin`.
 */
export function mayUseDictionary(request: Headers, response: Headers): boolean {
  const site = request.get('sec-fetch-site')
  if (site === null || site === 'same-origin') return true
  const mode = request.get('sec-fetch-mode')
  if (mode === null || mode === 'navigate' || mode === 'same-origin') return true
  const origin = request.get('origin')
  if (mode !== 'cors' || origin === null) return false
  const allowed = response.get('access-control-allow-origin')
  return allowed === '*' || allowed === origin
}

/** What a client is told of a response that may be its dictionary later. */
export interface UseAsDictionary {
  /** URL pattern of the requests that it is for, of the same origin and without regular expressions: see {@link escapePattern}. */
  readonly match: string
  /** Destinations of Fetch that it is for, such as `script`; none or left out: all. */
  readonly matchDest?: readonly string[]
  /** Comes back as `Dictionary-ID`; at most 1024 characters. */
  readonly id?: string
}

/**
 * Writes `Use-As-Dictionary` (section 2.1).
 *
 * @throws TypeError for a text that is no printable ASCII, or an `id` that is too long
 * @example
 * formatUseAsDictionary({ match: '/assets/app-*.js' }) // 'match="/assets/app-*.js"'
 */
export function formatUseAsDictionary({ match, matchDest = [], id }: UseAsDictionary): string {
  if (id !== undefined && id.length > MOST_OF_ID) {
    throw new TypeError(`The id of a dictionary must have at most ${MOST_OF_ID} characters (RFC 9842, 2.1.3)`)
  }
  const members = [`match=${quote(match)}`]
  if (matchDest.length > 0) members.push(`match-dest=(${matchDest.map(quote).join(' ')})`)
  if (id !== undefined) members.push(`id=${quote(id)}`)
  return members.join(', ')
}

/** Makes an encoded path stand for itself in a URL pattern. */
export function escapePattern(path: string): string {
  return path.replace(/[\\:*?+(){}]/g, '\\$&')
}

/**
 * Gives what a body begins with that is made with a dictionary (sections 4 and 5): a magic number and the dictionary's
 * hash. To a decoder of zstd it is a frame to be skipped.
 *
 * @param digest SHA-256 of the dictionary: 32 bytes
 */
export function dictionaryPreamble(coding: DictionaryCoding, digest: Uint8Array): Uint8Array<ArrayBuffer> {
  if (digest.byteLength !== DIGEST) throw new TypeError(`A digest must have ${DIGEST} bytes, got ${digest.byteLength}`)
  const magic = magics[coding]
  const preamble = new Uint8Array(magic.length + DIGEST)
  preamble.set(magic)
  preamble.set(digest, magic.length)
  return preamble
}

/** In bytes. */
const DIGEST = 32
const MOST_OF_ID = 1024

const magics: Readonly<Record<DictionaryCoding, readonly number[]>> = {
  dcb: [0xff, 0x44, 0x43, 0x42],
  dcz: [0x5e, 0x2a, 0x4d, 0x18, 0x20, 0, 0, 0],
}

// An item may have parameters (RFC 9651, section 3.1.2), of which RFC 9842 knows none.
const bytesItem = String.raw`:[A-Za-z0-9+/]*={0,2}:`
const stringItem = String.raw`"(?:[ !#-[\]-~]|\\["\\])*"`
const otherItem = String.raw`-?\d{1,12}(?:\.\d{1,3})?|@?-?\d{1,15}|[A-Za-z*][\w!#$%&'*+\-.^|~:/` + '`]*|\\?[01]'
const parameters = `(?:; *[a-z*][a-z0-9_\\-.*]*(?:=(?:${bytesItem}|${stringItem}|${otherItem}))?)*`
const byteSequence = new RegExp(`^ *(${bytesItem})${parameters} *$`)
const structuredString = new RegExp(`^ *(${stringItem})${parameters} *$`)

function quote(text: string): string {
  if (!/^[ -~]*$/.test(text)) {
    throw new TypeError(`A structured string must be printable ASCII (RFC 9651, 3.3.3), got ${JSON.stringify(text)}`)
  }
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
