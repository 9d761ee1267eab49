/**
 * What a set of options leaves open: a check to run in tests, as Django's `check --deploy` is.
 *
 * @module
 */
import type { Context } from '@outerware/core'
import { checkOptions } from './check-options.ts'
import { gradePolicy, readPolicy, type Grade } from './csp-grade.ts'
import { headerSets } from './header-set.ts'
import { randomNonce, type Nonce } from './nonce.ts'
import type { SecurityHeadersOptions } from './options.ts'
import { withPreset } from './presets.ts'

/** What is open. */
export interface SecurityFinding {
  /** The option that would close it. */
  readonly option: string
  /** What the Observatory takes off for it, of one policy for the worst only; 0 for advice. */
  readonly points: number
  readonly text: string
}

/** The result of {@link checkSecurity}. */
export interface SecurityCheck {
  /** The Observatory's score, as far as headers make it: A+ from 100, at most 150. */
  readonly score: number
  readonly findings: readonly SecurityFinding[]
}

/**
 * Judges options by what would be sent over https, by the rules of MDN's HTTP Observatory, and some advice beyond them.
 *
 * Cookies, redirects, certificates and what the app sets itself are not seen. Functions in directives are called once,
 * with a small view of a GET of `/`.
 *
 * @param options as `securityHeaders()` takes them
 * @throws OptionError, and others, as `securityHeaders()` does
 * @example
 * it('sends headers that leave nothing open', () => {
 *   expect(checkSecurity(options).findings).toEqual([])
 * })
 * @see https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
 */
export function checkSecurity(options: SecurityHeadersOptions = {}): SecurityCheck {
  checkOptions(options)
  const settings = withPreset(options)
  const context: Context & Nonce = { ...bareContext, nonce: randomNonce() }
  const fields = new Map(headerSets(settings).secure.forError(new Request('https://site.invalid/'), context))
  const policy = gradePolicy(fields.get('content-security-policy'))
  const others = [...judge(fields)]
  const findings = [
    ...policy.map((grade) => ({ option: 'contentSecurityPolicy', ...grade })),
    ...others,
    ...advise(fields, settings),
  ].filter(({ text }) => text !== '')
  return { score: scoreOf([worst(policy), ...others]), findings }
}

function worst(grades: readonly Grade[]): Grade {
  return grades.reduce((a, b) => (b.points < a.points ? b : a))
}

/** Bonuses are for who has 90 without them. */
function scoreOf(grades: readonly Grade[]): number {
  const kept = grades.reduce((sum, { points }) => sum + Math.min(points, 0), 100)
  const won = grades.reduce((sum, { points }) => sum + Math.max(points, 0), 0)
  return kept < 90 ? Math.max(0, kept) : kept + won
}

interface OptionGrade extends Grade {
  readonly option: string
}

function* judge(fields: ReadonlyMap<string, string>): Generator<OptionGrade> {
  const maxAge = Number(/max-age=(\d+)/.exec(fields.get('strict-transport-security') ?? '')?.[1] ?? -1)
  const transport = { option: 'strictTransportSecurity' }
  if (maxAge < 0) yield { ...transport, points: -20, text: 'is off: the first request may go by http' }
  else if (maxAge < halfAYear) yield { ...transport, points: -10, text: `lasts less than ${halfAYear} seconds` }

  if (readPolicy(fields.get('content-security-policy') ?? '').has('frame-ancestors')) yield bonus(5)
  else if (!fields.has('x-frame-options')) {
    yield { option: 'xFrameOptions', points: -20, text: 'is off: any site may frame this one' }
  }
  if (!fields.has('x-content-type-options')) {
    yield { option: 'xContentTypeOptions', points: -5, text: 'is off: browsers guess the type of what is served' }
  }
  const referrer = fields.get('referrer-policy')?.split(',').at(-1)
  if (referrer !== undefined && !discreet.has(referrer))
    yield { option: 'referrerPolicy', points: -5, text: 'tells other sites where a visitor was' }
  else if (referrer !== undefined) yield bonus(5)
  for (const [name, values] of isolating) if (values.includes(fields.get(name) ?? '')) yield bonus(10)
}

function* advise(fields: ReadonlyMap<string, string>, options: SecurityHeadersOptions): Generator<OptionGrade> {
  const policy = readPolicy(fields.get('content-security-policy') ?? '')
  if (policy.size > 0 && !policy.has('base-uri')) {
    yield { option: 'contentSecurityPolicy', points: 0, text: 'lets an injected <base> move scripts: set base-uri' }
  }
  const transport = fields.get('strict-transport-security') ?? ''
  const maxAge = Number(/max-age=(\d+)/.exec(transport)?.[1] ?? 0)
  if (transport.includes('preload') && (maxAge < aYear || !transport.includes('includeSubDomains'))) {
    const text = `asks for preload, which needs includeSubDomains and a maxAge of at least ${aYear} seconds`
    yield { option: 'strictTransportSecurity', points: 0, text }
  }
  if ((options.xPoweredBy ?? options.hidePoweredBy) === false) {
    yield { option: 'xPoweredBy', points: 0, text: 'tells what the site is made with' }
  }
  for (const name of ['content-security-policy', 'content-security-policy-report-only']) {
    const [endpoint] = readPolicy(fields.get(name) ?? '').get('report-to') ?? []
    if (endpoint === undefined || Object.hasOwn(options.reportingEndpoints || {}, endpoint)) continue
    yield { option: 'reportingEndpoints', points: 0, text: `has no "${endpoint}", where a policy sends its reports` }
  }
}

const halfAYear = 15_552_000
const aYear = 31_536_000
const discreet = new Set(['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin'])
const isolating: readonly (readonly [name: string, values: readonly string[]])[] = [
  ['cross-origin-opener-policy', ['same-origin']],
  ['cross-origin-resource-policy', ['same-origin', 'same-site']],
  ['cross-origin-embedder-policy', ['require-corp', 'credentialless']],
]

function bonus(points: number): OptionGrade {
  return { option: '', points, text: '' }
}

/** Of a request that nobody has made. */
const bareContext: Context = { platform: 'test', ip: undefined, env: {}, waitUntil() {}, onFinish() {} }
