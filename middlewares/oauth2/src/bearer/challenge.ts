/**
 * What a client without a fitting token is told (RFC 6750, section 3; RFC 9449, 7.1; RFC 9470, section 3; RFC 9728, 5.1).
 *
 * @module
 */
import { problem } from '../answers/answers.ts'
import { metadataURL, type BearerSettings } from './resource.ts'

/** Why a token is not taken. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 503
  /** The error code of RFC 6750 or RFC 9470; `undefined` if there were no credentials, or it could not be judged. */
  readonly error: ErrorCode | undefined
  /** For people, in ASCII without quotes. */
  readonly description: string
  /** More attributes of the challenge. */
  readonly more?: Readonly<Record<string, string>>
}

/** The error codes of a challenge. */
export type ErrorCode = 'invalid_request' | 'invalid_token' | 'insufficient_scope' | 'insufficient_user_authentication'

/** How a token was sent. */
export type Scheme = 'Bearer' | 'DPoP'

/** The value of `WWW-Authenticate`: with no error code where no credentials came (RFC 6750, 3.1). */
export function challenge(bearer: BearerSettings, scheme: Scheme = 'Bearer', refusal?: Refusal): string {
  const { error, description, more } = refusal ?? {}
  const scopes = bearer.scopes.join(' ')
  const isAboutScope = error === undefined || error === 'insufficient_scope'
  const attributes = {
    ...(error !== undefined && { error, error_description: description }),
    ...(isAboutScope && scopes !== '' && { scope: scopes }),
    ...more,
    ...(scheme === 'DPoP' && { algs: signatures.join(' ') }),
    resource_metadata: metadataURL(bearer),
  }
  const list = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`)
  return `${scheme} ${list.join(', ')}`
}

/** The answer to a token that is not taken: always a problem document, never a page nor a redirect (R37). */
export function refuse(request: Request, bearer: BearerSettings, scheme: Scheme, refusal: Refusal): Response {
  const { status, description } = refusal
  const field: readonly [string, string] =
    status === 503 ? ['retry-after', '5'] : ['www-authenticate', challenge(bearer, scheme, refusal)]
  return problem(request, { status, title: titles[status], text: `${description}.`, headers: [field] })
}

/** The signatures that are taken: those of a key pair, never `none` nor a shared secret (R35). */
export const signatures: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'Ed25519',
  'EdDSA',
]

const titles = {
  400: 'The Authorization field cannot be read',
  401: 'An access token is needed',
  403: 'The access token does not permit this',
  503: 'Try again in a moment',
} as const
