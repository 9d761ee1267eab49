/**
 * Checks of option values, each saying the option, what is wanted, and what was given.
 *
 * @module
 */
import { constants } from 'node:zlib'
import { checkNames, OptionError } from '@outerware/core'

/** Parameters of a codec, by the numbers that `constants` of `node:zlib` gives them. */
export interface CodecParams {
  readonly params?: Readonly<Record<number, number>>
}

/** Refuses what is no object with members of these names. */
export function checkMembers(option: string, given: object, names: readonly string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new OptionError(option, `an object with ${names.join(', ')}`, given)
  }
  checkNames(option, given, names)
}

/** Refuses what is no whole number from `least` to `most`. */
export function checkWhole(option: string, given: number, least: number, most: number): void {
  if (Number.isInteger(given) && given >= least && given <= most) return
  throw new OptionError(option, least === most ? String(least) : `a whole number from ${least} to ${most}`, given)
}

/** Refuses what is no whole number from `least` on; infinity is none. */
export function checkCount(option: string, given: number, least: number, unit: string): void {
  if (Number.isInteger(given) && given >= least) return
  throw new OptionError(option, `a whole number of ${unit} >= ${least}`, given)
}

/** Ranges that Node does not check but cuts to, or that a browser could not decode. */
const ranges: Readonly<Record<string, readonly [name: string, least: number, most: number]>> = {
  [`brotli ${constants.BROTLI_PARAM_QUALITY}`]: ['BROTLI_PARAM_QUALITY', 0, 11],
  [`brotli ${constants.BROTLI_PARAM_LGWIN}`]: ['BROTLI_PARAM_LGWIN', 10, 24],
  // `br` has no large windows (RFC 7932, section 9.1).
  [`brotli ${constants.BROTLI_PARAM_LARGE_WINDOW}`]: ['BROTLI_PARAM_LARGE_WINDOW', 0, 0],
  // Nobody needs to decode a window above 8 MB (RFC 9659, section 3).
  [`zstd ${constants.ZSTD_c_windowLog}`]: ['ZSTD_c_windowLog', 10, 23],
}

/** Checks the parameters of a codec, by itself and then by letting Node try them. */
export function checkParams(codec: 'brotli' | 'zstd', given: CodecParams, attempt: () => unknown): void {
  const option = `compression.${codec}`
  checkMembers(option, given, ['params'])
  if (given.params === undefined) return
  for (const [key, value] of Object.entries(given.params)) {
    const range = ranges[`${codec} ${key}`]
    if (range !== undefined) checkWhole(`${option}.params[${range[0]}]`, value, range[1], range[2])
  }
  try {
    attempt()
  } catch (error) {
    const reason = typeof error === 'object' && error !== null && 'message' in error ? error.message : error
    throw new OptionError(`${option}.params`, `what node:zlib takes (${String(reason)})`, given.params)
  }
}

/** `"a", "b" or "c"`. */
export function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`)
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`
}
