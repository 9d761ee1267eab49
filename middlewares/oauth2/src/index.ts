export { authOf, type Auth, type Claims } from './auth.ts'
export type { OAuthError, OAuthErrorCode } from './errors.ts'
export type { BackchannelLogoutEvent, Events, LoginEvent, RefreshEvent, RefusedEvent, UserEvent } from './events.ts'
export { oidc, type AuthBehind } from './oidc.ts'
export type {
  AllowOptions,
  ClaimValue,
  ClientAuthMethod,
  CookieOptions,
  OidcOptions,
  PublicPath,
  RefreshOptions,
  RouteOptions,
  SessionOptions,
  Turn,
} from './options.ts'
export { memoryStore, type MemoryStoreOptions } from './store/memory-store.ts'
export type { Eventually, SessionStore } from './store/store.ts'
