/**
 * Login in front of a whole site.
 *
 * @module index
 */
export { authOf, type ApiInit, type Auth, type Claims } from './gate/auth.ts'
export type { OAuthError, OAuthErrorCode } from './errors.ts'
export type {
  BackchannelLogoutEvent,
  Events,
  LoginEvent,
  RefreshEvent,
  RefusedEvent,
  UserEvent,
} from './gate/events.ts'
export { oauth2, type OAuth2Options } from './oauth2.ts'
export { oidc, type AuthBehind } from './oidc.ts'
export type {
  AllowOptions,
  BearerOptions,
  CacheOptions,
  ClaimValue,
  ClientAuthMethod,
  CookieOptions,
  ForwardAuthOptions,
  OidcOptions,
  PublicPath,
  RefreshOptions,
  RouteOptions,
  SessionOptions,
  StepUpRule,
  Turn,
} from './options.ts'
export { auth0, type Auth0Options } from './presets/auth0.ts'
export { entra, type EntraOptions } from './presets/entra.ts'
export { generic, type GenericOptions } from './presets/generic.ts'
export { github, type GithubOptions } from './presets/github.ts'
export { gitlab, type GitlabOptions } from './presets/gitlab.ts'
export { google, type GoogleOptions } from './presets/google.ts'
export { keycloak, type KeycloakOptions } from './presets/keycloak.ts'
export type { Api, LogoutParameters, OAuth2Provider, OidcProvider } from './presets/preset.ts'
export { memoryStore, type MemoryStoreOptions } from './store/memory-store.ts'
export type { Eventually, SessionStore } from './store/store.ts'
