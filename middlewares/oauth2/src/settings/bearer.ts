/**
 * Options of API clients: the tokens that are taken beside sessions.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import type { BearerSettings } from '../bearer/resource.ts'
import type { Site } from '../login/return-to.ts'
import type { OidcOptions } from '../options/options.ts'
import { isLoopback, object, text, texts, webAddress } from './checks.ts'

/** What tokens are judged by; `undefined` if none are taken. */
export function bearerOf(
  value: OidcOptions['bearer'],
  issuer: unknown,
  site: Site,
  insecure: boolean,
): BearerSettings | undefined {
  if (value === undefined) return undefined
  const given = object('oidc.bearer', value, ['audience', 'scopes', 'issuers'])
  const audiences = listOf('oidc.bearer.audience', given.audience)
  const scopes = given.scopes === undefined ? [] : texts('oidc.bearer.scopes', given.scopes)
  const wrong = scopes.find((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope))
  if (wrong !== undefined) throw new OptionError('oidc.bearer.scopes', 'single scopes, one in each string', wrong)
  const issuers = given.issuers === undefined ? [issuer] : listOf('oidc.bearer.issuers', given.issuers)
  const names = issuers.map((name, index) => issuerName(`oidc.bearer.issuers[${index}]`, name, insecure))
  return { audiences, scopes, issuers: names, resource: resourceOf(audiences, site) }
}

function listOf(option: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [text(option, value)]
  if (value.length === 0) throw new OptionError(option, 'a string or a list of them', value)
  return texts(option, value)
}

/** An issuer is compared by every character, so it stays as it was written. */
function issuerName(option: string, value: unknown, insecure: boolean): string {
  const url = webAddress(option, value)
  if (url.protocol === 'http:' && !(insecure && isLoopback(url))) {
    throw new OptionError(
      option,
      'an https:// URL (http:// is for loopback, with allowInsecureRequests: true)',
      url.href,
    )
  }
  if (typeof value === 'string') return value
  return url.pathname === '/' ? url.origin : url.href
}

/** The audience that is an address of this site, else the address of the site. */
function resourceOf(audiences: readonly string[], { origin, home }: Site): string {
  const own = audiences.find((audience) => URL.canParse(audience) && new URL(audience).origin === origin)
  return own ?? home.replace(/\/$/, '')
}
