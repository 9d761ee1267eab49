/**
 * What it does, and the RFC and section that say so.
 *
 *     request  ─────────────▶ app
 *     response ◀─ a field ─── app
 *
 * @module
 */
import { editHeaders, fromHooks, OptionError, type Hooks, type Wrapper } from '@outerware/core'

/** Options of {@link myWrapper}. */
export interface MyWrapperOptions {
  /**
   * What the field `X-My-Wrapper` says.
   *
   * @default 'on'
   */
  readonly value?: string
}

/**
 * Wraps an app so that its responses carry `X-My-Wrapper`. What the app has set stays.
 *
 * @throws {@link OptionError} `myWrapper.value`, once, for what is no text
 * @example
 * export default myWrapper()(app)
 */
export function myWrapper(options: MyWrapperOptions = {}): Wrapper {
  return fromHooks(myWrapperHooks(options))
}

/** The same as hooks, for a framework that runs them itself. */
export function myWrapperHooks({ value = 'on' }: MyWrapperOptions = {}): Hooks {
  if (typeof value !== 'string' || value === '') throw new OptionError('myWrapper.value', 'a text', value)
  return {
    response(response) {
      if (response.headers.has('x-my-wrapper')) return response
      return editHeaders(response, (headers) => headers.set('x-my-wrapper', value))
    },
  }
}
