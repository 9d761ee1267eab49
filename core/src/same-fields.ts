/**
 * Heads that an app gives again: what was worked out for one holds for the next that says the same.
 *
 * @module
 */
import { PreparedHeaders } from './prepare.ts'
import { LightResponse } from './respond.ts'

/**
 * Copies the fields of a response that `respond()` has made, in their order and case.
 *
 * They are not checked again, so this costs as much as to copy an array.
 *
 * @returns `undefined` for any other response
 */
export function copyFields(response: Response): PreparedHeaders | undefined {
  return response instanceof LightResponse ? new PreparedHeaders(listOf(response).slice()) : undefined
}

/**
 * Tells whether a response that `respond()` has made has these fields and no others, in that order and case; of any
 * other response it says no.
 *
 * An app mostly gives the very same strings again, so this costs less than to look for one name among them.
 */
export function hasFields(response: Response, { list }: PreparedHeaders): boolean {
  if (!(response instanceof LightResponse)) return false
  const own = listOf(response)
  return own.length === list.length && own.every((text, i) => text === list[i])
}

/** Without asking to see those that are prepared: they would be so no more. */
function listOf(light: LightResponse): readonly string[] {
  return light.prepared?.list ?? light.list
}
