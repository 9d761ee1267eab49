/**
 * Takes over four methods of a response, and its `destroy`.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import { destroyLater } from './cut.ts'
import { firstHoldOf, holdOf, setFirstHold, setHold } from './held.ts'
import { HoldingCalls } from './holding-calls.ts'
import type { Hold } from './hold.ts'
import type { Methods } from './methods.ts'

/** Holds what the app inside says on this response. */
export function install(res: ServerResponse): Hold {
  const outer = holdOf(res)
  const hold = new HoldingCalls(res, outer)
  setHold(res, hold)
  const target: Methods = res
  if (outer === undefined) {
    setFirstHold(res, hold)
    target.writeHead = hold.taken = writeHead
    target.write = write
    target.end = end
    target.flushHeaders = flushHeaders
    target.destroy = destroy
    return hold
  }
  // A nested onion. Its state cannot be looked up from res: what is found would call itself, for ever.
  hold.taken = (a, b, c) => (hold.passing ? hold.wire.writeHead.call(res, a, b, c) : hold.writeHead(a, b, c))
  target.writeHead = hold.taken
  target.write = (a, b, c) => (hold.passing ? hold.wire.write.call(res, a, b, c) : hold.write(a, b, c))
  target.end = (a, b, c) => (hold.passing ? hold.wire.end.call(res, a, b, c) : hold.end(a, b, c))
  target.flushHeaders = () => (hold.passing ? hold.wire.flushHeaders.call(res) : hold.flushHeaders())
  return hold
}

// Shared functions, so that a request costs one Hold and no closure.

function writeHead(this: ServerResponse, status: unknown, reason?: unknown, fields?: unknown): ServerResponse {
  const hold = firstHoldOf(this)
  return hold.passing ? hold.wire.writeHead.call(this, status, reason, fields) : hold.writeHead(status, reason, fields)
}

function write(this: ServerResponse, chunk: unknown, encoding?: unknown, callback?: unknown): boolean {
  const hold = firstHoldOf(this)
  return hold.passing ? hold.wire.write.call(this, chunk, encoding, callback) : hold.write(chunk, encoding, callback)
}

function end(this: ServerResponse, chunk?: unknown, encoding?: unknown, callback?: unknown): ServerResponse {
  const hold = firstHoldOf(this)
  return hold.passing ? hold.wire.end.call(this, chunk, encoding, callback) : hold.end(chunk, encoding, callback)
}

function flushHeaders(this: ServerResponse): void {
  const hold = firstHoldOf(this)
  if (hold.passing) hold.wire.flushHeaders.call(this)
  else hold.flushHeaders()
}

function destroy(this: ServerResponse, error?: Error): unknown {
  const hold = firstHoldOf(this)
  return hold.passing ? hold.wire.destroy.call(this, error) : destroyLater(hold, error)
}
