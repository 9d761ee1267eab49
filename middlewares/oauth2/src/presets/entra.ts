/**
 * Microsoft Entra ID, once Azure Active Directory.
 *
 * @module
 */
import type { Claims } from '../gate/auth.ts'
import { checkedText, optionsOf } from './checks.ts'
import type { OidcProvider } from './preset.ts'

/** Options of {@link entra}. */
export interface EntraOptions {
  /**
   * Whose users: the id of a tenant; `organizations`, `consumers` or `common` for those of many. A domain of a tenant
   * will not do: its tokens name the id.
   */
  readonly tenant: string
  /** With `organizations` and `common`: the ids of the tenants whose users may pass. */
  readonly tenants?: readonly string[]
}

/**
 * Microsoft Entra ID, for `oidc({ provider: entra({ tenant }) })`.
 *
 * Where many tenants may sign in, each has an issuer of its own: that of a token is checked against the tenant that
 * the token names. There an address is only as good as the tenant that gives it, so it counts as verified only if Entra
 * says so (the optional claim `xms_edov`): else `allow.emails` would let in whoever makes a tenant and writes your
 * address into it.
 *
 * @throws {@link OptionError} `entra.tenant` for what is no id, nor one of the three words
 * @example
 * oidc({ provider: entra({ tenant: '8eaef023-2b34-4da1-9baa-8bc8c9d6a490' }), clientId, clientSecret, baseURL, secret })
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export function entra(options: EntraOptions): OidcProvider {
  const { tenant, tenants } = optionsOf('entra', options, ['tenant', 'tenants'])
  checkedText(
    'entra.tenant',
    tenant,
    /^(?:organizations|common|consumers|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/,
    wanted,
  )
  for (const id of tenants ?? []) checkedText('entra.tenants', id, guid, 'the ids of tenants')
  const scope = 'openid profile email offline_access'
  const claims = tenants === undefined ? {} : { claims: { tid: tenants } }
  if (guid.test(tenant!)) return { kind: 'oidc', issuer: `${host}/${tenant}/v2.0`, scope, ...claims }
  if (tenant === 'consumers') return { kind: 'oidc', issuer: `${host}/${PERSONAL}/v2.0`, scope, ...claims }
  return {
    kind: 'oidc',
    issuer: `${host}/{tenantid}/v2.0`,
    address: `${host}/${tenant}/v2.0`,
    issuerOf: ({ tid }) => `${host}/${typeof tid === 'string' && guid.test(tid) ? tid : 'none'}/v2.0`,
    scope,
    mapClaims: withVerifiedAddress,
    ...claims,
  }
}

const host = 'https://login.microsoftonline.com'
/** The tenant of all personal accounts. */
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad'
const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
const wanted = "the id of a tenant, in lower case, or 'organizations', 'consumers' or 'common'"

/** The claim comes as a boolean, a number or a string, by the kind of account. */
function withVerifiedAddress(claims: Claims): Claims {
  const isVerified = [true, 1, '1', 'true'].some((value) => value === claims['xms_edov'])
  return { ...claims, email_verified: isVerified }
}
