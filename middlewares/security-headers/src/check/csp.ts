/**
 * What a Content-Security-Policy lets pass, by the Observatory's rules.
 *
 * @module
 */
import { isLesser, judgePolicy } from './csp-rules.ts'
import { good, type Judgement } from './judgement.ts'
import { readPolicy } from './read-policy.ts'

/**
 * Judges the policies that are enforced together.
 *
 * Of several a fault counts if all of them have it: browsers heed each one.
 *
 * @param policies as they are sent, one each
 * @param isReported whether there is one that is only reported
 * @param secure whether the site itself is reached by https
 */
export function judgePolicies(policies: readonly string[], isReported: boolean, secure = true): Judgement[] {
  if (policies.length === 0) return [missing(isReported)]
  if (policies.some((policy) => policy.trim().length < 6)) return [invalid('is empty')]
  const repeated = policies.flatMap(repeatedDirectives)
  const twice = repeated.find((name) => !reporting.has(name))
  if (twice !== undefined) return [invalid(`says ${twice} twice, of which browsers take the first`)]
  const [first = [], ...others] = policies.map((policy) => judgePolicy(readPolicy(policy), secure))
  const faults = first.filter(({ code }) => others.every((other) => other.some((fault) => fault.code === code)))
  // A report that is asked for twice is named in the place of what costs little, as the Observatory does.
  if (repeated.length > 0 && (faults.length === 0 || isLesser(faults[0]!))) return [duplicate(repeated[0]!), ...faults]
  if (faults.length > 0) return faults
  const isClosed = policies.some((policy) => readPolicy(policy).get('default-src')?.join(' ') === "'none'")
  return [good(isClosed ? 'csp-implemented-with-no-unsafe-default-src-none' : 'csp-implemented-with-no-unsafe')]
}

function repeatedDirectives(policy: string): string[] {
  const names = policy.split(';').map((directive) => directive.trim().toLowerCase().split(/\s+/)[0]!)
  return names.filter((name, i) => name !== '' && names.indexOf(name) < i)
}

const reporting: ReadonlySet<string> = new Set(['report-uri', 'report-to'])

function missing(isReported: boolean): Judgement {
  const instead = "securityHeaders({ preset: 'strict' }), or securityHeaders() for a beginning"
  return isReported
    ? { code: 'csp-not-implemented-but-reporting-enabled', wrong: 'the policy is reported, and not enforced', instead }
    : { code: 'csp-not-implemented', wrong: 'there is no policy: a script that gets into a page runs', instead }
}

function invalid(what: string): Judgement {
  return {
    code: 'csp-header-invalid',
    wrong: `the policy ${what}`,
    instead: 'each directive once, each with its sources',
  }
}

function duplicate(name: string): Judgement {
  const code = 'csp-implemented-but-duplicate-directives'
  return { code, wrong: `the policy says ${name} twice, of which browsers take the first`, instead: `${name} once` }
}
