/**
 * A provider to try the recipe with: whatever name is typed is signed in, with any password. It forgets all when it
 * stops, and is for this machine only.
 *
 * @module
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { App } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import { Provider, type Configuration, type Grant, type KoaContextWithOIDC } from 'oidc-provider'

/** Makes a provider that knows one site. */
export function tryoutProvider(issuer: string, client: { id: string; secret: string; baseURL: string }): App {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const settings: Configuration = {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [`${client.baseURL}/auth/callback`],
        post_logout_redirect_uris: [`${client.baseURL}/auth/logout`],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    ttl: { AccessToken: 300, IdToken: 300, Interaction: 900, Session: 86_400, Grant: 86_400 },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, email: `${sub}@skerry.example` }) }),
    loadExistingGrant: consent,
  }
  return fromNode(new Provider(issuer, settings).callback())
}

/** Without a question: there is one site, and it is ours. */
async function consent({ oidc }: KoaContextWithOIDC): Promise<Grant | undefined> {
  if (!oidc.client || !oidc.account) return undefined
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.account.accountId })
  grant.addOIDCScope([...oidc.requestParamScopes].join(' '))
  await grant.save()
  return grant
}
