/**
 * Options that say who may pass, and what the app is told: checked, in the form that requests are judged by.
 *
 * @module
 */
import { OptionError, pathTest } from '@outerware/core'
import type { StepRule } from '../login/step-up.ts'
import type { AllowOptions, PublicPath, StepUpRule } from '../options/access.ts'
import type { OidcOptions } from '../options/options.ts'
import type { OAuth2Provider, OidcProvider } from '../presets/preset.ts'
import { atLeast, callable, decodedPath, object, text, texts } from './checks.ts'

/** Tells whether a request may be answered without signing in. */
export type IsPublic = (request: Request) => boolean

/** The rules of what is public, as one test; a path with no one reading is never public (R55). */
export function publicPathsOf(value: unknown = []): IsPublic {
  if (!Array.isArray(value)) throw new OptionError('oidc.publicPaths', 'a list of paths', value)
  const tests = value.map((member: PublicPath, index) => publicPathOf(`oidc.publicPaths[${index}]`, member))
  return (request) => tests.some((test) => test(request))
}

/** The rules of what asks for more than a login. */
export function stepUpOf(value: OidcOptions['stepUp'] = []): readonly StepRule[] {
  if (!Array.isArray(value)) throw new OptionError('oidc.stepUp', 'a list of { path, acr, maxAge }', value)
  return value.map((member: StepUpRule, index) => stepRuleOf(`oidc.stepUp[${index}]`, member))
}

function stepRuleOf(option: string, value: StepUpRule): StepRule {
  const { path, method, acr, maxAge } = object(option, value, ['path', 'method', 'acr', 'maxAge'])
  if (acr === undefined && maxAge === undefined) throw new OptionError(option, 'a rule with acr, maxAge or both', value)
  return {
    where: publicPathOf(
      option,
      method === undefined ? patternOf(`${option}.path`, path) : { method, path: path ?? '' },
    ),
    acr: acr === undefined ? undefined : texts(`${option}.acr`, typeof acr === 'string' ? [acr] : acr),
    maxAge: maxAge === undefined ? undefined : atLeast(`${option}.maxAge`, maxAge, 0, 'seconds'),
  }
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
  const byEmail = allow.emails !== undefined || allow.emailDomains !== undefined
  return [
    'sub',
    ...(byEmail ? ['email', 'email_verified'] : []),
    ...(allow.groups === undefined ? [] : ['groups']),
    ...Object.keys(allow.claims ?? {}),
    ...Object.values(headers === false ? {} : headers),
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

function publicPathOf(option: string, value: PublicPath): IsPublic {
  if (typeof value === 'function') return pathTest([value], option)
  if (typeof value === 'string') return pathTest([patternOf(option, value)], option)
  if (typeof value !== 'object' || value === null) {
    throw new OptionError(option, "a path, '/below/*', { method, path } or a function", value)
  }
  const { method, path: pattern } = object(option, value, ['method', 'path'])
  const methods = typeof method === 'string' ? [method] : texts(`${option}.method`, method)
  const wrong = methods.find((name) => !/^[A-Z-]+$/.test(name))
  if (wrong !== undefined) throw new OptionError(`${option}.method`, 'a method in upper case, such as GET', wrong)
  // Whoever may GET a page may ask for its HEAD.
  const all = new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)
  const isMeant = pathTest([patternOf(`${option}.path`, pattern)], option)
  return (request) => all.has(request.method) && isMeant(request)
}

function patternOf(option: string, value: unknown): string {
  const pattern = decodedPath(option, value)
  const star = pattern.indexOf('*')
  if (star !== -1 && (star !== pattern.length - 1 || !pattern.endsWith('/*'))) {
    throw new OptionError(option, 'a path whose only * stands alone at the end, such as /public/*', value)
  }
  return pattern
}

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
