import { SignJWT } from 'jose'
import type { App } from '@outerware/core'
import { get, testContext } from '../../support/index.ts'
import { browser, type Browser } from './browser.ts'
import type { FakeProvider } from './fake-provider.ts'
import { clientId } from './provider.ts'
import { origin } from './site.ts'

/** What a logout token says, but for these changes; `undefined` leaves a claim out. */
export interface LogoutTokenChanges {
  readonly claims?: Record<string, unknown>
  readonly header?: Record<string, unknown>
  /** A key of somebody else. */
  readonly key?: Parameters<SignJWT['sign']>[0]
}

export const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

/** Makes a logout token as the provider makes it. */
export function logoutToken(
  { issuer, signingKey }: Pick<FakeProvider, 'issuer' | 'signingKey'>,
  { claims = {}, header = {}, key = signingKey }: LogoutTokenChanges = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const jti = crypto.randomUUID()
  const usual = { iss: issuer, aud: clientId, iat: now, exp: now + 120, jti, events: { [logoutEvent]: {} } }
  return (
    new SignJWT({ ...usual, sub: 'ann', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'logout+jwt', ...header })
      // An extension that the receiver cannot know.
      .sign(key, { crit: { unheard: true } })
  )
}

/** Calls the route as the provider does. */
export async function callBack(site: App, token: string, init: RequestInit = {}): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const body = new URLSearchParams({ logout_token: token }).toString()
  return site(get(`${origin}/auth/backchannel-logout`, headers, { method: 'POST', body, ...init }), testContext())
}

/** Signs in at a provider that says this of the user, in a browser of its own. */
export async function signInAs(
  fake: FakeProvider,
  site: App,
  claims: { readonly sub?: string; readonly sid?: string },
): Promise<Browser> {
  const user = browser({ [origin]: site })
  const { url } = await user.open(`${origin}/auth/login`, { stopAt: (next) => next.startsWith(fake.issuer) })
  const { state = '', nonce = '' } = Object.fromEntries(new URL(url).searchParams)
  const id_token = await fake.idToken({ nonce, ...claims })
  fake.token = async () => ({ body: { access_token: 'access', token_type: 'Bearer', id_token } })
  await user.open(`${origin}/auth/callback?${new URLSearchParams({ code: 'code', state })}`)
  return user
}

/** Whether the session in a browser is good. */
export async function isSignedIn(user: Browser): Promise<boolean> {
  return (await user.fetch(`${origin}/`)).status === 200
}
