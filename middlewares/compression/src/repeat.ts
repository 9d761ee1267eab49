/**
 * Answers that come again: where the app says what it said a moment ago, what went out then goes out again.
 *
 *     body, fields ─▶ are they the last ones? ─▶ coded body, fields as they went out
 *                     └ no ─▶ the usual way
 *
 * @module
 */
import { copyFields, editBeforeCoding, editHeaders, hasFields, isPromise, respond, wholeBody } from '@outerware/core'
import type { Hooks } from '@outerware/core'
import type { Entry, ResultCache } from './cache.ts'
import { tagOf } from './keep.ts'
import type { Settings } from './settings.ts'

/** Fields that were others so often in one moment, such as a name for each request, are not worth remembering. */
const MOST_CHANGES = 8

type Code = NonNullable<Hooks['response']>

/** What is kept, and by what it is found. */
interface Kept extends Pick<Settings, 'choose' | 'syncThreshold'> {
  readonly cache: ResultCache
}

/**
 * Makes a response half remember how it answered with what is kept.
 *
 * It asks all that decides how a body at hand is coded: the bytes, or what stands for those of a long one, the status and
 * every field of the response, the method and Accept-Encoding of the request. So it is not for where anything else
 * decides, too.
 *
 * @param code the usual way
 */
export function repeating(code: Code, { cache, choose, syncThreshold }: Kept): Code {
  const entryOf = (response: Response, request: Request): Entry | undefined => {
    if (response.status !== 200 || response.statusText !== '' || request.method === 'HEAD') return undefined
    const body = wholeBody(response)
    if (body === undefined || body === null) return undefined
    const { codec, refusesIdentity } = choose(request.headers.get('accept-encoding'))
    // Who takes nothing bare gets coded what is too short for others.
    if (codec === undefined || refusesIdentity) return undefined
    if (body.length <= syncThreshold) return cache.find(codec, body)
    const tag = tagOf(request, response)
    return tag === undefined ? undefined : cache.findTagged(codec, tag)
  }

  return (answer, request, context) => {
    const response = editBeforeCoding(answer, request, context)
    // On other hosts it takes no less to say a head once more.
    const entry = context.node === undefined ? undefined : entryOf(response, request)
    if (entry === undefined) return code(response, request, context)
    const { repeat } = entry
    if (repeat !== undefined && hasFields(response, repeat.given)) {
      return respond(cache.use(entry).bytes, { headers: repeat.sent })
    }
    if (repeat?.changes === MOST_CHANGES) return code(response, request, context)
    const body = wholeBody(response)
    const given = copyFields(response)
    const coded = code(response, request, context)
    // Unless it went out in another way: bare, or not as it is kept.
    if (given === undefined || isPromise(coded) || wholeBody(coded) !== entry.bytes) return coded
    const whole = editHeaders(coded, (headers) => headers.set('content-length', String(entry.bytes.byteLength)))
    const sent = copyFields(whole)
    const text = typeof body === 'string' && entry.body !== undefined ? body : undefined
    if (sent !== undefined) cache.remember(entry, { text, given, sent, changes: (repeat?.changes ?? 0) + 1 })
    return whole
  }
}
