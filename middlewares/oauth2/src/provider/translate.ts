/**
 * Errors of the protocol library as our own. Their causes hold tokens and claims, so none of them is kept.
 *
 * @module
 */
import { OAuthError, type OAuthErrorCode } from '../errors.ts'

/** Which call failed: it decides what an answer that fails a check is called. */
export type Step = 'discovery' | 'pushed authorization request' | 'token' | 'userinfo' | 'revocation' | 'keys'

/** Makes an {@link OAuthError} of whatever a call to the provider threw. */
export function translate(error: unknown, step: Step): OAuthError {
  if (error instanceof OAuthError) return error
  const code = textAt(error, 'code') ?? ''
  const message = textAt(error, 'message') ?? 'unknown error'
  if (code === 'OAUTH_RESPONSE_BODY_ERROR' || code === 'OAUTH_WWW_AUTHENTICATE_CHALLENGE') return refusal(error, step)
  if (code === 'OAUTH_RESPONSE_IS_NOT_CONFORM') return failed(step, at(error, 'cause'))
  if (code === 'OAUTH_RESPONSE_IS_NOT_JSON' || (code === 'OAUTH_PARSE_ERROR' && message.includes('"response" body'))) {
    return new OAuthError('ERR_PROVIDER_FAILED', `the ${step} endpoint answers with something that is no JSON`)
  }
  if (code.startsWith('OAUTH_')) return new OAuthError(wrongAnswer[step], message)
  if (textAt(error, 'name') === 'TimeoutError') return unreachable(step, 'gives no answer in time')
  const detail = textAt(error, 'cause', 'code') ?? textAt(error, 'cause', 'errors', '0', 'code')
  return unreachable(step, detail === undefined ? 'cannot be reached' : `cannot be reached (${detail})`)
}

/** Makes a call, and an {@link OAuthError} of what it throws. */
export async function calling<T>(step: Step, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw translate(error, step)
  }
}

const wrongAnswer: Record<Step, OAuthErrorCode> = {
  discovery: 'ERR_PROVIDER_METADATA',
  'pushed authorization request': 'ERR_PROVIDER_FAILED',
  token: 'ERR_ID_TOKEN',
  userinfo: 'ERR_USERINFO',
  revocation: 'ERR_PROVIDER_FAILED',
  keys: 'ERR_PROVIDER_FAILED',
}

/** An error of OAuth (RFC 6749, section 5.2), or a challenge in its place. */
function refusal(error: unknown, step: Step): OAuthError {
  const status = numberAt(error, 'status') ?? 400
  const reason = showable(textAt(error, 'error'))
  if (isFailure(status) || troubles.has(reason)) return failed(step, at(error, 'response'))
  const more = reason === undefined ? {} : { reason }
  if (isOurs(step) && (status === 401 || reason === 'invalid_client' || reason === 'unauthorized_client')) {
    return new OAuthError(
      'ERR_CLIENT_REFUSED',
      `the ${step} endpoint does not take this client: ${reason ?? status}`,
      more,
    )
  }
  return new OAuthError('ERR_GRANT_REFUSED', `the ${step} endpoint refuses: ${reason ?? status}`, more)
}

/** Codes that speak of trouble, whatever the status. */
const troubles: ReadonlySet<string | undefined> = new Set(['server_error', 'temporarily_unavailable', 'slow_down'])

/** Steps that this site makes in its own name. */
function isOurs(step: Step): boolean {
  return step === 'token' || step === 'pushed authorization request'
}

/** The provider is in trouble. */
export function failed(step: Step, response: unknown): OAuthError {
  const retryAfter = retryAfterOf(at(response, 'headers'))
  const more = retryAfter === undefined ? {} : { retryAfter }
  return new OAuthError(
    'ERR_PROVIDER_FAILED',
    `the ${step} endpoint answers ${numberAt(response, 'status') ?? 'nothing of use'}`,
    more,
  )
}

function unreachable(step: Step, what: string): OAuthError {
  return new OAuthError('ERR_PROVIDER_UNREACHABLE', `the ${step} endpoint ${what}`)
}

/** Tells whether a status speaks of trouble rather than of a mistake. */
export function isFailure(status: number): boolean {
  return status === 429 || status >= 500
}

/** Seconds; the form with a date is left out. */
function retryAfterOf(headers: unknown): number | undefined {
  const field = headers instanceof Headers ? headers.get('retry-after') : null
  return field !== null && /^\d{1,6}$/.test(field) ? Number(field) : undefined
}

/** An error code may be shown and logged; other text of the provider is not. */
export function showable(reason: string | null | undefined): string | undefined {
  return reason !== null && reason !== undefined && /^[\w.-]{1,64}$/.test(reason) ? reason : undefined
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : undefined
}

function numberAt(value: unknown, name: string): number | undefined {
  const found = at(value, name)
  return typeof found === 'number' ? found : undefined
}

function at(value: unknown, ...path: readonly string[]): unknown {
  let inner = value
  for (const name of path) inner = typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined
  return inner
}
