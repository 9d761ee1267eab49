/**
 * Which responses are worth a coding, and what that says of those that stand for others.
 *
 * @module
 */
import { isCompressible } from './compressible.ts'

/** Tells whether a response is worth a coding. */
export type Filter = (request: Request, response: Response) => boolean

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
export function remembering(given: Filter | undefined): Filter {
  const filter = given ?? byType
  const said = new Map<string, boolean>()
  return (request, response) => {
    if (isTypeless(response)) return said.get(keyOf(request, response)) ?? filter(request, response)
    const isWorth = filter(request, response)
    // What is worth it by its type need not be remembered: that is what all else is taken to be.
    if (response.status !== 200 || (isWorth && given === undefined)) return isWorth
    const key = keyOf(request, response)
    if (said.size >= MOST) said.clear()
    if (key !== '') said.set(key, isWorth)
    return isWorth
  }
}

function byType(_request: Request, response: Response): boolean {
  return isTypeless(response) || isCompressible(response.headers.get('content-type'))
}

/** Tells whether a response does not say of which type the 200 would be. */
function isTypeless({ status, headers }: Response): boolean {
  if (status === 304) return !headers.has('content-type')
  return status === 206 && /^multipart\/byteranges/i.test(headers.get('content-type') ?? '')
}

/** What the 200 and those that stand for it have in common; empty if nothing can stand for it. */
function keyOf(request: Request, { headers }: Response): string {
  const validator = headers.get('etag') ?? headers.get('last-modified')
  if (validator === null) return ''
  const key = `${validator} ${request.url}`
  return key.length > LONGEST ? '' : key
}
