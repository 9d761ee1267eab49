/**
 * A provider to try the recipe with: whatever name is typed is signed in, with any password. It forgets all when it
 * stops, and is for this machine only.
 *
 * @module
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { App } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import type { Configuration, Grant, KoaContextWithOIDC, Provider } from 'oidc-provider'

/** Makes a provider that knows one site. */
export async function tryoutProvider(
  issuer: string,
  client: { id: string; secret: string; baseURL: string },
): Promise<App> {
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
  const provider = await quietly(async () => new (await import('oidc-provider')).Provider(issuer, settings))
  return fromNode(provider.callback())
}

/** It warns, with reason, that what is kept in memory is lost, and that its forms are for trying. Both are meant so. */
async function quietly(make: () => Promise<Provider>): Promise<Provider> {
  const { warn } = console
  console.warn = () => {}
  try {
    return await make()
  } finally {
    console.warn = warn
  }
}

/** Without a question: there is one site, and it is ours. */
async function consent({ oidc }: KoaContextWithOIDC): Promise<Grant | undefined> {
  if (!oidc.client || !oidc.account) return undefined
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.account.accountId })
  grant.addOIDCScope([...oidc.requestParamScopes].join(' '))
  await grant.save()
  return grant
}
