/**
 * `end` without the detour: over HTTP/2 it calls `write` and `writeHead` of the response, which are the hold's.
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { Methods } from '../hold/install.ts'

/** An `end` that writes its chunk by that `write`, whatever stands on the response. */
export function wholeEnd(end: Methods['end'], write: Methods['write']): Methods['end'] {
  return function (this: ServerResponse, chunk, encoding, callback) {
    return withMethod(this, 'write', write, () => end.call(this, chunk, encoding, callback))
  }
}

/** Runs with another method in the place of a response's own. */
export function withMethod<T>(res: Methods, name: 'write' | 'writeHead', method: unknown, run: () => T): T {
  const own = res[name]
  Reflect.set(res, name, method)
  try {
    return run()
  } finally {
    Reflect.set(res, name, own)
  }
}
