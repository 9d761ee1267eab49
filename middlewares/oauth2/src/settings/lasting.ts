/**
 * Options of what lasts: the session, its cookies, the tokens in it.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import type { CookieKind } from '../gate/cookies.ts'
import type { Site } from '../login/return-to.ts'
import type { OidcOptions } from '../options/options.ts'
import type { SessionOptions } from '../options/session.ts'
import type { LockingStore, SessionStore } from '../store/store.ts'
import { atLeast, object, oneOf, texts } from './checks.ts'
import { coordinatorOf, storeOf } from './stores.ts'

/** How long a session lasts, and how large it may be. */
export interface Limits {
  readonly rollingDuration: number
  readonly absoluteDuration: number
  readonly maxHeaderBytes: number
  readonly claims: readonly string[] | undefined
  readonly store: SessionStore | undefined
  readonly cache: { readonly entries: number; readonly bytes: number }
}

/** The session's limits: seconds and bytes. */
export function durationsOf(value: OidcOptions['session']): Limits {
  const names = ['store', 'cookie', 'rollingDuration', 'absoluteDuration', 'maxHeaderBytes', 'cache', 'claims'] as const
  const given = object('oidc.session', value, names)
  const rollingDuration = atLeast('oidc.session.rollingDuration', given.rollingDuration ?? 86_400, 60, 'seconds')
  const absolute = given.absoluteDuration ?? Math.max(604_800, rollingDuration)
  return {
    rollingDuration,
    absoluteDuration: atLeast('oidc.session.absoluteDuration', absolute, rollingDuration, 'seconds'),
    maxHeaderBytes: atLeast('oidc.session.maxHeaderBytes', given.maxHeaderBytes ?? 8192, 2048, 'bytes'),
    claims: given.claims === undefined ? undefined : texts('oidc.session.claims', given.claims),
    cache: cacheOf(given.cache),
    store: given.store === undefined ? undefined : storeOf('oidc.session.store', given.store),
  }
}

function cacheOf(value: SessionOptions['cache']): Limits['cache'] {
  const { entries = 5000, bytes = 32 * 1024 * 1024 } = object('oidc.session.cache', value, ['entries', 'bytes'])
  return {
    entries: atLeast('oidc.session.cache.entries', entries, 0, 'sessions'),
    bytes: atLeast('oidc.session.cache.bytes', bytes, 0, 'bytes'),
  }
}

/** The cookies; on https none but this very host can set them. */
export function cookieOf(value: SessionOptions['cookie'], { secure }: Site): CookieKind {
  const { name = 'oidc', sameSite = 'lax' } = object('oidc.session.cookie', value, ['name', 'sameSite'])
  if (typeof name !== 'string' || !/^[A-Za-z0-9-][A-Za-z0-9_-]{0,39}$/.test(name)) {
    throw new OptionError('oidc.session.cookie.name', 'letters, digits, - and _ (40 at most, no _ first)', name)
  }
  oneOf('oidc.session.cookie.sameSite', sameSite, ['lax', 'none'])
  if (sameSite === 'none' && !secure) {
    throw new OptionError('oidc.session.cookie.sameSite', "'lax' where baseURL is http", sameSite)
  }
  return { name: secure ? `__Host-${name}` : name, secure, sameSite }
}

/** When tokens are refreshed, in seconds. */
export interface Refreshing {
  readonly ahead: number
  readonly grace: number
  readonly lockTTL: number
  /** What machines with sessions in cookies alone share. */
  readonly coordinator: LockingStore | undefined
}

/** When tokens are refreshed. */
export function refreshOf(value: OidcOptions['refresh'] = {}, store?: SessionStore): Refreshing | false {
  if (value === false) return false
  const given = object('oidc.refresh', value, ['ahead', 'grace', 'lockTTL', 'coordinator'])
  const { ahead = 60, grace = 30, lockTTL = 10 } = given
  return {
    ahead: atLeast('oidc.refresh.ahead', ahead, 0, 'seconds'),
    grace: atLeast('oidc.refresh.grace', grace, 0, 'seconds'),
    lockTTL: atLeast('oidc.refresh.lockTTL', lockTTL, 1, 'seconds'),
    coordinator: coordinatorOf(given.coordinator, store),
  }
}
