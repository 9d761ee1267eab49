/**
 * Calls of the app to APIs, with the access token of the user (RFC 6750, 2.1), and with a proof if it is bound to a key
 * (RFC 9449, section 7).
 *
 * @module
 */
import { protectedResourceRequest, WWW_AUTHENTICATE_CHALLENGE, WWWAuthenticateChallengeError } from 'oauth4webapi'
import { OAuthError } from '../errors.ts'
import { bound, type BoundKey } from '../provider/dpop.ts'
import { httpOf } from '../provider/provider.ts'
import { isLoopback } from '../settings/checks.ts'
import type { Settings } from '../settings/settings.ts'
import type { ApiInit } from './auth.ts'

/** What a call is made with. */
export interface Credentials {
  /** Asked for each call, since it may have been refreshed. */
  readonly token: () => Promise<string | undefined>
  readonly key: () => BoundKey | undefined
}

/** See `Auth.fetch`. */
export async function callApi(
  settings: Settings,
  { token, key }: Credentials,
  address: string | URL,
  { method = 'GET', headers, body, signal }: ApiInit = {},
): Promise<Response> {
  const url = new URL(address)
  if (url.protocol !== 'https:' && !(settings.allowInsecureRequests && isLoopback(url)))
    throw new TypeError(`an access token goes over https only, not to ${url.origin}`)
  const access = await token()
  if (access === undefined) throw new OAuthError('ERR_GRANT_REFUSED', 'there is no access token', { status: 401 })
  const http = { ...httpOf(settings), ...(signal !== undefined && { signal }) }
  try {
    return await bound(key(), (proof) =>
      protectedResourceRequest(access, method, url, new Headers(headers), body ?? null, { ...http, ...proof }),
    )
  } catch (error) {
    // Whatever the API says is for the app to hear.
    if (error instanceof WWWAuthenticateChallengeError && error.code === WWW_AUTHENTICATE_CHALLENGE)
      return error.response
    throw error
  }
}
