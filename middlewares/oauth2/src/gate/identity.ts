/**
 * What the app inside is told, and what it is spared: identity fields that a client has made up, and our own cookies.
 *
 *     request ─▶ − spoofed fields − gate cookies + identity fields ─▶ app
 *
 * @module
 */
import { editRequestHeaders, type Context, type Fields } from '@outerware/core'
import { addressIn, type Claims } from './auth.ts'
import { withoutOwn, type CookieKind } from './cookies.ts'

/** Makes the request that goes inward (R52, R53). The same request, if there is nothing to change. */
export type Inward = (request: Request, context: Context, cookies: string | null, fields: Fields) => Request

/**
 * Makes the step inward.
 *
 * @param identity the fields that say who somebody is, beside the usual ones; `false` removes none
 */
export function inward(kind: CookieKind, identity: Readonly<Record<string, string>> | false): Inward {
  const spoofed = identity === false ? () => undefined : spoofedNames([...usual, ...Object.keys(identity)])
  return (request, context, cookies, fields) => {
    const forged = spoofed(request, context)
    const rest = cookies === null ? null : withoutOwn(cookies, kind)
    if (forged === undefined && rest === cookies && fields.length === 0) return request
    return editRequestHeaders(request, (headers) => {
      forged?.forEach((name) => headers.delete(name))
      if (rest === '') headers.delete('cookie')
      else if (rest !== null && rest !== cookies) headers.set('cookie', rest)
      for (const [name, value] of fields) headers.set(name, value)
    })
  }
}

/** The identity fields of a user: one for each claim that is there, and that can be believed. */
export function identityFields(claims: Claims, headers: Readonly<Record<string, string>> | false): Fields {
  return Object.entries(headers === false ? {} : headers).flatMap(([name, claim]) => {
    const value = fieldValue(claim === 'email' ? addressIn(claims) : claims[claim])
    return value === undefined ? [] : [[name, value] as const]
  })
}

/** Fields that apps behind login proxies are used to believe. */
const usual = [
  'remote-user',
  'remote-email',
  'remote-groups',
  'remote-name',
  'x-remote-user',
  'x-auth-request-user',
  'x-auth-request-email',
  'x-auth-request-groups',
  'x-auth-request-preferred-username',
  'x-auth-request-access-token',
  'x-forwarded-user',
  'x-forwarded-email',
  'x-forwarded-groups',
  'x-forwarded-preferred-username',
  'x-forwarded-access-token',
]

/**
 * Finds fields of the client that must not reach the app. `X_Forwarded_User` is one of them: CGI, WSGI and their
 * kin read both spellings as one (CVE-2025-64484), some of them `X.Forwarded.User` too.
 */
function spoofedNames(names: readonly string[]): (request: Request, context: Context) => string[] | undefined {
  const known = new Set(names.map(plain))
  // Most fields are known to be harmless by their first letter alone: five bits of it, the same in any case.
  const letters = [...known].reduce((mask, name) => mask | (1 << (name.charCodeAt(0) & 31)), 0)
  const isForged = (name: string): boolean =>
    ((letters >>> (name.charCodeAt(0) & 31)) & 1) === 1 && known.has(plain(name))
  return (request, context) => {
    // What the client has sent is all in rawHeaders, whatever wrappers further out have made of the request.
    const raw = context.node?.req.rawHeaders
    if (raw === undefined) return some([...request.headers.keys()].filter(isForged))
    let forged: string[] | undefined
    for (let i = 0; i < raw.length; i += 2) if (isForged(raw[i]!)) (forged ??= []).push(raw[i]!)
    return forged
  }
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '-')
}

function some(names: string[]): string[] | undefined {
  return names.length === 0 ? undefined : names
}

function fieldValue(claim: unknown): string | undefined {
  if (Array.isArray(claim)) {
    const members = claim.flatMap((member: unknown) => encoded(member, /,/g) ?? [])
    return members.length === 0 ? undefined : members.join(',')
  }
  return encoded(claim)
}

/**
 * A claim as it may stand in a field (R54): everything outside printable ASCII, `%`, and white space at the ends
 * percent-encoded as UTF-8. So no value can end a line, and none is changed on its way.
 */
function encoded(claim: unknown, more?: RegExp): string | undefined {
  if (typeof claim !== 'string' && typeof claim !== 'number' && typeof claim !== 'boolean') return undefined
  const text = String(claim)
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[^\x20-\x24\x26-\x7e]/gu, encodeURIComponent)
  const tight = text.replace(/^ +| +$/g, (spaces) => '%20'.repeat(spaces.length))
  return more === undefined ? tight : tight.replace(more, encodeURIComponent)
}
