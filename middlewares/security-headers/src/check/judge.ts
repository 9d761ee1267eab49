/**
 * All tests of the Observatory, in its order.
 *
 * @module
 */
import { judgeCookies } from './cookies.ts'
import { judgeContentSecurityPolicy, judgeFraming, judgeReferrer, judgeSniffing } from './fields.ts'
import { judgeEmbedding, judgeOpeners, judgeResources, judgeSharing } from './isolation.ts'
import type { Judgement } from './judgement.ts'
import { judgeScripts } from './scripts.ts'
import type { Seen } from './seen.ts'
import { judgeRedirect, judgeTransport } from './transport.ts'

const tests: readonly ((seen: Seen) => Judgement[])[] = [
  judgeContentSecurityPolicy,
  judgeCookies,
  judgeSharing,
  judgeRedirect,
  judgeReferrer,
  judgeTransport,
  judgeScripts,
  judgeSniffing,
  judgeFraming,
  judgeResources,
  judgeEmbedding,
  judgeOpeners,
]

/** Judges a site: for each test its judgements, of which the first counts. */
export function judge(seen: Seen): Judgement[][] {
  return tests.map((test) => test(seen))
}
