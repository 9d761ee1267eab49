/**
 * `end` without the detour: over HTTP/2, and in Bun, it calls other methods of the response, which are the hold's.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Methods } from '../hold/methods.ts'

/** An `end` that writes its chunk by that `write`, and ends by itself, whatever stands on the response. */
export function wholeEnd(end: Methods['end'], write: Methods['write']): Methods['end'] {
  return function (this: ServerResponse, chunk, encoding, callback) {
    const run = (): ServerResponse => end.call(this, chunk, encoding, callback)
    return withMethod(this, 'end', end, () => withMethod(this, 'write', write, run))
  }
}

/** Runs with another method in the place of a response's own. */
export function withMethod<T>(res: Methods, name: 'end' | 'write' | 'writeHead', method: unknown, run: () => T): T {
  const own = res[name]
  Reflect.set(res, name, method)
  try {
    return run()
  } finally {
    Reflect.set(res, name, own)
  }
}
