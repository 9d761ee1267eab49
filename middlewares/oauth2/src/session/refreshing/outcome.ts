/**
 * What comes of a refresh, and what that means for a session which has waited for it.
 *
 * @module
 */
import type { OAuthError } from '../../errors.ts'
import { become, newest, type Live } from '../live.ts'

/** What came of asking the provider. */
export type Outcome =
  /** New tokens, in a new session. */
  | { readonly live: Live }
  /** None: the session is over, or the provider is in trouble. */
  | { readonly error: OAuthError; readonly isOver: boolean }

/** What became of a session whose access token is at its end. */
export type Renewal =
  /** It goes on, with new tokens or with the old ones. */
  | { readonly live: Live }
  /** The provider has ended it (R21). */
  | { readonly live: undefined; readonly error: OAuthError }
  /** The provider is in trouble and the token has expired: try again, in so many seconds. */
  | { readonly live: undefined; readonly error: OAuthError; readonly retryAfter: number }

/** Names one generation of tokens: a provider that does not rotate gives the same refresh token again. */
export function generationOf({ session: { tokens } }: Live): string {
  return `${tokens.expiresAt} ${tokens.refresh}`
}

/** Lets a session become what a refresh has made of its generation. */
export function adopt(live: Live, outcome: Outcome): Renewal {
  if ('live' in outcome) {
    // It may have been prolonged meanwhile, or refreshed once more.
    const last = newest(live)
    return { live: generationOf(last) === generationOf(live) ? become(last, outcome.live) : last }
  }
  const { error, isOver } = outcome
  if (isOver) return { live: undefined, error }
  const { expiresAt = Infinity } = live.session.tokens
  // The old token is good yet: nobody need notice.
  if (Date.now() < expiresAt * 1000) return { live }
  return { live: undefined, error, retryAfter: secondsToWait(error) }
}

/** How long to leave a provider alone that is in trouble. */
export function secondsToWait(error: OAuthError): number {
  return Math.max(1, Math.min(error.retryAfter ?? RETRY_SECONDS, 60))
}

const RETRY_SECONDS = 5
