/**
 * An issuer of access tokens to try the recipe with: two programs, one of which may only read.
 *
 * @module
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { App } from '@outerware/core'
import { fromNode } from '@outerware/core/node'
import { Provider, type Configuration } from 'oidc-provider'

/** Programs, and the scopes that they may have. */
export const programs = [
  { id: 'keeper', secret: 'keeper-secret', scope: 'lamp:read lamp:write' },
  { id: 'visitor', secret: 'visitor-secret', scope: 'lamp:read' },
] as const

/** Makes the issuer. */
export function tryoutIssuer(issuer: string): App {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const settings: Configuration = {
    clients: programs.map(({ id, secret, scope }) => ({
      client_id: id,
      client_secret: secret,
      scope,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      id_token_signed_response_alg: 'ES256',
    })),
    scopes: ['lamp:read', 'lamp:write'],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    features: {
      devInteractions: { enabled: false },
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
  return fromNode(new Provider(issuer, settings).callback())
}
