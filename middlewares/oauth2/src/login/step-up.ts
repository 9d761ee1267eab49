/**
 * Pages that ask for more than a login: for one of a certain kind, or for a recent one (RFC 9470; OpenID Connect
 * Core 1.0, 3.1.2.1).
 *
 * @module
 */
import { pathOf } from '@outerware/core'
import type { Claims } from '../gate/auth.ts'

/** What a login has to be. */
export interface Step {
  /** Its `acr` is one of these, in order of preference. */
  readonly acr: readonly string[] | undefined
  /** The user has authenticated so many seconds ago at most. */
  readonly maxAge: number | undefined
}

/** A rule of the options, checked. */
export interface StepRule extends Step {
  /** The requests that it is for. */
  readonly where: (request: Request) => boolean
}

/**
 * Finds what a request asks for: the first rule that matches says it. A path with no one reading, which may be any,
 * asks for all of them at once.
 */
export function wantedBy(rules: readonly StepRule[], request: Request): readonly Step[] {
  if (rules.length === 0 || pathOf(request) === undefined) return rules
  const rule = rules.find(({ where }) => where(request))
  return rule === undefined ? [] : [rule]
}

/** Gives the first of these that a user does not meet. */
export function unmet(
  steps: readonly Step[],
  claims: Claims,
  { clockTolerance }: { readonly clockTolerance: number },
): Step | undefined {
  return steps.find((step) => !isAcr(step, claims['acr']) || !isRecent(step, claims['auth_time'], clockTolerance))
}

function isAcr({ acr }: Pick<Step, 'acr'>, given: unknown): boolean {
  return acr === undefined || (typeof given === 'string' && acr.includes(given))
}

function isRecent({ maxAge }: Step, at: unknown, tolerance: number): boolean {
  if (maxAge === undefined) return true
  if (typeof at !== 'number') return false
  const age = Date.now() / 1000 - at
  // A time to come would be recent for ever: milliseconds in the place of seconds, say.
  return age <= maxAge + tolerance && age >= -tolerance
}

/** How long ago the user may have authenticated, where the options ask of every login too: the shorter time. */
export function maxAgeOf({ maxAge }: Step, { max_age: always }: Readonly<Record<string, string>>): number | undefined {
  if (always === undefined) return maxAge
  return Math.min(Number(always), maxAge ?? Infinity)
}

/** The parameters of an authorization request that asks for it. */
export function parametersOf({ acr, maxAge }: Step): Readonly<Record<string, string>> {
  return {
    ...(acr !== undefined && { acr_values: acr.join(' ') }),
    ...(maxAge !== undefined && { max_age: String(maxAge) }),
  }
}

/** A login of any kind. */
export const anyStep: Step = { acr: undefined, maxAge: undefined }

/** Reads what the query of the login route asks for; only what some rule asks for too. */
export function askedBy(query: URLSearchParams, rules: readonly StepRule[]): Step {
  const [acr, maxAge] = [query.get('acr_values'), query.get('max_age')]
  return {
    acr: rules.map((rule) => rule.acr).find((list) => list !== undefined && list.join(' ') === acr),
    maxAge: rules.map((rule) => rule.maxAge).find((seconds) => seconds !== undefined && String(seconds) === maxAge),
  }
}
