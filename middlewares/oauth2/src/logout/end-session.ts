/**
 * Where a provider signs its users out (OpenID Connect RP-Initiated Logout 1.0, section 2).
 *
 * @module
 */
import type { Provider } from '../provider/provider.ts'
import type { Live } from '../session/live.ts'
import type { Settings } from '../settings/settings.ts'

/** Tells whether there is a place to send the browser to. */
export function canEndSession({ server, preset }: Provider): boolean {
  return server.end_session_endpoint !== undefined || (preset.kind === 'oidc' && preset.logout !== undefined)
}

/** Where to send the browser, with what the provider wants to know. */
export function endSessionURL(
  { server, preset }: Provider,
  settings: Settings,
  { session }: Live,
  state: string,
): string {
  const { site, routes, clientId } = settings
  const own = site.origin + encodeURI(routes.logout)
  if (server.end_session_endpoint === undefined && preset.kind === 'oidc' && preset.logout !== undefined)
    return withParams(preset.logout({ clientId, returnTo: `${own}?state=${encodeURIComponent(state)}` }), settings).href
  const url = withParams(new URL(server.end_session_endpoint!), settings)
  url.searchParams.set('client_id', clientId)
  url.searchParams.set('post_logout_redirect_uri', own)
  url.searchParams.set('state', state)
  // It is a hint. Where it is too long, the provider asks the user instead.
  const hint = session.idToken === undefined ? '' : `&id_token_hint=${session.idToken}`
  return url.href.length + hint.length > LONGEST_URL ? url.href : url.href + hint
}

function withParams(url: URL, { protocol }: Settings): URL {
  for (const [name, value] of Object.entries(protocol.logoutParams)) url.searchParams.set(name, value)
  return url
}

/** What every recipient should take, in characters (RFC 9110, 4.1). */
const LONGEST_URL = 8000
