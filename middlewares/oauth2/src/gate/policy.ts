/**
 * Who may pass, and what becomes of those who may not.
 *
 * @module
 */
import type { Context } from '@outerware/core'
import type { AllowOptions, ClaimValue } from '../options/access.ts'
import type { Eventually } from '../store/store.ts'
import { addressIn, type Auth, type Claims } from './auth.ts'

/**
 * Tells whether a request loads a page into a window or frame, so that it can be sent to the provider. It is none if
 * 1. it asks for another protocol, or its method is neither GET nor HEAD: a body would be lost;
 * 2. it is a prefetch: nobody may ever see the answer;
 * 3. `Sec-Fetch-Mode` is not `navigate`, or `Sec-Fetch-Dest` is no document or frame, nor `empty`: of a page that it
 *    fetches for a browser a service worker says so;
 * 4. without Fetch metadata: it comes from XMLHttpRequest, or `Accept` does not name html.
 */
export function isNavigation(request: Request, context: Context): boolean {
  const { method, headers } = request
  if (context.upgrade !== undefined || (method !== 'GET' && method !== 'HEAD') || isPrefetch(headers)) return false
  const mode = headers.get('sec-fetch-mode')
  if (mode !== null) return mode === 'navigate' && documents.has(headers.get('sec-fetch-dest') ?? 'document')
  return !headers.has('x-requested-with') && takesHtml(headers)
}

const documents = new Set(['document', 'frame', 'iframe', 'empty'])

/** Tells whether a browser asks ahead of a user who may never come. */
export function isPrefetch(headers: Headers): boolean {
  const purpose = headers.get('sec-purpose') ?? headers.get('purpose') ?? headers.get('x-moz')
  return purpose !== null && /prefetch|prerender|preview/i.test(purpose)
}

/** Tells whether the client names html among what it takes; a wildcard does not count. */
export function takesHtml(headers: Headers): boolean {
  return (headers.get('accept') ?? '').split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';')
    return html.test(type) && !parameters.some((parameter) => /^\s*q\s*=\s*0(?:\.0{0,3})?\s*$/i.test(parameter))
  })
}

const html = /^\s*(?:text\/html|application\/xhtml\+xml)\s*$/i

/** Judges a user by all of {@link AllowOptions}: `allowed` is what {@link isAllowed} has said. A function says `true`, or no. */
export function mayPass(
  { check }: AllowOptions,
  { allowed, auth }: { readonly allowed: boolean; readonly auth: Auth },
  request: Request,
): Eventually<boolean> {
  if (!allowed || check === undefined) return allowed
  const verdict: unknown = check(auth, request)
  if (typeof verdict !== 'object') return verdict === true
  return Promise.resolve(verdict).then((later: unknown) => later === true)
}

/** Judges a user by what was said about them; see {@link AllowOptions}, 1 to 3. */
export function isAllowed(claims: Claims, allow: AllowOptions): boolean {
  return hasAddress(claims, allow) && hasGroup(claims, allow) && hasClaims(claims, allow)
}

function hasAddress(claims: Claims, { emails, emailDomains }: AllowOptions): boolean {
  if (emails === undefined && emailDomains === undefined) return true
  const address = addressIn(claims)?.toLowerCase()
  if (address === undefined) return false
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const isOf = (name: string): boolean => (name.startsWith('.') ? domain.endsWith(name) : domain === name)
  return emails?.includes(address) === true || (address.includes('@') && emailDomains?.some(isOf) === true)
}

function hasGroup(claims: Claims, { groups }: AllowOptions): boolean {
  return groups === undefined || groups.some((group) => holds(claims['groups'], group))
}

function hasClaims(claims: Claims, { claims: wanted = {} }: AllowOptions): boolean {
  return Object.entries(wanted).every(([name, values]) => {
    const list: readonly ClaimValue[] = typeof values === 'object' ? values : [values]
    return list.some((value) => holds(claims[name], value))
  })
}

function holds(claim: unknown, value: ClaimValue): boolean {
  return Array.isArray(claim) ? claim.includes(value) : claim === value
}
