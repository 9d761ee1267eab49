// Compile-time promises of @outerware/oauth2: this file is built, never run.
import type { IncomingMessage } from 'node:http'
import { compose, type AddsOf, type App, type NeedsOf, type Wrapper } from '@outerware/core'
import {
  authOf,
  memoryStore,
  github,
  google,
  oauth2,
  oidc,
  type Auth,
  type AuthBehind,
  type Claims,
  type OAuthErrorCode,
  type OidcOptions,
  type PublicPath,
  type SessionStore,
} from '@outerware/oauth2'
import { redisStore } from '@outerware/oauth2/redis'
import type { createClient, createClientPool, createCluster, createSentinel } from 'redis'

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <_T extends true>(): void => {}

const needed = {
  issuer: 'https://op.test',
  clientId: 'site',
  baseURL: 'https://site.test',
  secret: 'thirty-two characters of a secret',
}
const closed = oidc(needed)
const open = oidc({ ...needed, publicPaths: ['/public', '/assets/*'] })

// Behind a gate somebody is there; with public paths, perhaps nobody.
holds<Equals<AddsOf<typeof closed>, { auth: Auth }>>()
holds<Equals<AddsOf<typeof open>, { auth: Auth | undefined }>>()
holds<Equals<NeedsOf<typeof closed>, {}>>()
const none = oidc({ ...needed, publicPaths: [] })
holds<Equals<AddsOf<typeof none>, { auth: Auth }>>()

// Options from elsewhere may have public paths, so nothing is promised.
declare const given: OidcOptions
const unknown = oidc(given)
holds<Equals<AddsOf<typeof unknown>, { auth: Auth | undefined }>>()
declare const list: PublicPath[]
const listed = oidc({ ...needed, publicPaths: list })
holds<Equals<AddsOf<typeof listed>, { auth: Auth | undefined }>>()
holds<Equals<AuthBehind<readonly []>, Auth>>()

declare const app: App<{ auth: Auth }>
declare const careful: App<{ auth: Auth | undefined }>
declare const plain: App
declare const nonce: Wrapper<{ nonce: string }>

export const gated: App = closed(app)
export const composed: App = compose(nonce, closed)(app)
export const carefulGated: App = closed(careful)
export const carefulOpen: App = open(careful)
export const gatedPlain: App = open(plain)
export const inline: App = closed((_request, { auth }) => new Response(auth.sub + auth.logoutURL))
export const inlineOpen: App = open((_request, { auth }) => new Response(auth?.email ?? 'nobody'))

// @ts-expect-error nobody adds auth: an app that needs it does not compile without the gate
export const ungated: App = app
// @ts-expect-error nor behind another wrapper
export const elsewhere: App = nonce(app)
// @ts-expect-error behind public paths nobody may be there
export const careless: App = open(app)
// @ts-expect-error
export const inlineCareless: App = open((_request, { auth }) => new Response(auth.sub))
// @ts-expect-error a misspelt option
export const misspelt = oidc({ ...needed, publicPath: ['/public'] })
// @ts-expect-error the secret is needed
export const secretless = oidc({ issuer: 'https://op.test', clientId: 'site', baseURL: 'https://site.test' })

// Presets go where they belong.
export const byGoogle = oidc({ provider: google(), clientId: 'site', baseURL: 'https://site.test', secret: 'x' })
export const byGitHub = oauth2({ provider: github(), clientId: 'site', baseURL: 'https://site.test', secret: 'x' })
holds<Equals<AddsOf<typeof byGitHub>, { auth: Auth }>>()
// @ts-expect-error GitHub has no OpenID Connect
export const noGitHub = oidc({ provider: github(), clientId: 'site', baseURL: 'https://site.test', secret: 'x' })
// @ts-expect-error and Google is not plain
export const noGoogle = oauth2({ provider: google(), clientId: 'site', baseURL: 'https://site.test', secret: 'x' })
// @ts-expect-error which has no acr to step up by
export const noStep = oauth2({ provider: github(), clientId: 'a', baseURL: 'b', secret: 'c', stepUp: [] })

declare const auth: Auth
holds<Equals<Auth['kind'], 'session' | 'bearer'>>()
holds<Equals<Auth['email'], string | undefined>>()
holds<Equals<ReturnType<Auth['accessToken']>, Promise<string | undefined>>>()
holds<Equals<Claims['sub'], string>>()
holds<Equals<Claims['anything'], unknown>>()
// @ts-expect-error it is frozen
auth.sub = 'other'
// @ts-expect-error all the way down
auth.claims['groups'] = []

declare const req: IncomingMessage
holds<Equals<ReturnType<typeof authOf>, Auth | undefined>>()
export const ofNode: string | undefined = authOf(req)?.sub

export const code: OAuthErrorCode = 'ERR_PROVIDER_UNREACHABLE'
holds<
  Equals<
    keyof OidcOptions,
    | 'issuer'
    | 'provider'
    | 'clientId'
    | 'clientSecret'
    | 'clientAuth'
    | 'clientKey'
    | 'pushedAuthorizationRequests'
    | 'dpop'
    | 'resource'
    | 'baseURL'
    | 'secret'
    | 'scope'
    | 'routes'
    | 'returnToParam'
    | 'authorizationParams'
    | 'publicPaths'
    | 'unauthenticated'
    | 'allow'
    | 'forbidden'
    | 'identityHeaders'
    | 'session'
    | 'refresh'
    | 'idpLogout'
    | 'bearer'
    | 'stepUp'
    | 'trustedOrigins'
    | 'forwardAuth'
    | 'backchannelLogout'
    | 'clockTolerance'
    | 'allowInsecureRequests'
    | 'timeout'
    | 'on'
  >
>()

// Sessions in a store: of ours, of one's own, over the clients of the npm package redis.
holds<Equals<ReturnType<typeof memoryStore>, SessionStore>>()
export const own: SessionStore = { get: () => null, set: () => true, delete: async () => 1 }
declare const redis: ReturnType<typeof createClient>
declare const pool: ReturnType<typeof createClientPool>
declare const sentinel: ReturnType<typeof createSentinel>
declare const cluster: ReturnType<typeof createCluster>
export const stores: SessionStore[] = [redis, pool].map((client) => redisStore(client, { prefix: 'a:' }))
// @ts-expect-error commands of a cluster go by their key
export const clustered = redisStore(cluster)
// @ts-expect-error those of a sentinel say whether they read
export const watched = redisStore(sentinel)
// @ts-expect-error a store that keeps nothing
export const half: SessionStore = { get: () => null }
export const stored: App = oidc({ ...needed, session: { store: own }, backchannelLogout: true })(app)
export const denied: App = oidc({ ...needed, backchannelLogout: { store: own } })(app)
