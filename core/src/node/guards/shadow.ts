/**
 * A property that says something else for a while.
 *
 * @module
 */

/**
 * Puts an own accessor over a property: it says `true` while `isTrue` does, else what the property says by itself.
 * What is assigned goes to the property underneath.
 *
 * @returns reads the property underneath
 */
export function shadow(target: object, name: string, isTrue: () => boolean): () => unknown {
  const under = descriptorOf(target, name)
  let value: unknown = under?.value
  const read = (): unknown => (under?.get === undefined ? value : under.get.call(target))
  Object.defineProperty(target, name, {
    configurable: true,
    enumerable: under?.enumerable ?? true,
    get: () => isTrue() || read(),
    set(given: unknown) {
      if (under?.set === undefined) value = given
      else under.set.call(target, given)
    },
  })
  return read
}

function descriptorOf(target: object, name: string): PropertyDescriptor | undefined {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at)) {
    const found = Object.getOwnPropertyDescriptor(at, name)
    if (found !== undefined) return found
  }
  return undefined
}
