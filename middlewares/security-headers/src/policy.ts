/**
 * Content-Security-Policy: helmet writes it once; a nonce is put in, and functions are called, for each response.
 *
 *     directives ─▶ helmet ─▶ "script-src 'self' 'nonce-{nonce}'" ─▶ + nonce, per response
 *
 * @module
 */
import { OptionError, type Context, type Fields, type InlineHashes } from '@outerware/core'
import {
  addHashes,
  addNonce,
  hasFunctions,
  nonceSource,
  policyWriter,
  readDirectives,
  type Directives,
} from './directives.ts'
import { nodePair } from './node-pair.ts'
import type { Nonce } from './nonce.ts'
import type { ContentSecurityPolicyOptions, SecurityHeadersOptions } from './options.ts'
import { presetDirectives } from './presets.ts'

/** A field that is made for each response. */
export interface MadeField {
  readonly name: string
  readonly make: (request: Request, context: Context & Partial<Nonce>) => string
}

/** A policy that has been read. */
export interface Policy {
  readonly name: string
  readonly directives: Directives
}

/**
 * Reads the policies of the options, enforced and reported.
 *
 * @throws OptionError, or helmet's own error, for a directive that is wrong
 */
export function readPolicies(options: SecurityHeadersOptions): Policy[] {
  const { contentSecurityPolicy: enforced = true, contentSecurityPolicyReportOnly: reported = false } = options
  const policies: Policy[] = []
  if (enforced !== false) {
    const given = enforced === true ? {} : enforced
    policies.push(readPolicy(given.reportOnly ? report : enforce, given, options, 'contentSecurityPolicy'))
  }
  if (reported !== false) {
    const given = reported === true ? {} : reported
    policies.push(readPolicy(report, given, options, 'contentSecurityPolicyReportOnly'))
  }
  return policies
}

/** The policies of a page whose inline scripts and styles are known. */
export function withHashes(policies: readonly Policy[], hashes: InlineHashes): Policy[] {
  return policies.map(({ name, directives }) => {
    const own: Directives = new Map(directives)
    addHashes(own, hashes)
    return { name, directives: own }
  })
}

const enforce = 'content-security-policy'
const report = 'content-security-policy-report-only'

function readPolicy(
  name: string,
  given: ContentSecurityPolicyOptions,
  options: SecurityHeadersOptions,
  option: string,
): Policy {
  const directives = readDirectives(given, presetDirectives(options), `securityHeaders.${option}`)
  if (options.nonce) addNonce(directives)
  else if ([...directives.values()].some((sources) => sources.includes(nonceSource))) {
    throw new OptionError('securityHeaders.nonce', `true, for ${option} has ${nonceSource}`, options.nonce)
  }
  return { name, directives }
}

/**
 * Makes the fields of policies.
 *
 * @param secure `false` leaves `upgrade-insecure-requests` out: it breaks a site that has no https
 */
export function policyFields(policies: readonly Policy[], secure: boolean): { fixed: Fields; made: MadeField[] } {
  const fixed: [string, string][] = []
  const made: MadeField[] = []
  for (const { name, directives } of policies) {
    const sent = new Map(directives)
    if (!secure) sent.delete('upgrade-insecure-requests')
    if (sent.size === 0) continue
    const value = policyValue(sent)
    if (typeof value === 'string') fixed.push([name, value])
    else made.push({ name, make: value })
  }
  return { fixed, made }
}

function policyValue(directives: Directives): string | MadeField['make'] {
  const write = policyWriter(directives)
  if (hasFunctions(directives)) {
    return (request, context) => write(nodePair(request, context)).replaceAll('{nonce}', context.nonce ?? '')
  }
  const value = write()
  if (!value.includes(nonceSource)) return value
  // Cut up beforehand, to be joined by the nonce.
  const parts = value.split('{nonce}')
  return (_request, context) => parts.join(context.nonce)
}
