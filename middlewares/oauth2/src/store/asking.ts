/**
 * Asking a store: what it throws is reported, and becomes a value that whoever asked can judge.
 *
 * @module
 */
import { OAuthError } from '../errors.ts'
import { whenThere, type Eventually } from './store.ts'

/** Makes an {@link OAuthError} of what a store threw. Its own words may hold keys or addresses, so they stay out. */
export function storeError(cause: unknown): OAuthError {
  if (cause instanceof OAuthError) return cause
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined
  const detail = code !== undefined && /^[A-Z][A-Z_]{1,30}$/.test(code) ? ` (${code})` : ''
  return new OAuthError('ERR_STORE', `the store of the sessions gives no answer${detail}`)
}

/** Asks; the error comes back as a value, in the same turn where the store answers so. */
export function asking<T>(ask: () => Eventually<T>): Eventually<T | OAuthError> {
  try {
    const answer = whenThere(ask(), (value): T => value)
    return answer instanceof Promise ? answer.catch(storeError) : answer
  } catch (cause) {
    return storeError(cause)
  }
}
