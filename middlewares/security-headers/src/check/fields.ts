/**
 * What a page may load, who may frame it, and what it gives away: by the Observatory's rules.
 *
 * @module
 */
import { good, type Judgement } from './judgement.ts'
import { htmlMetas } from './html.ts'
import { judgePolicies } from './csp.ts'
import { readPolicy } from './read-policy.ts'
import type { Page, Seen } from './seen.ts'

/** The policies that are enforced on a page: of its field, and of its meta elements, where some directives are void. */
export function policiesOf({ fields, html }: Page): string[] {
  const sent = (fields.get('content-security-policy') ?? []).flatMap(membersOf)
  const inPage = htmlMetas(html).filter(({ equiv }) => equiv === 'content-security-policy')
  return [
    ...sent,
    ...inPage
      .flatMap(({ content }) => membersOf(content))
      .map(withoutVoid)
      .filter((one) => one !== ''),
  ]
}

/** Browsers read one policy from each member of the list. */
function membersOf(field: string): string[] {
  return field.split(',').map((policy) => policy.trim())
}

function withoutVoid(policy: string): string {
  return policy
    .split(';')
    .filter((directive) => !/^\s*(?:frame-ancestors|report-uri|sandbox)\b/i.test(directive))
    .join(';')
}

export function judgeContentSecurityPolicy({ page, https }: Seen): Judgement[] {
  const isReported = page.fields.has('content-security-policy-report-only')
  return judgePolicies(policiesOf(page), isReported, https !== 'none')
}

export function judgeFraming({ page }: Seen): Judgement[] {
  const policies = (page.fields.get('content-security-policy') ?? []).flatMap(membersOf)
  if (policies.some((policy) => readPolicy(policy).has('frame-ancestors')))
    return [good('x-frame-options-implemented-via-csp')]
  const instead = "frame-ancestors 'self' in the policy, as securityHeaders() sends it"
  const said = page.fields.get('x-frame-options')?.[0]?.trim().toLowerCase()
  if (said === 'deny' || said === 'sameorigin') return [good('x-frame-options-sameorigin-or-deny')]
  if (said?.startsWith('allow-from')) {
    const wrong = 'X-Frame-Options says ALLOW-FROM, which browsers drop: any site may frame this one'
    return [{ code: 'x-frame-options-allow-from-origin', wrong, instead }]
  }
  return said === undefined
    ? [{ code: 'x-frame-options-not-implemented', wrong: 'any site may frame this one', instead }]
    : [{ code: 'x-frame-options-header-invalid', wrong: `X-Frame-Options says ${said}, which browsers drop`, instead }]
}

export function judgeSniffing({ page }: Seen): Judgement[] {
  const instead = 'X-Content-Type-Options: nosniff'
  const said = page.fields.get('x-content-type-options')?.[0]
  if (said?.trim().toLowerCase() === 'nosniff') return [good('x-content-type-options-nosniff')]
  return said === undefined
    ? [{ code: 'x-content-type-options-not-implemented', wrong: 'browsers guess the type of what is served', instead }]
    : [{ code: 'x-content-type-options-header-invalid', wrong: `X-Content-Type-Options says ${said}`, instead }]
}

const discreet = ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin']
const telling = ['origin', 'origin-when-cross-origin', 'unsafe-url', 'no-referrer-when-downgrade']

export function judgeReferrer({ page }: Seen): Judgement[] {
  const metas = htmlMetas(page.html).filter(({ name }) => name === 'referrer')
  const lines = [...(page.fields.get('referrer-policy') ?? []), ...metas.map(({ content }) => content)]
  if (lines.length === 0) return [good('referrer-policy-not-implemented')]
  const words = lines
    .join(',')
    .split(',')
    .map((word) => word.trim().toLowerCase())
  const policy = words.findLast((word) => discreet.includes(word) || telling.includes(word))
  const instead = 'Referrer-Policy: no-referrer, or strict-origin-when-cross-origin'
  if (policy === undefined)
    return [
      {
        code: 'referrer-policy-header-invalid',
        wrong: `Referrer-Policy says ${lines.join(', ')}, which browsers drop`,
        instead,
      },
    ]
  if (discreet.includes(policy)) return [good('referrer-policy-private')]
  return [
    {
      code: 'referrer-policy-unsafe',
      wrong: `Referrer-Policy says ${policy}, and so tells other sites where a visitor was`,
      instead,
    },
  ]
}
