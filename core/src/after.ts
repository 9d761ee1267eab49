/**
 * Sync stays sync: what is at hand is passed on in the same turn, what is promised when it comes.
 *
 * @module
 */

/**
 * Calls `then` with the value, at once if it is at hand, later if it is promised.
 *
 * Use it in place of `async` in a wrapper: an app that answers in the same turn then does so down to the socket.
 * A rejection passes through untouched.
 *
 * @example
 * return after(app(request, context), (response) => editHeaders(response, edit))
 */
export function after<T extends object, R>(value: T | Promise<T>, then: (value: T) => R | Promise<R>): R | Promise<R> {
  return isPromise(value) ? value.then(then) : then(value)
}

/** Tells whether a value is a promise, of this realm or another. */
export function isPromise<T extends object>(value: T | Promise<T>): value is Promise<T> {
  return value instanceof Promise || ('then' in value && typeof value.then === 'function')
}
