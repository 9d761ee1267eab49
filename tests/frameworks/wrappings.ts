/** The ways in which a suite is wrapped: none of them may change its mind. */
import { compose, type Wrapper } from '@outerware/core'
import { passOnLater, passOnSlowly, setField } from '../support/wrappers.ts'

export const wrappings = {
  one: passOnLater,
  ten: compose(...Array<Wrapper>(10).fill(passOnLater)),
  header: setField,
  slow: passOnSlowly,
} as const

export type WrappingName = keyof typeof wrappings

export const wrappingNames: readonly WrappingName[] = ['one', 'ten', 'header', 'slow']

export function isWrapping(name: string): name is WrappingName {
  return name in wrappings
}

export function wrapperOf(name: string): Wrapper {
  if (!isWrapping(name)) throw new Error(`No wrapping "${name}"; there are: ${wrappingNames.join(', ')}`)
  return wrappings[name]
}
