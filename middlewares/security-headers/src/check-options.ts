/**
 * The options, judged and sorted before helmet sees them.
 *
 * @module
 */
import { checkOptions as checkNames, OptionError } from '@outerware/core'
import type { HelmetOptions } from 'helmet'
import type { SecurityHeadersOptions } from './options.ts'

/** What helmet does not know, or knows otherwise. */
const ours = [
  'preset',
  'nonce',
  'contentSecurityPolicy',
  'contentSecurityPolicyReportOnly',
  'permissionsPolicy',
  'reportingEndpoints',
  'server',
] as const

const helmets = [
  'crossOriginEmbedderPolicy',
  'crossOriginOpenerPolicy',
  'crossOriginResourcePolicy',
  'originAgentCluster',
  'referrerPolicy',
  'strictTransportSecurity',
  'xContentTypeOptions',
  'xDnsPrefetchControl',
  'xDownloadOptions',
  'xFrameOptions',
  'xPermittedCrossDomainPolicies',
  'xPoweredBy',
  'xXssProtection',
  'hsts',
  'noSniff',
  'dnsPrefetchControl',
  'ieNoOpen',
  'frameguard',
  'permittedCrossDomainPolicies',
  'hidePoweredBy',
  'xssFilter',
] as const

const known: readonly string[] = [...ours, ...helmets]

/**
 * Checks what helmet would let pass: a misspelt name is a header that is not sent.
 *
 * @throws {@link OptionError} naming the first option that is wrong
 */
export function checkOptions(options: SecurityHeadersOptions): void {
  checkNames('securityHeaders', options, known)
  for (const [name, value] of Object.entries(options)) checkKind(name, value)
  checkReportOnly(options)
  const overHttp: unknown = transportOf(options).overHttp
  if (overHttp !== undefined && typeof overHttp !== 'boolean') {
    throw new OptionError('securityHeaders.strictTransportSecurity.overHttp', 'true or false', overHttp)
  }
}

function checkReportOnly({ contentSecurityPolicy, contentSecurityPolicyReportOnly }: SecurityHeadersOptions): void {
  const twice = typeof contentSecurityPolicy === 'object' && contentSecurityPolicy.reportOnly
  if (!twice || !contentSecurityPolicyReportOnly) return
  const wanted = 'left out beside contentSecurityPolicyReportOnly'
  throw new OptionError('securityHeaders.contentSecurityPolicy.reportOnly', wanted, true)
}

function checkKind(name: string, value: unknown): void {
  if (value === undefined) return
  if (name === 'preset') {
    if (value !== 'helmet' && value !== 'strict')
      throw new OptionError('securityHeaders.preset', `'helmet' or 'strict'`, value)
  } else if (name === 'nonce') {
    checkNonce(value)
  } else if (name === 'server') {
    if (typeof value !== 'boolean') throw new OptionError('securityHeaders.server', 'true or false', value)
  } else if (name === 'permissionsPolicy' || name === 'reportingEndpoints') {
    if (value !== false && !isObject(value))
      throw new OptionError(`securityHeaders.${name}`, 'false or an object', value)
  } else if (typeof value !== 'boolean' && !isObject(value)) {
    throw new OptionError(`securityHeaders.${name}`, 'true, false or an object of options', value)
  }
}

/** Fields of a request that mean something: the nonce would take their place. */
const meant =
  /^(?:accept|authorization$|connection$|content-|cookie$|expect$|forwarded$|host$|if-|origin$|range$|referer$|sec-|te$|transfer-encoding$|upgrade$|user-agent$|x-forwarded-)/

function checkNonce(value: unknown): void {
  if (typeof value === 'boolean') return
  const wanted = "true, false or the name of a request field, { header: 'x-nonce' }"
  if (!isObject(value)) throw new OptionError('securityHeaders.nonce', wanted, value)
  const header: unknown = 'header' in value ? value.header : undefined
  const wantedHeader = "a name in lower case that says nothing else, such as 'x-nonce'"
  if (typeof header === 'string' && /^[a-z][a-z0-9-]*$/.test(header) && !meant.test(header)) return
  throw new OptionError('securityHeaders.nonce.header', wantedHeader, header)
}

/** Strict-Transport-Security as an object, under whichever name it was given. */
export function transportOf(options: SecurityHeadersOptions): { readonly overHttp?: boolean } {
  const transport = options.strictTransportSecurity ?? options.hsts
  return typeof transport === 'object' ? transport : {}
}

/** The options that helmet knows, but for its policy, which is made for http and https apart. */
export function helmetOptions(options: SecurityHeadersOptions): HelmetOptions {
  const names = helmets.filter((name) => options[name] !== undefined)
  // helmet's type allows one name of each pair; that both are there is an error which helmet finds and names itself.
  return Object.fromEntries([['contentSecurityPolicy', false], ...names.map((name) => [name, options[name]])])
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
