/**
 * The options, checked and with their defaults: read once, when the gate is made.
 *
 * @module
 */
import { checkOptions, OptionError } from '@outerware/core'
import type { BearerSettings } from '../bearer/resource.ts'
import type { CookieKind } from '../gate/cookies.ts'
import type { Events } from '../gate/events.ts'
import { inward, type Inward } from '../gate/identity.ts'
import type { Site } from '../login/return-to.ts'
import type { StepRule } from '../login/step-up.ts'
import type { AllowOptions } from '../options/access.ts'
import type { OidcOptions } from '../options/options.ts'
import type { OAuth2Provider, OidcProvider } from '../presets/preset.ts'
import { allowOf, identityHeadersOf, neededBy, originsOf, withClaims } from './access.ts'
import { bearerOf } from './bearer.ts'
import { atLeast, callable, credential, flag, object, oneOf, text } from './checks.ts'
import { forwardAuthOf, type ForwardSettings } from './forward-auth.ts'
import { cookieOf, durationsOf, refreshOf, type Limits, type Refreshing } from './lasting.ts'
import { publicPathsOf, stepUpOf, type IsPublic } from './paths.ts'
import { routesOf, siteOf, type Routes } from './place.ts'
import { issuerOf, protocolOf, providerOf, type Protocol } from './provider.ts'
import type { SessionStore } from '../store/store.ts'
import { paramsOf, scopeOf } from './request.ts'
import { clientSecretOf, secretsOf } from './secrets.ts'
import { backchannelOf, sharedOf, type Backchannel } from './stores.ts'

/** What the gate works by. */
export interface Settings {
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string | undefined
  readonly protocol: Protocol
  readonly provider: OidcProvider | OAuth2Provider
  readonly site: Site
  readonly secrets: readonly string[]
  readonly scope: string
  readonly routes: Routes
  readonly returnToParam: string
  readonly authorizationParams: Readonly<Record<string, string>>
  readonly isPublic: IsPublic
  readonly unauthenticated: NonNullable<OidcOptions['unauthenticated']>
  readonly allow: AllowOptions
  readonly forbidden: OidcOptions['forbidden']
  readonly identityHeaders: Readonly<Record<string, string>> | false
  /** Makes the request that an app gets, whichever it is. */
  readonly inward: Inward
  readonly session: Limits
  readonly cookie: CookieKind
  /** Claims that are needed to decide and to tell the app, so that they are never dropped. */
  readonly neededClaims: readonly string[]
  readonly refresh: Refreshing | false
  readonly idpLogout: boolean
  readonly bearer: BearerSettings | undefined
  readonly stepUp: readonly StepRule[]
  readonly trustedOrigins: ReadonlySet<string>
  readonly forwardAuth: ForwardSettings | undefined
  readonly backchannelLogout: Backchannel
  /** A store that other machines use too, whatever it was given for. */
  readonly shared: SessionStore | undefined
  readonly clockTolerance: number
  readonly allowInsecureRequests: boolean
  readonly timeout: number
  readonly on: Events
}

/** The options of either wrapper. */
export type Given = Omit<OidcOptions, 'provider'> & { readonly provider?: OidcProvider | OAuth2Provider }

/** Checks the options. Throws {@link OptionError} for the first that is wrong. */
export function settingsOf(options: Given, kind: 'oidc' | 'oauth2' = 'oidc'): Settings {
  const given = givenOf(options, kind)
  const provider = providerOf(given, kind)
  const site = siteOf(given.baseURL)
  const allowInsecureRequests = flag('oidc.allowInsecureRequests', given.allowInsecureRequests ?? false)
  const routes = routesOf(given.routes, site)
  return {
    issuer: issuerOf(provider, allowInsecureRequests),
    clientId: credential('oidc.clientId', given.clientId),
    clientSecret: clientSecretOf(given),
    protocol: protocolOf(given),
    provider,
    site,
    secrets: secretsOf(given.secret),
    scope: scopeOf(given.scope ?? provider.scope, kind),
    routes,
    returnToParam: text('oidc.returnToParam', given.returnToParam ?? 'returnTo'),
    authorizationParams: {
      ...provider.authorizationParams,
      ...paramsOf('authorizationParams', given.authorizationParams),
    },
    isPublic: publicPathsOf(given.publicPaths),
    unauthenticated: turnOf(given.unauthenticated),
    ...whoOf(given, provider, site),
    forbidden: forbiddenOf(given.forbidden),
    ...lastingOf(given, kind),
    idpLogout: flag('oidc.idpLogout', given.idpLogout ?? true),
    bearer: bearerOf(given.bearer, provider.issuer, site, allowInsecureRequests),
    stepUp: stepUpOf(given.stepUp),
    trustedOrigins: originsOf(given.trustedOrigins),
    forwardAuth: forwardAuthOf(given.forwardAuth, site, routes),
    clockTolerance: atLeast('oidc.clockTolerance', given.clockTolerance ?? 30, 0, 'seconds'),
    allowInsecureRequests,
    timeout: timeoutOf(given.timeout),
    on: eventsOf(given.on),
  }
}

