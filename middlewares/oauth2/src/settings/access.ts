/**
 * Options that say who may pass, and what the app is told: checked, in the form that requests are judged by.
 *
 * @module
 */
import { OptionError } from '@outerware/core'
import type { AllowOptions } from '../options/access.ts'
import type { OidcOptions } from '../options/options.ts'
import type { OAuth2Provider, OidcProvider } from '../presets/preset.ts'
import { callable, object, text, texts } from './checks.ts'

/** Origins, spelt as browsers spell them. */
export function originsOf(value: OidcOptions['trustedOrigins'] = []): ReadonlySet<string> {
  const option = 'oidc.trustedOrigins'
  const wanted = 'an origin as browsers spell it, such as https://admin.site.example: no path, no default port'
  texts(option, value).forEach((origin, index) => {
    const read = URL.canParse(origin) ? new URL(origin).origin : undefined
    if (read !== origin || read === 'null' || origin.includes('*'))
      throw new OptionError(`${option}[${index}]`, wanted, origin)
  })
  return new Set(value)
}

/** Whom `allow` takes, with addresses in lower case. */
export function allowOf(value: OidcOptions['allow']): AllowOptions {
  const given = object('oidc.allow', value, ['emails', 'emailDomains', 'groups', 'claims', 'check'])
  const { emails, emailDomains, groups, claims, check } = given
  callable('oidc.allow.check', check)
  return {
    ...(emails !== undefined && { emails: lowerCase(texts('oidc.allow.emails', emails)) }),
    ...(emailDomains !== undefined && { emailDomains: domainsOf(emailDomains) }),
    ...(groups !== undefined && { groups: texts('oidc.allow.groups', groups) }),
    ...(claims !== undefined && { claims: claimsOf(claims) }),
    ...(check !== undefined && { check }),
  }
}

/** The same, and what the provider's own rules want: where both speak of one claim, both must hold. */
export function withClaims(allow: AllowOptions, provider: OidcProvider | OAuth2Provider): AllowOptions {
  if (provider.kind !== 'oidc' || provider.claims === undefined) return allow
  const { claims: own = {} } = allow
  const both = Object.entries(provider.claims).map(([name, values]) => {
    const [wanted, given] = [[values].flat(), own[name]]
    return [name, given === undefined ? wanted : wanted.filter((value) => [given].flat().includes(value))] as const
  })
  return { ...allow, claims: { ...own, ...Object.fromEntries(both) } }
}

/** Fields for the app, by name in lower case. */
export function identityHeadersOf(
  value: OidcOptions['identityHeaders'] = {},
): Readonly<Record<string, string>> | false {
  if (value === false) return false
  const wanted = 'an object of header names and claims, or false'
  if (typeof value !== 'object' || value === null) throw new OptionError('oidc.identityHeaders', wanted, value)
  return Object.fromEntries(
    Object.entries(value).map(([name, claim]) => {
      const option = `oidc.identityHeaders.${name}`
      if (!/^[!#$%&'*+.^`|~\w-]+$/.test(name) || framing.has(name.toLowerCase())) {
        throw new OptionError(option, 'a header name that is free to be set', name)
      }
      return [name.toLowerCase(), text(option, claim)]
    }),
  )
}

/** The claims that these options cannot do without. */
export function neededBy(allow: AllowOptions, headers: Readonly<Record<string, string>> | false): readonly string[] {
  const told = Object.values(headers === false ? {} : headers)
  const byEmail = allow.emails !== undefined || allow.emailDomains !== undefined || told.includes('email')
  return [
    'sub',
    ...(byEmail ? ['email', 'email_verified'] : []),
    ...(allow.groups === undefined ? [] : ['groups']),
    ...Object.keys(allow.claims ?? {}),
    ...told,
  ]
}

/** Fields that say where a message ends, where it goes, or what else comes with it. */
const framing = new Set([
  'connection',
  'content-length',
  'cookie',
  'host',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function domainsOf(value: readonly string[]): readonly string[] {
  const domains = texts('oidc.allow.emailDomains', value)
  const wrong = domains.find((domain) => domain.includes('@'))
  if (wrong !== undefined) throw new OptionError('oidc.allow.emailDomains', 'domains without @', wrong)
  return lowerCase(domains)
}

function claimsOf(value: NonNullable<AllowOptions['claims']>): NonNullable<AllowOptions['claims']> {
  const wanted = 'an object of claims, each with a string, number, boolean, or a list of them'
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OptionError('oidc.allow.claims', wanted, value)
  }
  for (const [name, values] of Object.entries(value)) {
    const list: readonly unknown[] = Array.isArray(values) ? values : [values]
    const isRight = list.every((member) => ['string', 'number', 'boolean'].includes(typeof member))
    if (!isRight)
      throw new OptionError(`oidc.allow.claims.${name}`, 'a string, number, boolean, or a list of them', values)
  }
  return { ...value }
}

function lowerCase(list: readonly string[]): readonly string[] {
  return list.map((member) => member.toLowerCase())
}
