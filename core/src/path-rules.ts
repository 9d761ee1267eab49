/**
 * Rules about paths, as options of wrappers have them.
 *
 * @module
 */
import { OptionError } from './option-error.ts'
import { pathOf } from './path.ts'

/**
 * A path (`/health`), all paths below one (`/.well-known/*`), or a function that gives `true`.
 *
 * Paths are compared decoded, and in Unicode's form NFC, as `pathOf()` reads them.
 */
export type PathRule = string | ((request: Request, path: string) => boolean)

/**
 * Makes a test out of rules: does one of them hold for a request? None holds where a path has no one reading.
 *
 * @param option the option's path, for errors
 * @throws {@link OptionError} for what is no rule
 * @example
 * const isExempt = pathTest(['/health', '/.well-known/*'], 'httpsRedirect.exempt')
 */
export function pathTest(rules: readonly PathRule[], option: string): (request: Request) => boolean {
  if (!Array.isArray(rules)) throw new OptionError(option, 'a list of paths and functions', rules)
  const tests = rules.map((rule, index) => readRule(rule, `${option}[${index}]`))
  return (request) => {
    if (tests.length === 0) return false
    const path = pathOf(request)
    return path !== undefined && tests.some((test) => test(request, path))
  }
}

function readRule(rule: PathRule, option: string): (request: Request, path: string) => boolean {
  // Not merely truthy: the promise of an async function would hold always.
  if (typeof rule === 'function') return (request, path) => rule(request, path) === true
  if (typeof rule !== 'string' || !/^\/[^*?#]*\*?$/.test(rule) || /[^/]\*$/.test(rule)) {
    throw new OptionError(option, "a path such as '/health' or '/.well-known/*', or a function", rule)
  }
  // A file written on another system may spell it in NFD, which no reading of a path has.
  const wanted = rule.normalize('NFC')
  if (!wanted.endsWith('/*')) return (_request, path) => path === wanted
  const below = wanted.slice(0, -1)
  return (_request, path) => path.startsWith(below)
}
