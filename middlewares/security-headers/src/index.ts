export { checkSecurity, type SecurityCheck, type SecurityFinding } from './check-security.ts'
export { clearSiteData, type SiteData } from './clear-site-data.ts'
export type { Nonce } from './nonce.ts'
export type { ContentSecurityPolicyOptions, SecurityHeadersOptions, StrictTransportSecurity } from './options.ts'
export type { Allowlist, Feature, PermissionsPolicy } from './permissions-policy.ts'
export { noncePlaceholder } from './placeholder.ts'
export type { Preset } from './presets.ts'
export type { ReportingEndpoints } from './reporting-endpoints.ts'
export {
  securityHeaders,
  securityHeadersHooks,
  type PresetNonce,
  type SecurityHeadersAdds,
} from './security-headers.ts'
