/**
 * The authorization request: what the provider is asked (OpenID Connect Core 1.0, 3.1.2.1), in the address of the
 * browser, or pushed beforehand (RFC 9126).
 *
 * @module
 */
import * as oauth from 'oauth4webapi'
import { OAuthError } from '../errors.ts'
import { bound, thumbprintOf } from '../provider/dpop.ts'
import type { Provider } from '../provider/provider.ts'
import { calling } from '../provider/translate.ts'
import type { Settings } from '../settings/settings.ts'
import type { Begun } from './pending.ts'
import { maxAgeOf, parametersOf as stepParameters } from './step-up.ts'

/**
 * Makes the address to send the browser to.
 *
 * @param more parameters of this login
 * @throws OAuthError if the request has to be pushed, and the provider does not take it
 */
export async function authorizationURL(
  provider: Provider,
  settings: Settings,
  begun: Begun,
  more: Readonly<Record<string, string>>,
): Promise<string> {
  const parameters = await parametersOf(provider, settings, begun, more)
  const url = new URL(provider.server.authorization_endpoint!)
  const asked = isPushed(provider, settings) ? await push(provider, parameters, begun) : parameters
  for (const [name] of asked) url.searchParams.delete(name)
  for (const [name, value] of asked) url.searchParams.append(name, value)
  return url.href
}

/** Where the provider is to send the code; from the options alone, never from the request (R5). */
export function redirectURI({ site, routes }: Settings): string {
  return site.origin + encodeURI(routes.callback)
}

async function parametersOf(
  { preset }: Provider,
  settings: Settings,
  { state, nonce, challenge, key, step }: Begun,
  more: Readonly<Record<string, string>>,
): Promise<URLSearchParams> {
  const { protocol, clientId, scope, authorizationParams } = settings
  const parameters = new URLSearchParams({
    ...authorizationParams,
    ...more,
    ...stepParameters({ acr: step.acr, maxAge: maxAgeOf(step, authorizationParams) }),
    client_id: clientId,
    redirect_uri: redirectURI(settings),
    response_type: 'code',
    scope,
    state,
    ...(preset.kind === 'oidc' && { nonce }),
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...(key !== undefined && { dpop_jkt: await thumbprintOf(key) }),
  })
  for (const resource of protocol.resources) parameters.append('resource', resource)
  return parameters
}

/** Pushed is what the provider wants pushed, or the options; it needs the place to push it to. */
function isPushed({ server }: Provider, { protocol: { pushed } }: Settings): boolean {
  const isWanted = pushed === true || (pushed === 'auto' && server.require_pushed_authorization_requests === true)
  if (isWanted && server.pushed_authorization_request_endpoint === undefined) {
    throw new OAuthError('ERR_PROVIDER_METADATA', 'the provider takes no pushed authorization requests')
  }
  return isWanted
}

async function push(provider: Provider, parameters: URLSearchParams, { key }: Begun): Promise<URLSearchParams> {
  const { server, client, clientProof, http } = provider
  const { request_uri } = await calling('pushed authorization request', () =>
    clientProof.run((method) =>
      bound(key, async (proof) => {
        const options = { ...http, ...proof }
        const response = await oauth.pushedAuthorizationRequest(server, client, method, parameters, options)
        return oauth.processPushedAuthorizationResponse(server, client, response)
      }),
    ),
  )
  return new URLSearchParams({ client_id: client.client_id, request_uri })
}
