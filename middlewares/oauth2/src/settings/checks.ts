/**
 * Checks of single options. Each gives the value back, or throws an {@link OptionError} that says what is wanted.
 *
 * @module
 */
import { checkNames, OptionError } from '@outerware/core'

/** What mostly comes from the environment, and is not there if it was not set. */
export function credential(option: string, value: unknown, secret = false): string {
  if (value !== undefined && value !== '') return text(option, value, secret)
  const instead = 'is a variable of the environment not set?'
  throw new OptionError(option, 'a string that is not empty', value, false, instead)
}

/** A string with something in it. */
export function text(option: string, value: unknown, secret = false): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw new OptionError(option, 'a string that is not empty', value, secret)
}

/** A number of seconds or bytes. */
export function atLeast(option: string, value: unknown, least: number, unit: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value
  throw new OptionError(option, `a whole number of ${unit} >= ${least}`, value)
}

export function flag(option: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new OptionError(option, 'true or false', value)
  return value
}

export function oneOf<const T extends string>(option: string, value: unknown, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw new OptionError(option, choices.map((choice) => `'${choice}'`).join(' or '), value)
  return found
}

export function callable(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') throw new OptionError(option, 'a function', value)
}

/** A list of strings. */
export function texts(option: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw new OptionError(option, 'a list of strings', value)
  return value.map((member, index) => text(`${option}[${index}]`, member))
}

/** An object with no other keys than these: a misspelt option is worse than a missing one. */
export function object<T extends object>(
  option: string,
  value: T | undefined,
  keys: readonly (keyof T & string)[],
): Partial<T> {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new OptionError(option, 'an object', value)
  checkNames(option, value, keys, true)
  return value
}

/** A URL of http or https without user, query and fragment. */
export function webAddress(option: string, value: unknown): URL {
  const wanted = 'an https:// URL without user, query or fragment'
  const given = value instanceof URL ? value.href : value
  if (typeof given !== 'string' || !URL.canParse(given)) throw new OptionError(option, wanted, value)
  const url = new URL(given)
  const plain = url.username === '' && url.password === '' && !given.includes('?') && !given.includes('#')
  if ((url.protocol !== 'https:' && url.protocol !== 'http:') || !plain) throw new OptionError(option, wanted, given)
  return url
}

/** A decoded path, such as `/public`. */
export function decodedPath(option: string, value: unknown): string {
  const wanted = 'a decoded path that begins with / and has no dot segments, query or escapes'
  if (typeof value !== 'string' || !value.startsWith('/') || unlikely.test(value))
    throw new OptionError(option, wanted, value)
  return value.normalize('NFC')
}

// oxlint-disable-next-line no-control-regex
const unlikely = /[\x00-\x1f\x7f?#\\]|%[0-9a-f]{2}|\/\.\.?(?:\/|$)/i

/** Tells whether a URL stays on this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d+){3}$/.test(hostname)
  )
}
