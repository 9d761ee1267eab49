/**
 * From the Observatory's results to its score and grade, and to findings.
 *
 * @module
 */
import { modifiers, type Judgement, type ObservatoryCode } from './judgement.ts'

/** A finding's code: a result of the Observatory, one of Outerware's own, or a type of Google's `csp_evaluator`. */
export type SecurityCode = ObservatoryCode | AdviceCode | `csp-evaluator-${string}`

/** What the Observatory does not look at. Each costs nothing. */
export type AdviceCode =
  /** A policy does not limit `<base>`. */
  | 'csp-base-uri-missing'
  /** A policy sends its reports to an endpoint that no `Reporting-Endpoints` names. */
  | 'csp-report-to-unknown'
  /** `Strict-Transport-Security` asks for preload without what the list wants. */
  | 'hsts-preload-refused'
  /** `X-Powered-By` tells what the site is made with. */
  | 'x-powered-by'
  /** Some answers lack headers that the page has. */
  | 'headers-missing-elsewhere'
  /** The site answers for a host that it cannot know. */
  | 'host-not-checked'
  /** The site believes `X-Forwarded-Host` of whoever sends it. */
  | 'forwarded-host-believed'
  /** Nobody holds cross-origin requests against a rule. */
  | 'cross-origin-protection-missing'
  /** Every path is bypassed, or an origin by http is trusted. */
  | 'cross-origin-protection-open'
  /** The redirect to https is still on trial. */
  | 'redirection-temporary'
  /** A list of hosts takes in whole top-level domains. */
  | 'allowed-hosts-broad'
  /** More addresses than a network of one's own may speak for others. */
  | 'trusted-proxy-broad'

/** What is open. */
export interface SecurityFinding {
  readonly code: SecurityCode
  /** What the Observatory takes off for it; 0 for advice, and for what it counts under a worse fault of the same test. */
  readonly points: number
  readonly wrong: string
  readonly instead: string
}

/** The result of a check. */
export interface SecurityCheck {
  /** The Observatory's, from 0. */
  readonly score: number
  /** The Observatory's, from `A+` (100 and more) to `F`. */
  readonly grade: Grade
  /** What to mend, the worst first. */
  readonly findings: readonly SecurityFinding[]
}

/** From the best down. */
export const grades = ['A+', 'A', 'A-', 'B+', 'B', 'B-', 'C+', 'C', 'C-', 'D+', 'D', 'D-', 'F'] as const

/** A grade of the Observatory. */
export type Grade = (typeof grades)[number]

/**
 * Adds up.
 *
 * @param tests the judgements of each test, of which the first counts
 * @param advice what else is to be mended
 * @param ignored codes that somebody else sees to: they cost nothing and are not named
 */
export function score(
  tests: readonly (readonly Judgement[])[],
  advice: readonly SecurityFinding[],
  ignored: readonly string[],
): SecurityCheck {
  const heeded = tests.map((judgements) => judgements.filter(({ code }) => !ignored.includes(code)))
  const points = heeded.map(([first]) => (first === undefined ? 0 : modifiers[first.code]))
  const own = heeded.flatMap((judgements, test) =>
    judgements.map((judgement, i): SecurityFinding => ({
      ...judgement,
      points: i === 0 ? Math.min(0, points[test]!) : 0,
    })),
  )
  const findings = [...own.filter(({ wrong }) => wrong !== ''), ...advice.filter(({ code }) => !ignored.includes(code))]
  const total = totalOf(points)
  return { score: total, grade: gradeOf(total), findings: findings.toSorted((a, b) => a.points - b.points) }
}

/** Bonuses are for who has 90 without them. */
function totalOf(points: readonly number[]): number {
  const kept = points.reduce((sum, value) => sum + Math.min(value, 0), 100)
  const won = points.reduce((sum, value) => sum + Math.max(value, 0), 0)
  return kept < 90 ? Math.max(0, kept) : kept + won
}

/** Grades have floors: 100, 90, 85, then 80, 70, 65 and so on. */
function gradeOf(total: number): Grade {
  const floors = [100, 90, 85, 80, 70, 65, 60, 50, 45, 40, 30, 25, 0]
  return grades[floors.findIndex((floor) => total >= floor)]!
}
