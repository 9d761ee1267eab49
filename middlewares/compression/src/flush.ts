/**
 * `res.flush()`, as the `compression` middleware has it: apps that were written for that call it.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Context } from '@outerware/core'

/** Gives a Node app's `res` the method, unless it has one. */
export function offerFlush({ node }: Context): void {
  if (node === undefined) return
  const res: ServerResponse & { flush?: () => void } = node.res
  res.flush ??= flush
}

/** Sends on what was written; before there is a head it does nothing, for the app may not have said all of it. */
function flush(this: ServerResponse): void {
  if (this.headersSent && !this.writableEnded) this.flushHeaders()
}
