/**
 * The answer of a file: the form, the conditions, the ranges, the body.
 *
 *     entry ─▶ choose a form ─▶ at hand? ─▶ conditions ─▶ body or ranges ─▶ Response
 *                                  └ no: read it; if it has changed, look again and begin anew
 *
 * @module
 */
import { isConditional, provide, replaceBody, respond, type Context } from '@outerware/core'
import type { Entry } from '../entry.ts'
import { exhaustionTeller, isExhausted } from '../exhausted.ts'
import { okFields, refusalFields } from '../fields.ts'
import { describeAgain } from '../scan/describe.ts'
import type { Settings } from '../settings.ts'
import { evaluate, rangeCounts } from './conditions.ts'
import { giveMissing, giveMoving, giveParts, giveWhole } from './give.ts'
import { loader, type Load } from './load.ts'
import { choose, takesPlain } from './negotiate.ts'
import { openAny } from './open.ts'
import type { Memory } from './memory.ts'
import type { Prepared } from './prepared.ts'
import { rangesOf } from './ranges.ts'
import { isFresh, rechecker, type Recheck } from './recheck.ts'
import { unavailable } from './refuse.ts'

/** A Response, or nothing, if the file is not there any more; at once or later. */
export type Maybe = Response | undefined | Promise<Response | undefined>

/** Answers a GET or HEAD with files. */
export class Answers {
  readonly #settings: Settings
  readonly #load: Load
  readonly #recheck: Recheck
  readonly #tell: (error: unknown) => void

  /** @param memory keeps what is read */
  constructor(settings: Settings, memory: Memory) {
    this.#settings = settings
    this.#load = loader(settings, memory)
    this.#recheck = rechecker(settings)
    this.#tell = exhaustionTeller(settings.report)
  }

  /** With a file, as the request's fields want it, if all that it takes is at hand: most requests end here. */
  atHand(entry: Entry, request: Request, context: Context): Response | undefined {
    if (!isFresh(entry, this.#settings)) return undefined
    const prepared = choose(entry, request.headers)?.prepared
    if (prepared === undefined) return undefined
    if (!isConditional(request)) return offer(whole(prepared, request), entry, context)
    return this.#rangeField(request) === null ? offer(quickly(prepared, request), entry, context) : undefined
  }

  /** The same, of a file that has to be looked at, opened or read. */
  async file(entry: Entry, request: Request, context: Context): Promise<Response | undefined> {
    return this.#orUnavailable(request, async () => {
      await this.#recheck(entry)
      const still = await this.#persist(entry, () => this.#attempt(entry, request, context))
      return offer(still ?? (await this.#moving(entry, request, context)), entry, context)
    })
  }

  /** With a page that says that there is no file. */
  async missing(page: Entry, request: Request, context: Context): Promise<Response | undefined> {
    return this.#orUnavailable(request, async () => {
      await this.#recheck(page)
      const answer = await this.#persist(page, async () => {
        const form = choose(page, request.headers)
        const prepared = form && (await this.#load(page, form))
        return form && prepared && giveMissing({ entry: page, form, prepared, context }, request)
      })
      return offer(answer, page, context)
    })
  }

  async #orUnavailable(request: Request, answer: () => Promise<Response | undefined>): Promise<Response | undefined> {
    try {
      return await answer()
    } catch (error) {
      if (!isExhausted(error)) throw error
      this.#tell(error)
      return unavailable(request, this.#settings)
    }
  }

  /** Looks anew at a file that has changed under our hands; `undefined` if it is gone, or never keeps still. */
  async #persist(entry: Entry, attempt: () => Promise<Response | undefined>): Promise<Response | undefined> {
    for (let looks = 0; looks < MOST_LOOKS && entry.identity !== undefined; looks++) {
      const response = await attempt()
      if (response !== undefined) return response
      describeAgain(entry, this.#settings)
    }
    return undefined
  }

  /** `undefined` if the file has changed. */
  async #attempt(entry: Entry, request: Request, context: Context): Promise<Response | undefined> {
    const range = this.#rangeField(request)
    const parts = range === null ? undefined : await this.#attemptRange(entry, range, request, context)
    if (parts !== undefined) return parts
    const form = choose(entry, request.headers)
    const prepared = form && (await this.#load(entry, form))
    return form && prepared && (quickly(prepared, request) ?? giveWhole({ entry, form, prepared, context }))
  }

  /** Ranges are always of the plain form. `undefined` also if they are not to be answered. */
  async #attemptRange(entry: Entry, field: string, request: Request, context: Context): Promise<Response | undefined> {
    const form = takesPlain(entry, request.headers) ? entry.identity : undefined
    const prepared = form && (await this.#load(entry, form))
    if (form === undefined || prepared === undefined || !rangeCounts(request.headers, prepared)) return undefined
    const ranges = rangesOf(field, form.size, this.#settings.maxRanges)
    return ranges && (conditional(prepared, request) ?? giveParts({ entry, form, prepared, context }, ranges))
  }

  /** A file that never keeps still is sent as it is. */
  async #moving(entry: Entry, request: Request, context: Context): Promise<Response | undefined> {
    const form = entry.identity
    const file = form && (await openAny(entry))
    if (form === undefined || file === undefined) return undefined
    const fields = okFields(entry, form, this.#settings, { tag: undefined, modifiedMs: undefined })
    const response = giveMoving(file, fields, context)
    return request.method === 'HEAD' ? replaceBody(response, null) : response
  }

  /** Range is for GET only (RFC 9110, section 14.2). */
  #rangeField(request: Request): string | null {
    return this.#settings.acceptRanges && request.method === 'GET' ? request.headers.get('range') : null
  }
}

const MOST_LOOKS = 3

/** Tells wrappers further out what is in the page; a 304 too, since its fields replace those that were kept. */
function offer(response: Response | undefined, { hashes }: Entry, context: Context): Response | undefined {
  if (response !== undefined && hashes !== undefined) provide(context, hashes)
  return response
}

/** What can be answered with no more than what is at hand. */
function quickly(prepared: Prepared, request: Request): Response | undefined {
  return conditional(prepared, request) ?? whole(prepared, request)
}

function whole(prepared: Prepared, request: Request): Response | undefined {
  prepared.used = true
  if (request.method === 'HEAD') return respond(null, { headers: prepared.fields })
  return prepared.body && respond(prepared.body, { headers: prepared.fields })
}

/** A 304 or a 412, if the client has set a condition and it says so. */
function conditional(prepared: Prepared, { headers }: Request): Response | undefined {
  const status = evaluate(headers, prepared)
  if (status === 200) return undefined
  if (status === 304) return respond(null, { status, headers: prepared.notModified })
  return respond(null, { status, headers: refusalFields(prepared.fields) })
}
