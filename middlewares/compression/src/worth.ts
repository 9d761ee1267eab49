/**
 * Which responses are worth a coding, and what that says of those that stand for others.
 *
 * @module
 */
import { isCompressible } from './compressible.ts'

/** Tells whether a response is worth a coding. */
export type Filter = (request: Request, response: Response) => boolean

/** The filter, and what it has said. */
export interface Worth {
  readonly filter: Filter
  /** Tells whether what was last modified then is known to go out bare, whoever asks for it. */
  readonly isBare: (request: Request, lastModified: string) => boolean
}

/** So many decisions are remembered; then all are forgotten. */
const MOST = 1024
/** In characters: longer keys are not worth their memory. */
const LONGEST = 2048

/**
 * Makes the filter that a request asks, which gives a 304, and a 206 of several parts, the answer that their 200 had.
 *
 * They must vary as the 200 does (RFC 9110, sections 15.3.7 and 15.4.5), but do not tell its type. What was said of a
 * 200 is remembered by its URL and validator. Where nothing is, they are taken to be worth it: a field that says too
 * much costs a cache some room, one that says too little has it give a coded body to who cannot read it.
 *
 * @param given the option; `undefined` looks at the type
 */
export function remembering(given: Filter | undefined): Worth {
  const filter = given ?? byType
  const said = new Map<string, boolean>()
  const bareDates = new Map<string, true>()
  const ask: Filter = (request, response) => {
    if (isTypeless(response)) return said.get(keyOf(request, validatorOf(response))) ?? filter(request, response)
    const isWorth = filter(request, response)
    // By its type: a filter may say another thing to another client.
    if (!isWorth && !byType(request, response)) keep(bareDates, keyOf(request, dateOf(response)), true)
    // What is worth it by its type need not be remembered: that is what all else is taken to be.
    if (response.status === 200 && !(isWorth && given === undefined))
      keep(said, keyOf(request, validatorOf(response)), isWorth)
    return isWorth
  }
  return { filter: ask, isBare: (request, lastModified) => bareDates.has(keyOf(request, lastModified)) }
}

function keep<V>(known: Map<string, V>, key: string, value: V): void {
  if (key === '') return
  if (known.size >= MOST) known.clear()
  known.set(key, value)
}

function byType(_request: Request, response: Response): boolean {
  return isTypeless(response) || isCompressible(response.headers.get('content-type'))
}

/** Tells whether a response does not say of which type the 200 would be. */
function isTypeless({ status, headers }: Response): boolean {
  if (status === 304) return !headers.has('content-type')
  return status === 206 && /^multipart\/byteranges/i.test(headers.get('content-type') ?? '')
}

/** What the 200 and those that stand for it have in common. */
function validatorOf({ headers }: Response): string | null {
  return headers.get('etag') ?? headers.get('last-modified')
}

/** The date by which a client may ask for the rest of a body (RFC 9110, section 13.1.5). */
function dateOf({ status, headers }: Response): string | null {
  return status === 200 || status === 206 ? headers.get('last-modified') : null
}

/** Empty if nothing can be known again by it. */
function keyOf(request: Request, validator: string | null): string {
  if (validator === null) return ''
  const key = `${validator} ${request.url}`
  return key.length > LONGEST ? '' : key
}
