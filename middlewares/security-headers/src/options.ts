/**
 * What can be asked of `securityHeaders()`: helmet's options under helmet's names, and what helmet lacks.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import type { HelmetOptions } from 'helmet'
import type { PermissionsPolicy } from './permissions-policy.ts'
import type { Preset } from './presets.ts'
import type { ReportingEndpoints } from './reporting-endpoints.ts'

/** Directives and defaults of a Content-Security-Policy, as helmet takes them. */
export type ContentSecurityPolicyOptions = Exclude<NonNullable<HelmetOptions['contentSecurityPolicy']>, boolean>

type Transport = NonNullable<HelmetOptions['strictTransportSecurity']>

/** {@link SecurityHeadersOptions.strictTransportSecurity} */
export type StrictTransportSecurity = boolean | (Exclude<Transport, boolean> & { readonly overHttp?: boolean })

/** Options of `securityHeaders()`. `false` switches a header off. */
export interface SecurityHeadersOptions<P extends Preset = Preset, N extends boolean = boolean> {
  /**
   * Where the values come from that are not given here. `'strict'` allows nothing but what the site itself serves, and
   * scripts with a nonce.
   *
   * @default 'helmet'
   */
  readonly preset?: P
  /**
   * Makes 16 random bytes for each request and lets the scripts run that carry them, in base64, as their `nonce`.
   *
   * They are put on `context.nonce` and, for Node apps, on `req.cspNonce` and `res.locals.cspNonce`. In the policy they
   * join `script-src`, and `style-src` unless that has `'unsafe-inline'`, which a nonce would switch off; in any other
   * directive they stand where you write `'nonce-{nonce}'`. For templates that see no request: `noncePlaceholder()`.
   *
   * @default true with the preset `'strict'`, else false
   */
  readonly nonce?: N
  /**
   * The policy that is enforced. A function in a directive is called for each response, when the app has answered,
   * with Node's `req` and `res`, or with a small view of them on other platforms.
   *
   * `upgrade-insecure-requests` is sent over https only, see `strictTransportSecurity.overHttp`.
   *
   * @default helmet's eleven directives
   */
  readonly contentSecurityPolicy?: ContentSecurityPolicyOptions | boolean
  /**
   * A second policy, that is only reported. `true` is the preset's.
   *
   * @default false
   */
  readonly contentSecurityPolicyReportOnly?: ContentSecurityPolicyOptions | boolean
  /** @default false; with the preset `'strict'`, `{ policy: 'require-corp' }` */
  readonly crossOriginEmbedderPolicy?: NonNullable<HelmetOptions['crossOriginEmbedderPolicy']>
  /** @default { policy: 'same-origin' } */
  readonly crossOriginOpenerPolicy?: NonNullable<HelmetOptions['crossOriginOpenerPolicy']>
  /** @default { policy: 'same-origin' } */
  readonly crossOriginResourcePolicy?: NonNullable<HelmetOptions['crossOriginResourcePolicy']>
  /** @default true */
  readonly originAgentCluster?: boolean
  /**
   * Which features this site and its frames may use.
   *
   * @default none, the header is not sent
   */
  readonly permissionsPolicy?: PermissionsPolicy | false
  /** @default { policy: 'no-referrer' } */
  readonly referrerPolicy?: NonNullable<HelmetOptions['referrerPolicy']>
  /**
   * Where browsers send reports: names that `reportTo` in a policy speaks of, and their URLs, https or relative.
   *
   * @default none, the header is not sent
   */
  readonly reportingEndpoints?: ReportingEndpoints | false
  /**
   * `maxAge` in seconds. Sent only when the request's url is https (RFC 6797, section 7.2).
   *
   * `overHttp: true` sends it always, as helmet does, and `upgrade-insecure-requests` with it: for a site behind a
   * proxy that ends TLS, where no `trustedProxy()` tells that the request came by https.
   *
   * @default { maxAge: 31_536_000, includeSubDomains: true, preload: false, overHttp: false }
   */
  readonly strictTransportSecurity?: StrictTransportSecurity
  /** @default true */
  readonly xContentTypeOptions?: boolean
  /** @default { allow: false } */
  readonly xDnsPrefetchControl?: NonNullable<HelmetOptions['xDnsPrefetchControl']>
  /** @default true */
  readonly xDownloadOptions?: boolean
  /** @default { action: 'sameorigin' }; with the preset `'strict'`, `{ action: 'deny' }` */
  readonly xFrameOptions?: NonNullable<HelmetOptions['xFrameOptions']>
  /** @default { permittedPolicies: 'none' } */
  readonly xPermittedCrossDomainPolicies?: NonNullable<HelmetOptions['xPermittedCrossDomainPolicies']>
  /** Removes the app's `X-Powered-By`; `false` leaves it. @default true */
  readonly xPoweredBy?: boolean
  /** Sends `X-XSS-Protection: 0`. @default true */
  readonly xXssProtection?: boolean

  /** Older name of `strictTransportSecurity`. */
  readonly hsts?: StrictTransportSecurity
  /** Older name of `xContentTypeOptions`. */
  readonly noSniff?: boolean
  /** Older name of `xDnsPrefetchControl`. */
  readonly dnsPrefetchControl?: NonNullable<HelmetOptions['xDnsPrefetchControl']>
  /** Older name of `xDownloadOptions`. */
  readonly ieNoOpen?: boolean
  /** Older name of `xFrameOptions`. */
  readonly frameguard?: NonNullable<HelmetOptions['xFrameOptions']>
  /** Older name of `xPermittedCrossDomainPolicies`. */
  readonly permittedCrossDomainPolicies?: NonNullable<HelmetOptions['xPermittedCrossDomainPolicies']>
  /** Older name of `xPoweredBy`. */
  readonly hidePoweredBy?: boolean
  /** Older name of `xXssProtection`. */
  readonly xssFilter?: boolean
}

/** What helmet does not know, or knows otherwise. */
const ours = [
  'preset',
  'nonce',
  'contentSecurityPolicy',
  'contentSecurityPolicyReportOnly',
  'permissionsPolicy',
  'reportingEndpoints',
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

const known: ReadonlySet<string> = new Set([...ours, ...helmets])

/**
 * Checks what helmet would let pass: a misspelt name is a header that is not sent.
 *
 * @throws {@link OptionError} naming the first option that is wrong
 */
export function checkOptions(options: SecurityHeadersOptions): void {
  if (typeof options === 'function') {
    throw new OptionError('securityHeaders(options)', 'called before the app: securityHeaders(options)(app)', options)
  }
  if (!isObject(options)) throw new OptionError('securityHeaders(options)', 'an object of options', options)
  for (const [name, value] of Object.entries(options)) {
    if (!known.has(name)) throw new OptionError(`securityHeaders.${name}`, `one of ${[...known].join(', ')}`, value)
    checkKind(name, value)
  }
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
    if (typeof value !== 'boolean') throw new OptionError('securityHeaders.nonce', 'true or false', value)
  } else if (name === 'permissionsPolicy' || name === 'reportingEndpoints') {
    if (value !== false && !isObject(value))
      throw new OptionError(`securityHeaders.${name}`, 'false or an object', value)
  } else if (typeof value !== 'boolean' && !isObject(value)) {
    throw new OptionError(`securityHeaders.${name}`, 'true, false or an object of options', value)
  }
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
