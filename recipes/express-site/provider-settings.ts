/**
 * What `oidc-provider` is told: one client, a few people, and consent without a question.
 *
 * @module
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Account, Configuration, Grant, KoaContextWithOIDC } from 'oidc-provider'

/** The site that sends people here. */
export interface ClientSettings {
  readonly id: string
  readonly secret: string
  /** The site's address without a slash at the end. */
  readonly baseURL: string
}

/** Renders one page of the office. */
export type Page = (name: string, data?: object) => string

/** Who can sign in; any password will do. The last one is no keeper, and the site lets nobody else in. */
export const people = [
  { sub: 'mairi', name: 'Mairi Sinclair', email: 'mairi@skerry.example', post: 'Principal keeper' },
  { sub: 'tomas', name: 'Tómas Ó Briain', email: 'tomas@skerry.example', post: 'Assistant keeper' },
  { sub: 'ingrid', name: 'Ingrid Solheim', email: 'ingrid@skerry.example', post: 'Relief keeper' },
  { sub: 'rafe', name: 'Rafe Quill', email: 'rafe@ketch-hollin.example', post: 'Not a keeper' },
] as const

/** Makes the settings; keys are new with every start. */
export function providerSettings(client: ClientSettings, page: Page): Configuration {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [`${client.baseURL}/auth/callback`],
        post_logout_redirect_uris: [`${client.baseURL}/auth/logout`],
        grant_types: ['authorization_code', 'refresh_token'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    claims: { openid: ['sub'], profile: ['name', 'post'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    ttl: { AccessToken: 300, IdToken: 300, Interaction: 900, RefreshToken: 86_400, Session: 86_400, Grant: 86_400 },
    interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: (_ctx, asking, token) => token.clientId === asking.clientId },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => show(ctx, page('sign-out', { form })),
        postLogoutSuccessSource: (ctx) => show(ctx, page('signed-out')),
      },
    },
    renderError: (ctx, { error, error_description: why }) => show(ctx, page('error', { error, why })),
    findAccount: (_ctx, sub) => accountOf(sub),
    issueRefreshToken: (_ctx, asking) => Promise.resolve(asking.grantTypeAllowed('refresh_token')),
    loadExistingGrant: consent,
  }
}

function show(ctx: KoaContextWithOIDC, html: string): void {
  ctx.type = 'html'
  ctx.body = html
}

function accountOf(sub: string): Account | undefined {
  const person = people.find((one) => one.sub === sub)
  return person && { accountId: sub, claims: () => ({ ...person, email_verified: true }) }
}

/** The site is the office's own, so it is granted what it asks for. */
async function consent({ oidc }: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { provider, client, account, session } = oidc
  if (!client || !account) return undefined
  const given = session?.grantIdFor(client.clientId)
  const grant = given === undefined ? undefined : await provider.Grant.find(given)
  if (grant) return grant
  const made = new provider.Grant({ clientId: client.clientId, accountId: account.accountId })
  made.addOIDCScope([...oidc.requestParamScopes].join(' '))
  await made.save()
  return made
}
