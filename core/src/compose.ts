/**
 * Composition is a fold, done once, when the site is put together.
 *
 *     compose(a, b, c)(app)  ===  a(b(c(app)))
 *
 * @module
 */
import type { AddsOf, App, NeedsOf, Wrapper } from './app.ts'
import { checkApp, isNodeListener } from './check-app.ts'
import { describe, OptionError } from './option-error.ts'
import { placedAs } from './place.ts'

/**
 * Composes wrappers into one, outermost first.
 *
 * The type of the result adds what all of them add, and needs what no wrapper further out has added. Warns, on the
 * console, of wrappers that stand in an order that harms, or twice.
 *
 * @param wrappers the outermost first, as they are read; none gives the wrapper that changes nothing
 * @throws {@link OptionError} `compose`, when something else than a wrapper is given
 * @example
 * compose(securityHeaders(), compression(), staticFiles('public'))(app)
 */
export function compose<const Wrappers extends readonly AnyWrapper[]>(
  ...wrappers: Wrappers
): Wrapper<AllAdds<Wrappers>, AllNeeds<Wrappers>> {
  wrappers.forEach((wrapper: unknown, index) => checkWrapper(`compose[${index}]`, wrapper))
  return placedAs(wrappers, (app: App<any>): App<any> => {
    checkApp('compose(…)', app)
    return wrappers.reduceRight((inner: App<any>, wrapper, index) => wrap(wrapper, inner, `compose[${index}]`), app)
  })
}

function checkWrapper(where: string, given: unknown): void {
  if (typeof given === 'function' && !isNodeListener(given)) return
  const instead = typeof given === 'function' ? 'middleware is a wrapper by fromConnect(middleware)' : insteadOf(given)
  throw new OptionError(where, aWrapper, given, false, instead)
}

function insteadOf(given: unknown): string {
  if (Array.isArray(given)) return 'write compose(...wrappers)'
  return given === undefined || typeof given === 'boolean' ? 'where there is none, write app => app' : ''
}

/** Puts one around the app. What fails then, or gives no app, was an app itself, or had to be called first. */
function wrap(wrapper: AnyWrapper, app: App<any>, where: string): App<any> {
  let made: App<any>
  try {
    made = wrapper(app)
  } catch (error) {
    if (wrapper.length < 2 || isOptionError(error)) throw error
    throw Object.assign(new OptionError(where, aWrapper, wrapper, false, isAnApp), { cause: error })
  }
  if (typeof made === 'function') return made
  throw new OptionError(where, aWrapper, made, false, `${describe(wrapper)} gave that; ${isAnApp}`)
}

const aWrapper = 'a wrapper, app => app'
const isAnApp = 'the app goes into a second call, compose(a, b)(app)'

function isOptionError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_OPTION'
}

type AnyWrapper = Wrapper<any, any>

type AllAdds<W extends readonly unknown[]> = W extends readonly [infer First, ...infer Rest]
  ? AddsOf<First> & AllAdds<Rest>
  : {}

type AllNeeds<W extends readonly unknown[], Added extends object = {}> = W extends readonly [infer First, ...infer Rest]
  ? Unmet<NeedsOf<First>, Added> & AllNeeds<Rest, Added & AddsOf<First>>
  : {}

type Unmet<Needs, Added> = [keyof Needs] extends [never] ? {} : Omit<Needs, keyof Added>
