/**
 * What the gate tells about its work. No event holds a token.
 *
 * @module
 */
import type { Context } from '@outerware/core'
import type { OAuthError } from '../errors.ts'
import type { Auth } from './auth.ts'

/** Hooks that hear of what happens at the gate; see `on` of the options. */
export interface Events {
  /** Somebody has signed in. */
  readonly login?: (event: LoginEvent) => void
  /** Somebody signs out. */
  readonly logout?: (event: UserEvent) => void
  /** The provider has ended sessions: those of the login `sid`, or else all of the user `sub`. */
  readonly backchannelLogout?: (event: BackchannelLogoutEvent) => void
  /** An access token was refreshed, or the provider has ended the session: `auth` is then `undefined`. */
  readonly refresh?: (event: RefreshEvent) => void
  /** Somebody was turned away: at the callback with `error`, or as one who may not pass, with `auth`. */
  readonly refused?: (event: RefusedEvent) => void
  /**
   * The provider is in trouble, or set up in a way that cannot work.
   *
   * @default `console.error`
   */
  readonly error?: (error: OAuthError) => void
}

/** A request and whom it comes from. */
export interface UserEvent {
  readonly auth: Auth
  readonly request: Request
  readonly context: Context
}

/** See {@link Events.login}. */
export interface LoginEvent extends UserEvent {
  /** What did not fit into the cookies: `id_token`, `claims`, or neither. */
  readonly dropped: readonly ('id_token' | 'claims')[]
}

/** See {@link Events.backchannelLogout}. */
export interface BackchannelLogoutEvent {
  /** The login at the provider: the claim `sid`. */
  readonly sid: string | undefined
  readonly sub: string | undefined
}

/** See {@link Events.refresh}. */
export interface RefreshEvent {
  /** The session that was refreshed. */
  readonly sid: string
  readonly auth: Auth | undefined
}

/** See {@link Events.refused}. */
export interface RefusedEvent {
  readonly status: number
  readonly error: OAuthError | undefined
  readonly auth: Auth | undefined
  readonly request: Request
  readonly context: Context
}

/** Calls a hook; what it throws, or rejects with, goes to the console. */
export function tell<Event>(hook: ((event: Event) => void) | undefined, event: Event): void {
  if (hook === undefined) return
  try {
    const result: unknown = hook(event)
    if (result instanceof Promise) result.catch((error: unknown) => console.error(error))
  } catch (error) {
    console.error(error)
  }
}
