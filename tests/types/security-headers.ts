// Compile-time promises of security-headers: this file is built, never run.
import { compose, type AddsOf, type App, type Wrapper } from '@outerware/core'
import {
  securityHeaders,
  securityHeadersHooks,
  type Nonce,
  type SecurityHeadersOptions,
} from '@outerware/security-headers'

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <_T extends true>(): void => {}

declare const page: App<{ nonce: string }>
declare const plain: App

// nonce: true and the preset 'strict' add the nonce, nothing else does.
export const withNonce: App = securityHeaders({ nonce: true })(page)
export const withStrict: App = securityHeaders({ preset: 'strict' })(page)
export const withField: App = securityHeaders({ nonce: { header: 'x-nonce' } })(page)
export const composed: App = compose(securityHeaders({ nonce: true, hsts: { maxAge: 60 } }))(page)
export const around: App = securityHeaders({ nonce: true })(plain)
// @ts-expect-error nothing makes a nonce
export const without: App = securityHeaders()(page)
// @ts-expect-error nothing makes a nonce
export const switchedOff: App = securityHeaders({ preset: 'strict', nonce: false })(page)
// @ts-expect-error it may or may not make one
export const unknown: App = securityHeaders({ nonce: Math.random() > 0.5 })(page)

const none = securityHeaders({ xFrameOptions: { action: 'deny' } })
holds<Equals<keyof AddsOf<typeof none>, never>>()
const some = securityHeaders({ preset: 'strict' })
holds<Equals<AddsOf<typeof some>, Nonce>>()
export const asWrapper: Wrapper = securityHeaders()
declare const options: SecurityHeadersOptions
export const fromVariable: Wrapper = securityHeaders(options)
export const hooks = securityHeadersHooks({ nonce: true })

// @ts-expect-error a misspelt option
securityHeaders({ xFrameOption: { action: 'deny' } })
// @ts-expect-error a misspelt option beside a nonce
securityHeaders({ nonce: true, hstss: true })
// @ts-expect-error a value that helmet does not know
securityHeaders({ crossOriginOpenerPolicy: { policy: 'same' } })
// @ts-expect-error a feature that browsers do not know
securityHeaders({ permissionsPolicy: { camra: false } })
// @ts-expect-error true says neither whom nor how
securityHeaders({ permissionsPolicy: { camera: true } })
