/**
 * The options, checked and with their defaults: read once, when the gate is made.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import type { CookieKind } from '../cookies.ts'
import type { Events } from '../events.ts'
import type { AllowOptions, ClientAuthMethod, OidcOptions } from '../options.ts'
import type { Site } from '../return-to.ts'
import { allowOf, identityHeadersOf, neededBy, publicPathsOf, type IsPublic } from './access.ts'
import { atLeast, callable, flag, isLoopback, object, oneOf, text, webAddress } from './checks.ts'
import { cookieOf, durationsOf, refreshOf, type Limits, type Refreshing } from './lasting.ts'
import { routesOf, siteOf, type Routes } from './place.ts'
import { backchannelOf, type Backchannel } from './stores.ts'

/** What the gate works by. */
export interface Settings {
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string | undefined
  readonly clientAuth: NonNullable<OidcOptions['clientAuth']>
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
  readonly session: Limits
  readonly cookie: CookieKind
  /** Claims that are needed to decide and to tell the app, so that they are never dropped. */
  readonly neededClaims: readonly string[]
  readonly refresh: Refreshing | false
  readonly idpLogout: boolean
  readonly backchannelLogout: Backchannel
  readonly clockTolerance: number
  readonly allowInsecureRequests: boolean
  readonly timeout: number
  readonly on: Events
}

/** Checks the options. Throws {@link OptionError} for the first that is wrong. */
export function settingsOf(options: OidcOptions): Settings {
  const given: Partial<OidcOptions> = object('oidc', options, optionNames)
  const site = siteOf(webAddress('oidc.baseURL', given.baseURL))
  const allowInsecureRequests = flag('oidc.allowInsecureRequests', given.allowInsecureRequests ?? false)
  const allow = allowOf(given.allow)
  const identityHeaders = identityHeadersOf(given.identityHeaders)
  const { clientAuth = 'auto', unauthenticated = 'auto' } = given
  if (typeof clientAuth !== 'function') oneOf('oidc.clientAuth', clientAuth, methods)
  if (typeof unauthenticated !== 'function') oneOf('oidc.unauthenticated', unauthenticated, ['auto', 'redirect', '401'])
  callable('oidc.forbidden', given.forbidden)
  return {
    issuer: issuerOf(given.issuer, allowInsecureRequests),
    clientId: text('oidc.clientId', given.clientId),
    clientSecret: clientSecretOf(given),
    clientAuth,
    site,
    secrets: secretsOf(given.secret),
    scope: scopeOf(given.scope),
    routes: routesOf(given.routes, site),
    returnToParam: text('oidc.returnToParam', given.returnToParam ?? 'returnTo'),
    authorizationParams: paramsOf(given.authorizationParams),
    isPublic: publicPathsOf(given.publicPaths),
    unauthenticated,
    allow,
    forbidden: given.forbidden,
    identityHeaders,
    session: durationsOf(given.session),
    cookie: cookieOf(given.session?.cookie, site),
    neededClaims: neededBy(allow, identityHeaders),
    refresh: refreshOf(given.refresh),
    idpLogout: flag('oidc.idpLogout', given.idpLogout ?? true),
    backchannelLogout: backchannelOf(given.backchannelLogout, given.session?.store),
    clockTolerance: atLeast('oidc.clockTolerance', given.clockTolerance ?? 30, 0, 'seconds'),
    allowInsecureRequests,
    timeout: timeoutOf(given.timeout),
    on: eventsOf(given.on),
  }
}

const optionNames = [
  'issuer',
  'clientId',
  'clientSecret',
  'clientAuth',
  'baseURL',
  'secret',
  'scope',
  'routes',
  'returnToParam',
  'authorizationParams',
  'publicPaths',
  'unauthenticated',
  'allow',
  'forbidden',
  'identityHeaders',
  'session',
  'refresh',
  'idpLogout',
  'backchannelLogout',
  'clockTolerance',
  'allowInsecureRequests',
  'timeout',
  'on',
] as const

const methods: readonly ClientAuthMethod[] = ['auto', 'client_secret_basic', 'client_secret_post', 'none']

function timeoutOf(value: unknown = 5): number {
  if (typeof value === 'number' && value > 0) return value
  throw new OptionError('oidc.timeout', 'a number of seconds > 0', value)
}

function issuerOf(value: unknown, insecure: boolean): URL {
  const url = webAddress('oidc.issuer', value)
  if (url.protocol === 'http:' && !(insecure && isLoopback(url))) {
    const wanted = 'an https:// URL (http:// is for loopback, with allowInsecureRequests: true)'
    throw new OptionError('oidc.issuer', wanted, url.href)
  }
  return url
}

/** Left out it makes a public client; there but `undefined`, it is a variable that somebody forgot to set. */
function clientSecretOf(given: Partial<OidcOptions>): string | undefined {
  return 'clientSecret' in given ? text('oidc.clientSecret', given.clientSecret, true) : undefined
}

function secretsOf(value: unknown): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (secrets.length === 0) throw new OptionError('oidc.secret', 'a secret or a list of them', value)
  return secrets.map((secret, index) => {
    if (typeof secret === 'string' && secret.length >= 32) return secret
    const option = Array.isArray(value) ? `oidc.secret[${index}]` : 'oidc.secret'
    throw new OptionError(option, 'a random string of 32 characters or more (openssl rand -base64 32)', secret, true)
  })
}

function scopeOf(value: unknown = 'openid profile email'): string {
  const scope = text('oidc.scope', value)
  if (!scope.split(' ').includes('openid'))
    throw new OptionError('oidc.scope', 'a list, separated by spaces, with openid in it', scope)
  return scope
}

/** What belongs to the protocol, and what we do not speak: the code comes back by the query. */
const ownParams = new Set([
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
])

function paramsOf(value: OidcOptions['authorizationParams'] = {}): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null)
    throw new OptionError('oidc.authorizationParams', 'an object of strings', value)
  for (const [name, member] of Object.entries(value)) {
    const option = `oidc.authorizationParams.${name}`
    if (ownParams.has(name)) throw new OptionError(option, 'left out: the gate sets it itself', member)
    if (typeof member !== 'string') throw new OptionError(option, 'a string', member)
    if (name === 'max_age' && !/^\d+$/.test(member))
      throw new OptionError(option, 'a whole number of seconds, as a string', member)
  }
  return { ...value }
}

function eventsOf(value: OidcOptions['on']): Events {
  const given = object('oidc.on', value, ['login', 'logout', 'backchannelLogout', 'refresh', 'refused', 'error'])
  for (const [name, hook] of Object.entries(given)) callable(`oidc.on.${name}`, hook)
  return { error: (error) => console.error(error), ...given }
}
