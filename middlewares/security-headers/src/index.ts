export { checkSecurity, type SiteOptions } from './check/options.ts'
export type { ObservatoryCode } from './check/judgement.ts'
export type { AdviceCode, Grade, SecurityCheck, SecurityCode, SecurityFinding } from './check/score.ts'
export { clearSiteData, type SiteData } from './clear-site-data.ts'
export type { Nonce } from './nonce.ts'
export type {
  ContentSecurityPolicyOptions,
  NonceOptions,
  Preset,
  SecurityHeadersOptions,
  StrictTransportSecurity,
} from './options.ts'
export type { Allowlist, Feature, PermissionsPolicy } from './permissions-policy.ts'
export { noncePlaceholder } from './placeholder.ts'
export type { ReportingEndpoints } from './reporting-endpoints.ts'
export {
  securityHeaders,
  securityHeadersHooks,
  type PresetNonce,
  type SecurityHeadersAdds,
} from './security-headers.ts'
