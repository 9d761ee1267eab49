/**
 * Reporting-Endpoints: names for the places where browsers send their reports.
 *
 * @module
 */
import { OptionError } from '@outerware/core'

/** URLs by name: absolute with https, or a path of this site. */
export type ReportingEndpoints = Readonly<Record<string, string>>

/**
 * Writes the field.
 *
 * @throws {@link OptionError} for a name that is no key of a dictionary (RFC 9651, section 3.2), or a URL that browsers drop
 * @example
 * reportingEndpointsField({ csp: '/reports/csp' }) // csp="/reports/csp"
 * @see https://www.w3.org/TR/reporting-1/#header
 */
export function reportingEndpointsField(endpoints: ReportingEndpoints): string {
  return Object.entries(endpoints)
    .map(([name, url]) => `${checkName(name)}="${checkUrl(name, url)}"`)
    .join(', ')
}

function checkName(name: string): string {
  if (/^[a-z*][a-z0-9_.*-]*$/.test(name)) return name
  throw new OptionError('securityHeaders.reportingEndpoints', 'made of names in lower case, such as csp', name)
}

function checkUrl(name: string, url: unknown): string {
  const parsed = typeof url === 'string' && URL.canParse(url, origin) ? new URL(url, origin) : undefined
  const own = parsed?.origin === origin && typeof url === 'string' && url.startsWith('/')
  if (parsed?.protocol !== 'https:' || (parsed.origin === origin && !own)) {
    const wanted = 'a URL with https, or a path of this site that begins with /'
    throw new OptionError(`securityHeaders.reportingEndpoints.${name}`, wanted, url)
  }
  // A URL may have a backslash in its query; a string has it escaped (RFC 9651, section 3.3.3).
  return (own ? `${parsed.pathname}${parsed.search}` : parsed.href).replaceAll('\\', '\\\\')
}

/** Stands for the site itself while a path is read. */
const origin = 'https://site.invalid'
