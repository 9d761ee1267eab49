/**
 * What can be asked of `securityHeaders()`: helmet's options under helmet's names, and what helmet lacks.
 *
 * @module
 */
import type { HelmetOptions } from 'helmet'
import type { PermissionsPolicy } from './permissions-policy.ts'
import type { ReportingEndpoints } from './reporting-endpoints.ts'

/** Directives and defaults of a Content-Security-Policy, as helmet takes them. */
export type ContentSecurityPolicyOptions = Exclude<NonNullable<HelmetOptions['contentSecurityPolicy']>, boolean>

type Transport = NonNullable<HelmetOptions['strictTransportSecurity']>

/** {@link SecurityHeadersOptions.strictTransportSecurity} */
export type StrictTransportSecurity = boolean | (Exclude<Transport, boolean> & { readonly overHttp?: boolean })

/** How the nonce reaches an app that sees neither the context nor Node's `req` and `res`. */
export interface NonceOptions {
  /**
   * A field of the request that says it, such as `x-nonce`: for apps that are called with a request alone, as in Hono.
   * What a client sends under this name is put out of the way.
   */
  readonly header: string
}

/** The values behind the options that are left out: helmet's, or stricter ones. */
export type Preset = 'helmet' | 'strict'

/** Options of `securityHeaders()`. `false` switches a header off. */
export interface SecurityHeadersOptions<
  P extends Preset = Preset,
  N extends boolean | NonceOptions = boolean | NonceOptions,
> {
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
   * directive they stand where you write `'nonce-{nonce}'`. For apps that see the request alone: `{ header: 'x-nonce' }`.
   * For templates that see no request: `noncePlaceholder()`.
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
  /** Removes the app's `Server`, which tells what it runs on. @default false */
  readonly server?: boolean
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
