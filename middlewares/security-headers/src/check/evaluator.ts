/**
 * Google's `csp_evaluator`, asked about a policy. It is loaded here and nowhere else: sites that are served need it not.
 *
 * @module
 */
import type { Finding } from 'csp_evaluator/dist/finding.js'
import type { SecurityFinding } from './score.ts'

/**
 * Gives what the evaluator has found in the policies of a page, each thing once. Its remarks on what browsers of today
 * pass over are left out.
 */
export async function evaluatePolicies(policies: readonly string[]): Promise<SecurityFinding[]> {
  const { CspEvaluator, DEFAULT_CHECKS, STRICTCSP_CHECKS } = await import('csp_evaluator/dist/evaluator.js')
  const { Severity, Type } = await import('csp_evaluator/dist/finding.js')
  const { CspParser } = await import('csp_evaluator/dist/parser.js')
  const found = policies.flatMap((policy) =>
    new CspEvaluator(new CspParser(policy).csp)
      .evaluate(STRICTCSP_CHECKS, DEFAULT_CHECKS)
      .filter(({ severity }) => severity < Severity.NONE)
      .toSorted((a, b) => a.severity - b.severity)
      .map((finding) => toFinding(finding, Type[finding.type] ?? 'UNKNOWN')),
  )
  return [...new Map(found.map((finding) => [finding.wrong, finding])).values()]
}

function toFinding({ directive, value, description }: Finding, type: string): SecurityFinding {
  const where = value === undefined ? directive : `${directive} ${value}`
  return {
    code: `csp-evaluator-${type.toLowerCase().replaceAll('_', '-')}`,
    points: 0,
    wrong: `${where}: ${description.trim()}`,
    instead: mends[type]?.(directive) ?? strict,
  }
}

const strict = "script-src 'nonce-…' 'strict-dynamic', as securityHeaders({ preset: 'strict' }) sends it"
const asSpelt = (directive: string): string => `${directive} as CSP Level 3 spells it`

const mends: Readonly<Record<string, (directive: string) => string>> = {
  MISSING_DIRECTIVES: (directive) => (directive === 'script-src' ? strict : `${directive} 'none'`),
  MISSING_SEMICOLON: asSpelt,
  UNKNOWN_DIRECTIVE: asSpelt,
  INVALID_KEYWORD: asSpelt,
  OBJECT_ALLOWLIST_BYPASS: () => "object-src 'none'",
  IP_SOURCE: (directive) => `${directive} with the name of the host`,
  NONCE_LENGTH: () => 'securityHeaders({ nonce: true }): 16 random bytes for each request',
  NONCE_CHARSET: () => 'securityHeaders({ nonce: true }): 16 random bytes in base64',
  SRC_HTTP: (directive) => `${directive} with https: in place of http:`,
  SCRIPT_UNSAFE_EVAL: (directive) => `${directive} without 'unsafe-eval'`,
  DEPRECATED_DIRECTIVE: (directive) => `the policy without ${directive}`,
  REQUIRE_TRUSTED_TYPES_FOR_SCRIPTS: () => "require-trusted-types-for 'script'",
}
