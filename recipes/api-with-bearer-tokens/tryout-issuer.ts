/**
 * An issuer to try the recipe with: access tokens for two programs, one of which may only read, and a sign-in for
 * people, by any name and with any password.
 *
 * @module
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { App } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import type { Configuration, Grant, KoaContextWithOIDC, Provider } from 'oidc-provider'

/** Programs, and the scopes that they may have. */
export const programs = [
  { id: 'keeper', secret: 'keeper-secret', scope: 'lamp:read lamp:write' },
  { id: 'visitor', secret: 'visitor-secret', scope: 'lamp:read' },
] as const

/** Makes the issuer. @param site where people sign in to */
export async function tryoutIssuer(
  issuer: string,
  site: { id: string; secret: string; baseURL: string },
): Promise<App> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const settings: Configuration = {
    clients: [
      ...programs.map(({ id, secret, scope }) => ({
        client_id: id,
        client_secret: secret,
        scope,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        id_token_signed_response_alg: 'ES256' as const,
      })),
      {
        client_id: site.id,
        client_secret: site.secret,
        redirect_uris: [`${site.baseURL}/auth/callback`],
        post_logout_redirect_uris: [`${site.baseURL}/auth/logout`],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    scopes: ['openid', 'lamp:read', 'lamp:write'],
    claims: { openid: ['sub'], email: ['email'], profile: ['name'] },
    ttl: { AccessToken: 300, ClientCredentials: 300, IdToken: 300, Interaction: 900, Session: 86_400, Grant: 86_400 },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, email: `${sub}@skerry.example` }) }),
    loadExistingGrant: consent,
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    features: {
      clientCredentials: { enabled: true },
      // A token is made for the API that is asked for, and is a JWT (RFC 8707, RFC 9068).
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, audience) => ({
          audience,
          scope: 'lamp:read lamp:write',
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
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
