/**
 * Composition is a fold, done once, when the site is put together.
 *
 *     compose(a, b, c)(app)  ===  a(b(c(app)))
 *
 * @module
 */
import type { AddsOf, App, NeedsOf, Wrapper } from './app.ts'
import { OptionError } from './option-error.ts'

/**
 * Composes wrappers into one, outermost first.
 *
 * The type of the result adds what all of them add, and needs what no wrapper further out has added.
 *
 * @param wrappers the outermost first, as they are read; none gives the wrapper that changes nothing
 * @throws {@link OptionError} `compose`, when something else than a wrapper is given
 * @example
 * compose(securityHeaders(), compression(), staticFiles('public'))(app)
 */
export function compose<const Wrappers extends readonly AnyWrapper[]>(
  ...wrappers: Wrappers
): Wrapper<AllAdds<Wrappers>, AllNeeds<Wrappers>> {
  wrappers.forEach((wrapper: unknown, index) => {
    if (typeof wrapper !== 'function') {
      throw new OptionError(`compose[${index}]`, 'a wrapper, app => app', wrapper)
    }
  })
  return (app: App<any>): App<any> => {
    if (typeof app !== 'function') throw new OptionError('compose(…)', 'an app, (request, context) => Response', app)
    return wrappers.reduceRight((inner: App<any>, wrapper) => wrapper(inner), app)
  }
}

type AnyWrapper = Wrapper<any, any>

type AllAdds<W extends readonly unknown[]> = W extends readonly [infer First, ...infer Rest]
  ? AddsOf<First> & AllAdds<Rest>
  : {}

type AllNeeds<W extends readonly unknown[], Added extends object = {}> = W extends readonly [infer First, ...infer Rest]
  ? Unmet<NeedsOf<First>, Added> & AllNeeds<Rest, Added & AddsOf<First>>
  : {}

type Unmet<Needs, Added> = [keyof Needs] extends [never] ? {} : Omit<Needs, keyof Added>
