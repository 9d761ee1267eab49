/**
 * The access log: a number for each request, a logger that knows it, and one line at the end.
 *
 *     request  ─▶ x-request-id, or a new one ─▶ app      context.log writes lines with the same number
 *     response ◀─ x-request-id ◀─────────────── app
 *     finished ─▶ {"id":…,"method":"GET","path":"/","status":200,"outcome":"sent","ms":3.1,…}
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { after, editHeaders, pathOf, provide, type Context, type Finished, type Wrapper } from '@outerware/core'
import type { Logger } from 'pino'

/** What is added to the context. */
export interface Logged {
  /** Writes lines that carry the number of this request. */
  log: Logger
}

/**
 * Wraps an app so that each request leaves one line.
 *
 * @param fields what else is to be known at the end, of what wrappers inside have put on the context
 * @example
 * accessLog(logger, ({ auth }) => ({ user: auth?.sub }))
 */
export function accessLog(
  logger: Logger,
  fields: (context: Context & Record<string, any>) => object = () => ({}),
): Wrapper<Logged> {
  return (app) => (request, context) => {
    const start = performance.now()
    const id = numberOf(request) ?? randomUUID()
    const log = logger.child({ id })
    // The path without its query: that is where tokens and addresses are.
    const { method } = request
    const path = pathOf(request) ?? request.url.replace(/[?#].*/s, '')

    // Asked now: of a socket that is gone nobody knows the address. trustedProxy(), inside, may know better.
    const peer = context.ip

    context.onFinish((finished) => {
      const { status, outcome, bytes } = finished
      const ms = Math.round((performance.now() - start) * 10) / 10
      const line = { method, path, status, outcome, ms, ip: context.ip ?? peer, ...(bytes !== undefined && { bytes }) }
      const err = finished.error === null ? {} : { err: finished.error }
      log[levelOf(finished)]({ ...line, ...err, ...fields(context) }, `${method} ${path}`)
    })
    return after(app(request, provide(context, { log })), (response) =>
      editHeaders(response, (headers) => headers.set('x-request-id', id)),
    )
  }
}

/** The number that a proxy in front has given, if it is one that cannot break a log. */
function numberOf(request: Request): string | undefined {
  const given = request.headers.get('x-request-id') ?? ''
  return /^[\w.-]{8,64}$/.test(given) ? given : undefined
}

function levelOf({ status, outcome }: Finished): 'error' | 'warn' | 'info' {
  if (outcome === 'error' || (status ?? 0) >= 500) return 'error'
  return outcome === 'aborted' ? 'warn' : 'info'
}
