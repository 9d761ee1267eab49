/**
 * What an app gives in the place of a Response, most often, and what to write instead.
 *
 * @module
 */
import { describe } from './option-error.ts'

/** The error of an app that gave none. */
export function noResponse(given: unknown): TypeError {
  return new TypeError(`An app must give a Response, or a promise of one, got ${describe(given)}${instead(given)}`)
}

function instead(given: unknown): string {
  if (given === undefined) return ' (is a return missing?)'
  if (typeof given === 'string') return ' (write respond(text))'
  // What makes an app was given as one, or a wrapper without its app: compose(a, b) for compose(a, b)(app).
  if (typeof given === 'function') return ' (what makes an app is called once, before: toNode(await makeApp()))'
  const isPlain =
    typeof given === 'object' && given !== null && Object.getPrototypeOf(given)?.constructor?.name === 'Object'
  return isPlain ? ' (write Response.json(value))' : ''
}
