/**
 * Clear-Site-Data: what a browser forgets of a site, at sign-out for one.
 *
 * @module
 */
import { OptionError } from '@outerware/core'

/** What can be cleared; `'*'` is everything, of what comes in later versions too. */
export type SiteData = (typeof kinds)[number]

const kinds = [
  'cache',
  'clientHints',
  'cookies',
  'executionContexts',
  'prefetchCache',
  'prerenderCache',
  'storage',
  '*',
] as const

/**
 * Writes the value of a `Clear-Site-Data` field, which browsers heed over https only.
 *
 * @param data one kind or more
 * @throws {@link OptionError} `clearSiteData`, for an empty list or an unknown kind
 * @example
 * respond('bye', { headers: { 'clear-site-data': clearSiteData(['cookies', 'storage']) } })
 * // Clear-Site-Data: "cookies", "storage"
 * @see https://www.w3.org/TR/clear-site-data/#header
 */
export function clearSiteData(data: readonly SiteData[]): string {
  if (!Array.isArray(data) || data.length === 0) throw new OptionError('clearSiteData(data)', 'a list of kinds', data)
  for (const kind of data) {
    if (!kinds.includes(kind)) throw new OptionError('clearSiteData(data)', `made of ${kinds.join(', ')}`, kind)
  }
  return data.map((kind) => `"${kind}"`).join(', ')
}
