/**
 * A running site, judged.
 *
 * @module
 */
import { adviseOnPage } from './advice.ts'
import type { AskOptions } from './ask.ts'
import { askAsStranger, askElsewhere, type Asked } from './elsewhere.ts'
import { evaluatePolicies } from './evaluator.ts'
import { policiesOf } from './fields.ts'
import { judge } from './judge.ts'
import { modifiers, type ObservatoryCode } from './judgement.ts'
import { score, type SecurityCheck } from './score.ts'
import { visit, type Addresses } from './visit.ts'

/** What is asked beyond one page. */
export interface SiteCheckOptions extends AskOptions {
  /** Further paths, whose headers are held against those of the page. */
  readonly paths: readonly string[]
  /** Codes that somebody else sees to. */
  readonly ignore: readonly string[]
}

/** The result for a running site. */
export interface SiteCheck extends SecurityCheck {
  /** The page that was judged, after redirects. */
  readonly url: string
  readonly status: number
  /** What each of the Observatory's tests says, and the points of that. */
  readonly results: readonly { readonly code: ObservatoryCode; readonly points: number }[]
  /** The other targets whose headers were looked at. */
  readonly asked: readonly Asked[]
}

/**
 * Asks a site and judges it.
 *
 * @throws NobodyAnswers, with the code `ERR_NOBODY_ANSWERS`
 */
export async function checkSite(addresses: Addresses, options: SiteCheckOptions): Promise<SiteCheck> {
  const { seen, answer } = await visit(addresses, options)
  const [policy, { asked, findings }, belief] = await Promise.all([
    evaluatePolicies(policiesOf(seen.page)),
    askElsewhere(answer, options.paths, options),
    askAsStranger(answer, options),
  ])
  const advice = [...policy, ...adviseOnPage(seen.page), ...findings, ...belief]
  const tests = judge(seen)
  const results = tests.flatMap(([first]) =>
    first === undefined ? [] : { code: first.code, points: modifiers[first.code] },
  )
  return { url: answer.url.href, status: answer.status, ...score(tests, advice, options.ignore), results, asked }
}
