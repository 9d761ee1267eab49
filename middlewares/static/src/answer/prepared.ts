/**
 * What the answers of one form are made of.
 *
 * @module
 */
import { prepareHeaders, type PreparedHeaders } from '@outerware/core'

/**
 * What a file that has grown while it was sent must still be, for the bytes that were promised: of this hash; or
 * anything (an appendix, such as a log gets); or nothing will do.
 */
export type Growth = { readonly hash: string } | 'any' | 'none'

/** Everything that need not be made again for each answer. */
export interface Parts {
  /** Fields of a 200. */
  readonly fields: PreparedHeaders
  /** The form's entity tag. */
  readonly tag: string | undefined
  /** The date of Last-Modified, in ms since 1970. */
  readonly modifiedMs: number | undefined
  /** The whole form, if it is small. */
  readonly body: Uint8Array | undefined
  readonly growth: Growth
}

/** See {@link Parts}. */
export class Prepared implements Parts {
  readonly fields: PreparedHeaders
  readonly tag: string | undefined
  readonly modifiedMs: number | undefined
  readonly body: Uint8Array | undefined
  readonly growth: Growth
  /** Asked for since the memory was last swept. */
  used = false
  #notModified: PreparedHeaders | undefined = undefined

  constructor({ fields, tag, modifiedMs, body, growth }: Parts) {
    this.fields = fields
    this.tag = tag
    this.modifiedMs = modifiedMs
    this.body = body
    this.growth = growth
  }

  /** Fields of a 304. */
  get notModified(): PreparedHeaders {
    return (this.#notModified ??= notModifiedFields(this.fields))
  }
}

/** What says something of bytes that a 304 does not send (RFC 9110, 15.4.5). */
const aboutBytes = ['content-type', 'content-length', 'content-encoding', 'content-language', 'accept-ranges']

/** Fields of a 304: all of the 200 that may update what the client keeps. */
function notModifiedFields(ok: PreparedHeaders): PreparedHeaders {
  const fields = [...ok]
  const tagged = fields.some(([name]) => name === 'etag')
  return prepareHeaders(fields.filter(([name]) => !aboutBytes.includes(name) && !(tagged && name === 'last-modified')))
}
