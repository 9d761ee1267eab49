/**
 * From Hono to an App: what the wrappers have put on the context are Hono's bindings.
 *
 * @module
 */
import { after, editHeaders, type App, type Context } from '@outerware/core'
import type { Hono } from 'hono'

/**
 * Makes an App of a Hono app. `Wants` is what it reads of the context beside what is always there: `fromHono<object>(…)`
 * for nothing. In its handlers `c.env` is the context, and `c.executionCtx.waitUntil()` works.
 */
export function fromHono<Wants extends object = {}>(hono: Hono<{ Bindings: Context & Wants }>): App<Wants> {
  return (request, context) => {
    const response = hono.fetch(request, context, {
      waitUntil: (task) => context.waitUntil(task),
      passThroughOnException() {},
      props: {},
    })
    return after(response, withoutHops)
  }
}

/**
 * Hono's stream helpers say how the connection is to be kept and the body to be framed. That is for the server to say
 * (RFC 9110, section 7.6.1), and `compression()` leaves a body alone that is framed already.
 */
function withoutHops(response: Response): Response {
  if (!response.headers.has('transfer-encoding')) return response
  return editHeaders(response, (headers) => {
    headers.delete('transfer-encoding')
    headers.delete('connection')
  })
}
