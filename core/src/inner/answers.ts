/**
 * What views and hooks give, checked, so that whoever gives nothing is reported by name.
 *
 * @module
 */
import type { Answer } from './hooks.ts'
import { isLazy } from './lazy.ts'

/** Tells whether a value is a promise, of whichever realm. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/**
 * Gives on what is a Response, and nothing else.
 *
 * @param who begins the message: `The view article (/articles/:slug)`
 */
export function checkResponse(given: unknown, who: string): Response {
  if (isResponse(given) && !isLazy(given)) return given
  const what = isLazy(given) ? 'render(…), which only views, view hooks and errors may give' : describe(given)
  throw new TypeError(`${who} gave ${what}: it must return a Response`)
}

/** The same for what may be rendered late. */
export function checkAnswer(given: unknown, who: string): Answer {
  if (isLazy(given) || isResponse(given)) return given
  throw new TypeError(`${who} gave ${describe(given)}: it must return a Response, or render(…)`)
}

/** The same for what may be nothing at all, now or later: then the cycle goes on. */
export function checkHook(
  given: Response | void | Promise<Response | void>,
  who: string,
): Response | undefined | Promise<Response | undefined> {
  const check = (one: unknown): Response | undefined =>
    one === undefined || one === null ? undefined : checkResponse(one, who)
  return isThenable(given) ? Promise.resolve(given).then(check) : check(given)
}

/** As far as one can be told from something else, in any realm. */
function isResponse(given: unknown): given is Response {
  return typeof given === 'object' && given !== null && 'status' in given && 'headers' in given
}

function describe(given: unknown): string {
  if (given === undefined || given === null) return String(given)
  return typeof given === 'object' ? 'an object' : `a ${typeof given}`
}

/**
 * Runs each in turn, the next when the one before is done.
 *
 * @returns `undefined` if none of them had to be waited for
 */
export function eachInTurn<T>(all: readonly T[], run: (one: T) => unknown, from = 0): Promise<void> | undefined {
  for (let i = from; i < all.length; i++) {
    const done = run(all[i]!)
    if (isThenable(done)) return Promise.resolve(done).then(() => eachInTurn(all, run, i + 1))
  }
  return undefined
}
