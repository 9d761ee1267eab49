/**
 * Helmet, run against a response that only takes notes.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import type { Fields } from '@outerware/core'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** What helmet and its parts return. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void

/** What a middleware did to the response. */
export interface Recording {
  /** The fields it set, names in lower case. */
  readonly fields: Fields
  /** The names it removed, in lower case. */
  readonly removed: readonly string[]
}

/**
 * Runs a middleware and keeps what it did.
 *
 * @param req what its functions see as the request
 * @throws what the middleware throws or gives to `next`
 */
export function record(middleware: Middleware, req: object = {}): Recording {
  const fields: [string, string][] = []
  const removed: string[] = []
  const res = {
    setHeader: (name: string, value: string) => void fields.push([name.toLowerCase(), value]),
    removeHeader: (name: string) => void removed.push(name.toLowerCase()),
  }
  // oxlint-disable-next-line no-unsafe-type-assertion -- helmet asks no more of a request and a response than this
  middleware(req as IncomingMessage, res as unknown as ServerResponse, (error) => {
    if (error) throw error
  })
  return { fields, removed }
}

/** Runs what reads options: what helmet throws becomes an OptionError, in helmet's own words. */
export function withOptionCode<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof Error) || 'code' in error) throw error
    const wrong = new OptionError('securityHeaders', 'options that helmet takes', undefined)
    throw Object.assign(wrong, { message: error.message, cause: error })
  }
}