function givenOf(options: Given, kind: 'oidc' | 'oauth2'): Partial<Given> {
  // An app in their place is told apart; values of options are kept out of messages.
  if (typeof options === 'function') checkOptions(kind, options, [])
  return object('oidc', options, kind === 'oidc' ? optionNames : plainNames)
}

/** Who may pass, what the app is told of them and spared, and the claims that are needed for it. */
function whoOf(
  given: Partial<Given>,
  provider: OidcProvider | OAuth2Provider,
  site: Site,
): Pick<Settings, 'allow' | 'identityHeaders' | 'neededClaims' | 'cookie' | 'inward'> {
  const allow = withClaims(allowOf(given.allow), provider)
  const identityHeaders = identityHeadersOf(given.identityHeaders)
  const cookie = cookieOf(given.session?.cookie, site)
  const neededClaims = neededBy(allow, identityHeaders)
  return { allow, identityHeaders, neededClaims, cookie, inward: inward(cookie, identityHeaders) }
}

/** What lasts longer than a request, and the stores that it is kept in. */
function lastingOf(
  given: Partial<Given>,
  kind: 'oidc' | 'oauth2',
): Pick<Settings, 'session' | 'refresh' | 'backchannelLogout' | 'shared'> {
  const session = durationsOf(given.session)
  const refresh = refreshOf(given.refresh, session.store)
  const backchannelLogout = backchannelOf(kind === 'oidc' ? given.backchannelLogout : false, session.store)
  const coordinator = refresh === false ? undefined : refresh.coordinator
  return { session, refresh, backchannelLogout, shared: sharedOf(session.store, coordinator, backchannelLogout) }
}

const optionNames = [
  'issuer',
  'provider',
  'clientId',
  'clientSecret',
  'clientAuth',
  'clientKey',
  'pushedAuthorizationRequests',
  'dpop',
  'resource',
  'baseURL',
  'secret',
  'scope',
  'routes',
  'returnToParam',
  'authorizationParams',
  'tokenEndpointParams',
  'logoutParams',
  'publicPaths',
  'unauthenticated',
  'allow',
  'forbidden',
  'identityHeaders',
  'session',
  'refresh',
  'idpLogout',
  'bearer',
  'stepUp',
  'trustedOrigins',
  'forwardAuth',
  'backchannelLogout',
  'clockTolerance',
  'allowInsecureRequests',
  'timeout',
  'on',
] as const

/** What has no meaning without OpenID Connect. */
const open: readonly string[] = ['issuer', 'bearer', 'stepUp', 'idpLogout', 'logoutParams', 'backchannelLogout']
const plainNames = optionNames.filter((name) => !open.includes(name))

function turnOf(value: OidcOptions['unauthenticated'] = 'auto'): Settings['unauthenticated'] {
  return typeof value === 'function' ? value : oneOf('oidc.unauthenticated', value, ['auto', 'redirect', '401'])
}

function forbiddenOf(value: OidcOptions['forbidden']): OidcOptions['forbidden'] {
  callable('oidc.forbidden', value)
  return value
}

function timeoutOf(value: unknown = 5): number {
  if (typeof value === 'number' && value > 0) return value
  throw new OptionError('oidc.timeout', 'a number of seconds > 0', value)
}

function eventsOf(value: OidcOptions['on']): Events {
  const given = object('oidc.on', value, ['login', 'logout', 'backchannelLogout', 'refresh', 'refused', 'error'])
  for (const [name, hook] of Object.entries(given)) callable(`oidc.on.${name}`, hook)
  return { error: (error) => console.error(error), ...given }
}
