/**
 * Checks of the options of presets.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import { isLoopback, object, webAddress } from '../settings/checks.ts'

/** The options, with no other ones than these. */
export function optionsOf<T extends object>(name: string, options: T, keys: readonly (keyof T & string)[]): Partial<T> {
  if (typeof options !== 'object' || options === null) throw new OptionError(name, 'called with an object', options)
  return object(name, options, keys)
}

/** A string of that form. */
export function checkedText(option: string, value: unknown, form: RegExp, wanted: string): void {
  if (typeof value !== 'string' || !form.test(value)) throw new OptionError(option, wanted, value)
}

/** The URL that others are made of, without a slash at its end. On loopback it may be http. */
export function rootOf(option: string, value: unknown): string {
  const url = webAddress(option, value)
  secured(option, url)
  return url.href.replace(/\/+$/, '')
}

/** A URL that may have a query. */
export function addressOf(option: string, value: unknown): string {
  const wanted = 'an https:// URL without user or fragment'
  if (typeof value !== 'string' || !URL.canParse(value) || value.includes('#'))
    throw new OptionError(option, wanted, value)
  const url = new URL(value)
  if (url.username !== '' || url.password !== '') throw new OptionError(option, wanted, value)
  secured(option, url)
  return value
}

/** http is for tests: `allowInsecureRequests` of the wrapper decides whether a request is made. */
function secured(option: string, url: URL): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return
  throw new OptionError(option, 'an https:// URL', url.href)
}
