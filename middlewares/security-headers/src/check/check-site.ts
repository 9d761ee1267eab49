/**
 * The shapes of what `checkSecurity()` is given: a check that passes over a slip of the pen is none.
 *
 * @module
 */
import { OptionError } from '@outerware/core'

const wrappers = ['securityHeaders', 'httpsRedirect', 'allowedHosts', 'crossOriginProtection', 'trustedProxy']
const known = [...wrappers, 'ignore']

/** @throws OptionError for what no wrapper of that name takes */
export function checkSite(site: unknown): void {
  if (!isObject(site)) throw new OptionError('checkSecurity(…)', `an object with any of ${known.join(', ')}`, site)
  const given = new Map(Object.entries(site))
  for (const [name, value] of given) {
    if (!known.includes(name)) throw new OptionError(`checkSecurity.${name}`, `one of ${known.join(', ')}`, value)
  }
  for (const name of ['httpsRedirect', 'crossOriginProtection', 'trustedProxy']) {
    const value = given.get(name)
    if (!isOff(value) && !isObject(value)) throw new OptionError(`checkSecurity.${name}`, 'false or its options', value)
  }
  checkTexts('allowedHosts', given.get('allowedHosts'), 1)
  checkTexts('ignore', given.get('ignore'), 0)
  checkMember(given.get('trustedProxy'), 'trustedProxy', 'proxies', true)
  checkMember(given.get('crossOriginProtection'), 'crossOriginProtection', 'trustedOrigins', false)
}

function checkMember(options: unknown, wrapper: string, name: string, needed: boolean): void {
  if (!isObject(options)) return
  const value = new Map<string, unknown>(Object.entries(options)).get(name)
  if (value !== undefined || needed) checkTexts(`${wrapper}.${name}`, value ?? null, needed ? 1 : 0)
}

function checkTexts(name: string, value: unknown, least: number): void {
  if (isOff(value)) return
  const isList = Array.isArray(value) && value.length >= least
  if (isList && value.every((one) => typeof one === 'string' && one !== '')) return
  throw new OptionError(`checkSecurity.${name}`, `a list of texts${least > 0 ? ', one at least' : ''}`, value)
}

function isOff(value: unknown): boolean {
  return value === undefined || value === false
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
