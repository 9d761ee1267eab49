export { authOf, type Auth, type Claims } from './auth.ts'
export type { OAuthError, OAuthErrorCode } from './errors.ts'
export type { Events, LoginEvent, RefreshEvent, RefusedEvent, UserEvent } from './events.ts'
export { oidc, type AuthBehind } from './oidc.ts'
export type {
  AllowOptions,
  BearerOptions,
  ClaimValue,
  ClientAuthMethod,
  CookieOptions,
  OidcOptions,
  PublicPath,
  RefreshOptions,
  RouteOptions,
  SessionOptions,
  StepUpRule,
  Turn,
} from './options.ts'
