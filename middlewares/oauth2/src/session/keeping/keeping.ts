/**
 * How sessions are kept between two requests of a browser: in its cookies, or in a store.
 *
 *     cookie ─▶ ticket ─▶ load ─▶ seal        the ticket is the seal itself, or an id in the store
 *
 * @module
 */
import type { OAuthError } from '../../errors.ts'
import type { Sealer } from '../../sealing/seal.ts'
import type { Eventually } from '../../store/store.ts'
import type { Live, Unsealed } from '../live.ts'
import type { Dropped, Session } from '../session.ts'

/** Keeps the sessions of one gate. */
export interface Keeping {
  readonly sealer: Sealer
  /** Gives the seal that a ticket stands for. */
  load(ticket: string): Loaded
  /** What a session is bound to, beside its key: the name that it has in a store. */
  nameOf(ticket: string): Eventually<string | undefined>
  /**
   * Writes a session.
   *
   * @returns `undefined` if it is too large
   * @throws OAuthError
   */
  write(session: Session, place: Place): Promise<Written | undefined>
  /**
   * Runs alone: nobody else does anything with this session meanwhile.
   *
   * @throws OAuthError
   */
  alone<T>(live: Live, work: () => Promise<T>): Promise<T>
  /**
   * Ends a session.
   *
   * @param seconds how long it could have lasted
   * @throws OAuthError
   */
  end(live: Live, seconds: number): Promise<void>
  /**
   * Ends all sessions of a user, or of a login at the provider.
   *
   * @param seconds how long the longest could have lasted
   * @throws OAuthError
   */
  endAllOf(whose: Whose, value: string, seconds: number): Promise<void>
  /** Tells whether a session was ended, here or elsewhere. Where nobody can tell it was not. */
  isOver(live: Live): Promise<boolean>
}

/** By what the provider ends sessions: one login of a user at the provider, or all of them. */
export type Whose = 'sid' | 'sub'

/** The seal that a ticket stands for, if the store can be asked. */
export type Loaded = Eventually<string | undefined | OAuthError>

/** Where a session goes. */
export interface Place {
  /** The cookies beside which it must fit. */
  readonly header: string | null
  /** The ticket that it has already, if it is not new. */
  readonly ticket?: string
}

/** A session that is written, and what went missing for want of room. */
export interface Written extends Unsealed {
  readonly dropped: Dropped
}
