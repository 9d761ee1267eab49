/**
 * What a page's own fields leave open beyond the Observatory's rules. It costs no points.
 *
 * @module
 */
import { policiesOf } from './fields.ts'
import { readPolicy } from './read-policy.ts'
import type { AdviceCode, SecurityFinding } from './score.ts'
import { fieldOf, type Page } from './seen.ts'

/** Makes a finding that costs nothing. */
export function advice(code: AdviceCode, wrong: string, instead: string): SecurityFinding {
  return { code, points: 0, wrong, instead }
}

/** All that the fields of one page tell. */
export function* adviseOnPage(page: Page): Generator<SecurityFinding> {
  const policies = policiesOf(page).map(readPolicy)
  if (policies.length > 0 && !policies.some((policy) => policy.has('base-uri'))) {
    const wrong = 'the policy lets an injected <base> move the scripts that a page names by a path'
    yield advice('csp-base-uri-missing', wrong, "base-uri 'none', or 'self'")
  }
  yield* adviseOnTransport(fieldOf(page.fields, 'strict-transport-security') ?? '')
  const powered = fieldOf(page.fields, 'x-powered-by')
  if (powered !== undefined) {
    yield advice(
      'x-powered-by',
      `X-Powered-By says ${powered}, what the site is made with`,
      'securityHeaders(), which removes it',
    )
  }
  yield* adviseOnReports(page)
}

const aYear = 31_536_000

function* adviseOnTransport(transport: string): Generator<SecurityFinding> {
  if (!/;\s*preload\b/i.test(transport)) return
  const maxAge = Number(/max-age="?(\d+)/i.exec(transport)?.[1] ?? 0)
  if (maxAge >= aYear && /;\s*includesubdomains\b/i.test(transport)) return
  const wrong = 'Strict-Transport-Security asks for preload, and the list will refuse it'
  yield advice('hsts-preload-refused', wrong, `a max-age of at least ${aYear}, and includeSubDomains`)
}

function* adviseOnReports({ fields }: Page): Generator<SecurityFinding> {
  const named = fieldOf(fields, 'reporting-endpoints') ?? ''
  const groups = fieldOf(fields, 'report-to') ?? ''
  for (const name of ['content-security-policy', 'content-security-policy-report-only']) {
    const [endpoint] = (fields.get(name) ?? []).flatMap((policy) => readPolicy(policy).get('report-to') ?? [])
    if (endpoint === undefined || isNamed(endpoint, named) || groups.includes(`"${endpoint}"`)) continue
    const wrong = `a policy sends its reports to "${endpoint}", and no Reporting-Endpoints says where that is`
    yield advice('csp-report-to-unknown', wrong, `securityHeaders({ reportingEndpoints: { ${endpoint}: '/…' } })`)
  }
}

function isNamed(endpoint: string, dictionary: string): boolean {
  return dictionary.split(',').some((member) => member.trim().startsWith(`${endpoint}=`))
}
