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
export type { AccessOptions, AllowOptions, ClaimValue, PublicPath, StepUpRule, Turn } from './options/access.ts'
export type { BearerOptions } from './options/bearer.ts'
export type { ForwardAuthOptions } from './options/forward-auth.ts'
export type { OidcOptions } from './options/options.ts'
export type { ClientAuthMethod, ProviderOptions } from './options/provider.ts'
export type { RefreshOptions } from './options/refresh.ts'
export type { RouteOptions } from './options/routes.ts'
export type { CacheOptions, CookieOptions, SessionOptions } from './options/session.ts'
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
