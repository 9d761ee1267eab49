/**
 * Content-Security-Policy: helmet writes it once; a nonce is put in, and functions are called, for each response.
 *
 *     directives ─▶ helmet ─▶ "script-src 'self' 'nonce-{nonce}'" ─▶ + nonce, per response
 *
 * @module
 */
import { OptionError, type Context, type Fields } from '@outerware/core'
import { addNonce, hasFunctions, policyWriter, readDirectives } from './directives.ts'
import { nodePair } from './node-pair.ts'
import type { Nonce } from './nonce.ts'
import type { ContentSecurityPolicyOptions, SecurityHeadersOptions } from './options.ts'
import { presetDirectives } from './presets.ts'

/** A field that is made for each response. */
export interface MadeField {
  readonly name: string
  readonly make: (request: Request, context: Context & Partial<Nonce>) => string
}

/**
 * Makes the fields of the policies, enforced and reported.
 *
 * @param secure `false` leaves `upgrade-insecure-requests` out: it breaks a site that has no https
 * @throws OptionError, or helmet's own error, for a directive that is wrong
 */
export function policyFields(options: SecurityHeadersOptions, secure: boolean): { fixed: Fields; made: MadeField[] } {
  const fixed: [string, string][] = []
  const made: MadeField[] = []
  for (const [option, policy] of policiesOf(options)) {
    const name = policy.reportOnly ? 'content-security-policy-report-only' : 'content-security-policy'
    const value = policyValue(policy, options, secure, `securityHeaders.${option}`)
    if (typeof value === 'function') made.push({ name, make: value })
    else if (value !== '') fixed.push([name, value])
  }
  return { fixed, made }
}

function policiesOf(options: SecurityHeadersOptions): [option: string, policy: ContentSecurityPolicyOptions][] {
  const { contentSecurityPolicy: enforced = true, contentSecurityPolicyReportOnly: reported = false } = options
  const policies: [string, ContentSecurityPolicyOptions][] = []
  if (enforced !== false) policies.push(['contentSecurityPolicy', enforced === true ? {} : enforced])
  if (reported !== false) {
    const policy = reported === true ? {} : reported
    policies.push(['contentSecurityPolicyReportOnly', { ...policy, reportOnly: true }])
  }
  return policies
}

function policyValue(
  policy: ContentSecurityPolicyOptions,
  options: SecurityHeadersOptions,
  secure: boolean,
  option: string,
): string | MadeField['make'] {
  const directives = readDirectives(policy, presetDirectives(options), option)
  if (options.nonce) addNonce(directives)
  if (!secure) directives.delete('upgrade-insecure-requests')
  if (directives.size === 0) return ''
  const write = policyWriter(directives)
  if (hasFunctions(directives)) {
    return (request, context) => putNonce(write(nodePair(request, context)), context.nonce)
  }
  const value = write()
  if (!value.includes(nonceMark)) return value
  if (!options.nonce)
    throw new OptionError('securityHeaders.nonce', `true, for ${option} has ${nonceMark}`, options.nonce)
  return (_request, context) => putNonce(value, context.nonce)
}

const nonceMark = '{nonce}'

function putNonce(policy: string, nonce: string | undefined): string {
  return nonce === undefined ? policy : policy.replaceAll(nonceMark, nonce)
}
