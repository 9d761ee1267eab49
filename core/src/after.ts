/**
 * Sync stays sync: what is at hand is passed on in the same turn, what is promised when it comes.
 *
 * @module
 */

import { noResponse } from './no-response.ts'

/**
 * Calls `then` with the value, at once if it is at hand, later if it is promised.
 *
 * Use it in place of `async` in a wrapper: an app that answers in the same turn then does so down to the socket.
 * A rejection passes through untouched.
 *
 * @throws TypeError for an app that gave nothing: thrown, or as a rejection if nothing was promised
 * @example
 * return after(app(request, context), (response) => editHeaders(response, edit))
 */
export function after<T extends object, R>(value: T | Promise<T>, then: (value: T) => R | Promise<R>): R | Promise<R> {
  if (!isPromise(value)) return then(value)
  return value.then((settled) => {
    check(settled)
    return then(settled)
  })
}

/**
 * Tells whether a value is a promise, of this realm or another.
 *
 * @throws TypeError for what can be neither: an app that gave nothing
 */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  if (value instanceof Promise) return true
  check(value)
  return 'then' in value && typeof value.then === 'function'
}

function check(value: unknown): asserts value is object {
  if (typeof value === 'object' && value !== null) return
  throw noResponse(value)
}
