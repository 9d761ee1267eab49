/**
 * What `console.log` shows of our own objects on Node. What they would inherit from the native classes looks for
 * native insides: that of Headers throws, that of Response turns the body into a stream.
 *
 * @module
 */

/**
 * Gives the objects of a class their own look.
 *
 * @param look what to show; must change nothing
 */
export function showAs<T>(prototype: T, name: string, look: (self: T) => object): void {
  // By its registered name (`util.inspect.custom`), which is to be had on every platform.
  Object.defineProperty(prototype, Symbol.for('nodejs.util.inspect.custom'), {
    configurable: true,
    writable: true,
    value(this: T, _depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
      return `${name} ${inspect(look(this), options)}`
    },
  })
}
