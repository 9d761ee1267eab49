/** Wrappers that change nothing, or one header: what is inside must not notice. */
import { setTimeout as pause } from 'node:timers/promises'
import { after, editHeaders, type Wrapper } from '@outerware/core'

export const passOn: Wrapper = (app) => (request, context) => app(request, context)

/** `async` is the point here. */
export const passOnLater: Wrapper = (app) => async (request, context) => await app(request, context)

/** 5 ms on the way in, 15 ms after the head on the way out. */
export const passOnSlowly: Wrapper = (app) => async (request, context) => {
  await pause(5)
  const response = await app(request, context)
  await pause(15)
  return response
}

/** Adds `x-outer: 1`. */
export const setField: Wrapper = (app) => (request, context) =>
  after(app(request, context), (response) => editHeaders(response, (headers) => headers.set('x-outer', '1')))
