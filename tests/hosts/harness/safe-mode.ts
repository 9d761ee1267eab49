/**
 * The bridge without Node's internals. It makes up its mind at the first request.
 *
 * @module
 */
import process from 'node:process'

/** For this file of tests; call it first. */
export function forceSafeMode(): void {
  process.env['OUTERWARE_SAFE_MODE'] = '1'
}
